// The bilinear forms of the gauged Fokker-Planck operator on one cell.
//
//   A_ij = int exp(-Psi) (D grad phi_j + w phi_j) . grad phi_i,   M_ij = int exp(-Psi) phi_j phi_i.
//
// Both are computed relative to a reference potential of the cell, so that they neither overflow
// nor underflow. Two limits keep weights of extreme range from spoiling the linear algebra:
// * the domain ends where Psi reaches a given level, far enough above the exit that no probability
//   flows there: cells on which Psi is higher throughout contribute nothing (a reflecting wall), on
//   the others Psi is limited to that level;
// * within a cell the weight of A never falls below exp(-15) of its largest value. On cells where
//   Psi varies by more, high-degree polynomials would be undetermined on the far side. The limit is
//   felt only where the mesh is too coarse to carry flux, and vanishes under refinement.
//
// Gauss quadrature with k + 2 points per direction, and up to k + 8 on cells where Psi varies much:
// there the weight lives on a small part of the cell. On the cell at the centre of a ball, where
// the weight r^(n-1) need not be smooth, they repeat in panels that shrink towards the centre.
// Sums over the points go direction by direction (tensor_product.h).
#pragma once

#include "solver/operator/tensor_product.h"
#include "solver/potential/gauge.h"

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/fe/fe_dgq.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/lac/full_matrix.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

namespace fokker_planck {

template <int dim>
class WeightedForm {
public:
  using Cell = typename dealii::DoFHandler<dim>::active_cell_iterator;

  /// Within a cell the weight of A stays above exp(-largest_depth) of its largest value.
  static constexpr double largest_depth = 15;

  /// Matrices of a cell, both multiplied by exp(reference); n_dofs_per_cell squared.
  struct CellMatrices {
    dealii::FullMatrix<double> stiffness, mass;
    double reference; ///< smallest_potential() of the cell
    double variation; ///< largest minus smallest Psi over vertices and midpoints
  };

  /// What compute() puts into the stiffness matrix.
  enum class Stiffness {
    limited,   ///< A, with the limit on the weight within the cell
    unlimited, ///< A without that limit
    diffusive  ///< limited, but without the term of w
  };

  /// cap: the level of Psi at which the domain ends. degree: k of the elements. The mapping must
  /// outlive this.
  WeightedForm(const Problem<dim>& problem, const Gauge<dim>& gauge,
               const dealii::Mapping<dim>& mapping, unsigned int degree, double cap);

  /// Whether Psi, which is smallest_potential() on a cell, is too high for the cell to contribute.
  bool is_cut_off(double smallest) const { return smallest >= cap; }

  /// The quadrature points x of a cell and what is known there. With G the Jacobian matrix of the
  /// map from the unit cell, gradients there are G^T grad.
  struct Samples {
    const TensorProduct<dim>* basis;
    const dealii::FEValues<dim>* geometry; ///< G^-1 and its determinant
    std::vector<double> measure;           ///< weight of the point times det G
    std::vector<double> depths;            ///< Psi, at most the cut-off, minus reference
    std::vector<dealii::SymmetricTensor<2, dim>> diffusion; ///< measure G^-1 D G^-T
    std::vector<dealii::Tensor<1, dim>> drift; ///< measure G^-1 w, 0 beyond the cut-off; or empty
    bool diagonal;                             ///< whether diffusion is at all points
    double reference, variation;               ///< as in CellMatrices

    /// Weights exp(-(Psi - reference)) of a point, of A and of M.
    double limited_weight(std::size_t q) const {
      return std::exp(-std::min(depths[q], largest_depth));
    }
    double weight(std::size_t q) const { return std::exp(-depths[q]); }
  };

  /// Evaluates Psi, D and w in a cell that is not cut off; valid until the next evaluation. finer:
  /// with more points than are used for the matrices. Throws as compute().
  const Samples& sample(const Cell& cell, bool finer = false);

  /// Fills the matrices of a cell, zero if it is cut off. Throws InputError where the loss is not
  /// finite or D is not positive definite.
  void compute(const Cell& cell, CellMatrices& matrices, Stiffness kind = Stiffness::limited);

  /// The smallest Psi (after the cut-off) over the vertices and midpoints of a cell.
  double smallest_potential(const Cell& cell);

private:
  /// A quadrature rule.
  struct Rule {
    Rule(const dealii::Mapping<dim>& mapping, const dealii::FE_DGQ<dim>& no_element,
         unsigned int degree, const dealii::Quadrature<1>& quadrature);

    dealii::FEValues<dim> geometry;
    TensorProduct<dim> basis;
  };

  /// The smallest and the largest Psi over vertices and midpoints.
  std::pair<double, double> probe(const Cell& cell);
  void evaluate_potentials(const std::vector<dealii::Point<dim>>& points);
  Rule& rule_for(const Cell& cell, double variation, bool finer);
  void sample(const Cell& cell, double smallest, double largest, bool finer);

  const Gauge<dim>& gauge;
  const Diffusion<dim>& diffusion;
  const double cap;
  const dealii::FE_DGQ<dim> no_element; ///< for the geometry of cells, only
  dealii::FEValues<dim> probes;
  std::vector<std::unique_ptr<Rule>> rules;                   ///< by increasing number of points
  std::unique_ptr<Rule> rule_at_center, finer_rule_at_center; ///< in a ball
  std::vector<double> potentials, coefficients, pairs;
  std::vector<dealii::SymmetricTensor<2, dim>> tensors;
  std::vector<dealii::Tensor<1, dim>> mismatches;
  Samples samples;
};

} // namespace fokker_planck
