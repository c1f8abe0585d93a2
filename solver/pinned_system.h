// The linear algebra of the gauged operator with fixed nodes.
//
// Unknowns are nodal values u_j of p = exp(-Psi) u. Matrices are stored in the scaling
//   A^_ij = exp(psi_i/2) A_ij exp(psi_j/2),   u^_j = exp(-(psi_j - reference)/2) u_j,
// psi_j the smallest Psi on the cells around node j, so that all entries of A^ are of order one at
// any barrier. Nodes that have only cells that are cut off get the row of the identity. Hanging
// nodes pass their rows and columns on to the nodes that determine them; their own are zero, and
// what vectors hold there is of no account. Absorbing nodes, pins and hanging nodes are removed
// (block K of A^). K is symmetric positive
// definite under detailed balance and is factorised by Cholesky without pivoting, whose rounding
// errors do not depend on such a scaling; otherwise by LU. Both by MUMPS through PETSc.
#pragma once

#include "solver/discretization.h"
#include "solver/weighted_form.h"

#include <deal.II/lac/petsc_sparse_matrix.h>
#include <deal.II/lac/petsc_vector.h>

#include <petscksp.h>

#include <string>

namespace fokker_planck {

template <int dim>
class PinnedSystem {
public:
  using Vector = dealii::PETScWrappers::MPI::Vector;

  /// Assembles A^ and M^. symmetric: whether w = 0.
  PinnedSystem(const Discretization<dim>& discretization, WeightedForm<dim>& form, bool symmetric);
  ~PinnedSystem();
  PinnedSystem(const PinnedSystem&) = delete;
  PinnedSystem& operator=(const PinnedSystem&) = delete;

  /// Factorises K. Throws NotConverged if that fails.
  void factorize();

  /// x = K^-1 b on free nodes, 0 on fixed ones (K^-T if transposed), all in the scaling above; one
  /// step of iterative refinement. Throws NotConverged if the solve fails.
  void solve(const Vector& b, Vector& x, bool transposed = false) const;

  const dealii::PETScWrappers::MPI::SparseMatrix& get_stiffness() const { return stiffness; }
  const dealii::PETScWrappers::MPI::SparseMatrix& get_mass() const { return mass; }

  /// A vector of the owned nodes, zero.
  Vector make_vector() const;

  /// u^ from u.
  Vector scaled(const Vector& nodal) const;

  /// Turns u^ into u.
  void unscale(Vector& scaled) const;

  /// The logarithm of v^T M u for scaled vectors with nonnegative nodal values.
  double log_product(const Vector& v, const Vector& u) const;

  /// Largest |(A u - rate M u)_i| / (A_ii max |u^|) over free nodes, for a scaled vector u.
  double residual(const Vector& u, double rate) const;

  /// "Cholesky (MUMPS)" or "LU (MUMPS)".
  std::string method_name() const;

private:
  /// psi of a locally relevant node.
  double potential(dealii::types::global_dof_index node) const {
    return node_potentials[discretization.locally_relevant().index_within_set(node)];
  }

  void find_node_potentials();
  void exchange_minima();
  dealii::AffineConstraints<double> scaled_constraints() const;
  void assemble();

  const Discretization<dim>& discretization;
  WeightedForm<dim>& form;
  const bool symmetric;
  std::vector<double> node_potentials; ///< psi of locally relevant nodes
  double reference;
  dealii::PETScWrappers::MPI::SparseMatrix stiffness, mass;
  Mat block = nullptr;
  Vec inverse_root_diagonal = nullptr, right = nullptr, left = nullptr, correction = nullptr;
  KSP solver = nullptr;
};

} // namespace fokker_planck
