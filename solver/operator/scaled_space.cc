#include "solver/operator/scaled_space.h"

#include "problems/base/collective.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/mpi.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/sparsity_tools.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

template <int dim>
ScaledSpace<dim>::ScaledSpace(const Discretization<dim>& discretization, WeightedForm<dim>& form_)
  : dof_handler(&discretization.get_dof_handler()), form(form_),
    owned(discretization.locally_owned()), relevant(discretization.locally_relevant()),
    cell_potentials(std::make_shared<std::vector<double>>(
      dof_handler->get_triangulation().n_active_cells(), std::numeric_limits<double>::max())) {
  find_cell_potentials();
  constraints.copy_from(discretization.get_constraints());
  find_node_potentials();
  scale_constraints(discretization.get_constraints());
}

template <int dim>
ScaledSpace<dim>::ScaledSpace(const ScaledSpace& finest, const unsigned int degree)
  : own_handler(std::make_unique<dealii::DoFHandler<dim>>(finest.dof_handler->get_triangulation())),
    dof_handler(own_handler.get()), form(finest.form), cell_potentials(finest.cell_potentials),
    reference(finest.reference) {
  own_handler->distribute_dofs(dealii::FE_Q<dim>(degree));
  owned = own_handler->locally_owned_dofs();
  relevant = dealii::DoFTools::extract_locally_relevant_dofs(*own_handler);
  dealii::AffineConstraints<double> nodal;
  reset_constraints(nodal, owned, relevant);
  dealii::DoFTools::make_hanging_node_constraints(*own_handler, nodal);
  nodal.close();
  constraints.copy_from(nodal);
  find_node_potentials();
  scale_constraints(nodal);
}

template <int dim>
void ScaledSpace<dim>::find_cell_potentials() {
  const MPI_Comm communicator = get_communicator();
  double lowest = std::numeric_limits<double>::max(), highest = -lowest;
  collectively(communicator, [&] {
    for (const auto& cell : dof_handler->active_cell_iterators()) {
      if (cell->is_artificial()) continue;
      const double potential = form.smallest_potential(cell);
      (*cell_potentials)[cell->active_cell_index()] = potential;
      lowest = std::min(lowest, potential);
      highest = std::max(highest, potential);
    }
  });
  lowest = dealii::Utilities::MPI::min(lowest, communicator);
  highest = dealii::Utilities::MPI::max(highest, communicator);
  // Scaled vectors span exp(+-(highest - lowest)/4), products of two of them the square of that.
  if (highest - lowest > 1350)
    throw NotConverged(
      "L/D varies by " + format_number(std::round(highest - lowest)) +
      " between the lowest valley and the exit; more than 1350 exceeds the range of "
      "floating-point numbers (a loss without lower bound, or too little noise)");
  reference = 0.5 * (lowest + highest);
}

template <int dim>
void ScaledSpace<dim>::find_node_potentials() {
  psi.assign(relevant.n_elements(), std::numeric_limits<double>::max());
  std::vector<Node> nodes(n_nodes_per_cell());
  const auto lower = [&](const Node node, const double potential) {
    if (!relevant.is_element(node)) return;
    double& smallest = psi[relevant.index_within_set(node)];
    smallest = std::min(smallest, potential);
  };
  for (const auto& cell : dof_handler->active_cell_iterators()) {
    if (cell->is_artificial()) continue;
    const double potential = (*cell_potentials)[cell->active_cell_index()];
    cell->get_dof_indices(nodes);
    for (const Node node : nodes) {
      lower(node, potential);
      if (const auto* masters = constraints.get_constraint_entries(node))
        for (const auto& master : *masters)
          lower(master.first, potential);
    }
  }
  // Cells that reach a node only through hanging nodes of another rank's ghost cells are not seen
  // here: the owner of the node knows the smallest potential.
  update_ghosts(psi);
}

template <int dim>
void ScaledSpace<dim>::scale_constraints(const dealii::AffineConstraints<double>& nodal) {
  reset_constraints(constraints, owned, relevant);
  for (const Node node : relevant) {
    const auto* const entries = nodal.get_constraint_entries(node);
    if (entries == nullptr) continue;
    constraints.add_line(node);
    for (const auto& [master, weight] : *entries)
      if (relevant.is_element(master))
        constraints.add_entry(node, master,
                              weight * std::exp(0.5 * (potential(master) - potential(node))));
  }
  constraints.close();
}

template <int dim>
template <typename Number>
void ScaledSpace<dim>::update_ghosts(std::vector<Number>& values) const {
  dealii::LinearAlgebra::distributed::Vector<double> vector(owned, relevant, get_communicator());
  for (const Node node : owned)
    vector(node) = static_cast<double>(values[relevant.index_within_set(node)]);
  vector.update_ghost_values();
  for (const Node node : relevant)
    values[relevant.index_within_set(node)] = static_cast<Number>(vector(node));
}

template <int dim>
void ScaledSpace<dim>::reinit(const std::vector<Matrix*>& matrices) const {
  dealii::DynamicSparsityPattern pattern(relevant);
  dealii::DoFTools::make_sparsity_pattern(*dof_handler, pattern, constraints, false);
  dealii::SparsityTools::distribute_sparsity_pattern(pattern, owned, get_communicator(), relevant);
  for (Matrix* const matrix : matrices)
    matrix->reinit(owned, owned, pattern, get_communicator());
}

template <int dim>
void ScaledSpace<dim>::add(const Cell& cell, const double cell_reference,
                           dealii::FullMatrix<double>& local, Matrix& matrix) const {
  const unsigned int n = n_nodes_per_cell();
  std::vector<Node> nodes(n);
  std::vector<double> factors(n);
  cell->get_dof_indices(nodes);
  for (unsigned int i = 0; i < n; ++i)
    factors[i] = std::exp(0.5 * (potential(nodes[i]) - cell_reference));
  for (unsigned int i = 0; i < n; ++i)
    for (unsigned int j = 0; j < n; ++j)
      local(i, j) *= factors[i] * factors[j];
  constraints.distribute_local_to_global(local, nodes, matrix);
}

template <int dim>
void ScaledSpace<dim>::finish(Matrix& matrix, const double diagonal_where_cut_off) const {
  for (const Node node : owned)
    if (diagonal_where_cut_off != 0 && is_cut_off(node))
      matrix.add(node, node, diagonal_where_cut_off);
  matrix.compress(dealii::VectorOperation::add);
  for (const Node node : owned)
    if (constraints.is_constrained(node)) matrix.set(node, node, 0.);
  matrix.compress(dealii::VectorOperation::insert);
}

#define INSTANTIATE(dim)                                                                           \
  template class ScaledSpace<dim>;                                                                 \
  template void ScaledSpace<dim>::update_ghosts(std::vector<double>&) const;                       \
  template void ScaledSpace<dim>::update_ghosts(std::vector<PetscInt>&) const;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
