// A finite-element space whose unknowns are scaled by the potential.
//
// Unknowns are nodal values u_j of p = exp(-Psi) u, stored as
//   u^_j = exp(-(psi_j - reference)/2) u_j,   A^_ij = exp(psi_i/2) A_ij exp(psi_j/2),
// psi_j the smallest Psi on the cells around node j, so that all entries of A^ are of order one at
// any barrier. Hanging nodes pass their rows and columns on to the nodes that determine them; their
// own are zero, and what vectors hold there is of no account. Nodes that have only cells that are
// cut off get the row of the identity.
//
// The space is that of a discretization, or that of polynomials of another degree on the same
// cells; those of a lower degree are a subspace.
#pragma once

#include "solver/operator/discretization.h"
#include "solver/operator/weighted_form.h"

#include <deal.II/lac/petsc_sparse_matrix.h>
#include <deal.II/lac/petsc_vector.h>

#include <memory>
#include <vector>

namespace fokker_planck {

template <int dim>
class ScaledSpace {
public:
  using Node = dealii::types::global_dof_index;
  using Cell = typename WeightedForm<dim>::Cell;
  using Matrix = dealii::PETScWrappers::MPI::SparseMatrix;

  /// The space of a discretization. Throws NotConverged if Psi varies by more than floating-point
  /// numbers can bear, InputError where the loss is not finite.
  ScaledSpace(const Discretization<dim>& discretization, WeightedForm<dim>& form);

  /// Polynomials of the given degree on the same mesh.
  ScaledSpace(const ScaledSpace& finest, unsigned int degree);

  unsigned int degree() const { return dof_handler->get_fe().degree; }
  unsigned int n_nodes_per_cell() const { return dof_handler->get_fe().n_dofs_per_cell(); }
  const dealii::DoFHandler<dim>& get_dof_handler() const { return *dof_handler; }
  const dealii::IndexSet& locally_owned() const { return owned; }
  const dealii::IndexSet& locally_relevant() const { return relevant; }
  MPI_Comm get_communicator() const { return communicator_of(*dof_handler); }

  /// The values of hanging nodes, of u^.
  const dealii::AffineConstraints<double>& get_constraints() const { return constraints; }

  /// psi of a locally relevant node.
  double potential(const Node node) const { return psi[relevant.index_within_set(node)]; }
  double get_reference() const { return reference; }
  bool is_cut_off(const Node node) const { return form.is_cut_off(potential(node)); }

  /// Replaces the values at nodes of other ranks, of values at the locally relevant nodes, by those
  /// of the ranks that own them. Collective.
  template <typename Number>
  void update_ghosts(std::vector<Number>& values) const;

  /// Makes matrices with the pattern of the space.
  void reinit(const std::vector<Matrix*>& matrices) const;

  /// Scales and adds the matrix of a cell, which is multiplied by exp(reference of the cell).
  void add(const Cell& cell, double cell_reference, dealii::FullMatrix<double>& local,
           Matrix& matrix) const;

  /// Ends adding; nodes that are cut off get this diagonal entry.
  void finish(Matrix& matrix, double diagonal_where_cut_off) const;

  /// The cell of this space at the place of a cell of another one on the same mesh.
  Cell cell_at(const Cell& other) const {
    return Cell(&dof_handler->get_triangulation(), other->level(), other->index(), dof_handler);
  }

private:
  void find_cell_potentials();
  void find_node_potentials();
  void scale_constraints(const dealii::AffineConstraints<double>& nodal);

  std::unique_ptr<dealii::DoFHandler<dim>> own_handler; ///< none for that of a discretization
  const dealii::DoFHandler<dim>* dof_handler;
  WeightedForm<dim>& form;
  dealii::IndexSet owned, relevant;
  dealii::AffineConstraints<double> constraints;
  std::shared_ptr<std::vector<double>> cell_potentials; ///< by active cell index
  std::vector<double> psi;                              ///< of locally relevant nodes
  double reference;
};

} // namespace fokker_planck
