// The scaled operators applied cell by cell, without matrices.
//
// What is stored are the coefficients of the bilinear forms at the quadrature points, a few numbers
// each; values and gradients there are computed from nodal values by sum factorisation
// (tensor_product.h), for as many cells at a time as a pack holds. Memory and time are proportional
// to the number of unknowns, at any degree.
// Source: M. Kronbichler, K. Kormann, Comput. Fluids 63 (2012) 135.
#pragma once

#include "solver/operator/free_nodes.h"
#include "solver/operator/scaled_operator.h"
#include "solver/operator/scaled_space.h"
#include "solver/operator/tensor_product.h"

#include <deal.II/lac/la_parallel_vector.h>

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace fokker_planck {

template <int dim>
class MatrixFreeOperator : public ScaledOperator {
public:
  using Cell = typename WeightedForm<dim>::Cell;

  MatrixFreeOperator(const ScaledSpace<dim>& space, WeightedForm<dim>& form);

  void apply_stiffness(const Vector& u, Vector& result, Equation equation) const override;
  void apply_mass(const Vector& u, Vector& result) const override;
  void get_diagonal(Vector& result) const override { get_diagonal(0, result); }

  /// The block K of free nodes of A^ + shift M^ between diagonal matrices: y = diag(scale) K
  /// diag(scale) x, K^T for the backward equation. x, y, scale: one entry for each free node that
  /// this rank owns, in their order.
  void apply_to_free(const FreeNodes<dim>& free, double shift, const double* x, const double* scale,
                     double* y, Equation equation) const;

  /// Of A^ + shift M^.
  void get_diagonal(double shift, Vector& result) const;

  /// The matrix of the form of A + shift M on a space of another degree, with the same quadrature:
  /// on a subspace that is the Galerkin product.
  void assemble(const ScaledSpace<dim>& other, double shift,
                typename ScaledSpace<dim>::Matrix& matrix) const;

  /// Calls action(cell, reference, matrix) for all owned cells that are not cut off, with the
  /// matrix of the form of A + shift M on the polynomials of the given degree, multiplied by
  /// exp(reference).
  using CellAction = std::function<void(const Cell&, double, dealii::FullMatrix<double>&)>;
  void for_each_cell_matrix(unsigned int degree, double shift, const CellAction& action) const;

  /// A vector of the owned nodes and of those of other ranks that the owned cells need.
  using LocalVector = dealii::LinearAlgebra::distributed::Vector<double>;
  LocalVector make_local_vector() const { return LocalVector(source.get_partitioner()); }

private:
  /// Cells with the same quadrature rule, one in each place of a pack.
  struct Batch {
    const TensorProduct<dim>* basis;
    bool diagonal; ///< whether D is, in the coordinates of the unit cell
    std::vector<Cell> cells;
    std::vector<double> references;
    PackArray diffusion;              ///< by component (those of the diagonal first) and point
    PackArray drift;                  ///< by component and point; empty if w = 0
    PackArray mass;                   ///< by point
    std::vector<std::uint32_t> nodes; ///< by place, cell after cell: see read()
    std::vector<double> factors;      ///< u = factor u^, likewise
  };

  void find_ghosts();
  void number_constraints();
  std::uint32_t row_of(dealii::types::global_dof_index node) const;
  void add_cell(const Cell& cell, WeightedForm<dim>& form, std::vector<std::size_t>& open);
  Batch& batch_for(const typename WeightedForm<dim>::Samples& samples,
                   std::vector<std::size_t>& open);
  static void store(const typename WeightedForm<dim>::Samples& samples, unsigned int lane,
                    Batch& batch);
  void read(const Batch& batch) const;
  void write(const Batch& batch) const;
  void apply(Equation equation, double shift) const;
  void apply_to_batch(const Batch& batch, Equation equation, double shift) const;
  void add_diagonal_of_cells(const Batch& batch, double shift) const;
  void cell_matrix(const Batch& batch, const TensorProduct<dim>& basis, std::size_t lane,
                   double shift, dealii::FullMatrix<double>& matrix) const;
  void start() const;
  void finish(bool identity_where_cut_off) const;

  const ScaledSpace<dim>& space;
  std::vector<Batch> batches;
  std::vector<unsigned int> cut_off; ///< positions of owned nodes that are cut off

  /// Hanging nodes, ascending, and what determines them: entries of row i from row_begins[i] on.
  std::vector<dealii::types::global_dof_index> hanging;
  std::vector<std::uint32_t> row_begins{ 0 }, row_nodes;
  std::vector<double> row_weights;
  std::uint32_t n_local; ///< nodes of the vectors below; numbers from there on are hanging nodes

  mutable LocalVector source, target;
  mutable PackArray nodal, values, gradients, masses;
};

} // namespace fokker_planck
