#include "solver/operator/scaled_space.h"

#include "problems/base/collective.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "solver/operator/petsc.h"

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

namespace {

/// Replaces the values at nodes of other ranks by those of the ranks that own them.
template <typename Number>
void update_ghosts(std::vector<Number>& values, const dealii::IndexSet& owned,
                   const dealii::IndexSet& relevant, const MPI_Comm communicator) {
  dealii::LinearAlgebra::distributed::Vector<double> vector(owned, relevant, communicator);
  for (const auto node : owned)
    vector(node) = static_cast<double>(values[relevant.index_within_set(node)]);
  vector.update_ghost_values();
  for (const auto node : relevant)
    values[relevant.index_within_set(node)] = static_cast<Number>(vector(node));
}

} // namespace

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
  number_free_nodes(discretization);
}

template <int dim>
ScaledSpace<dim>::ScaledSpace(const Discretization<dim>& discretization, const ScaledSpace& finest,
                              const unsigned int degree)
  : own_handler(std::make_unique<dealii::DoFHandler<dim>>(finest.dof_handler->get_triangulation())),
    dof_handler(own_handler.get()), form(finest.form), cell_potentials(finest.cell_potentials),
    reference(finest.reference) {
  own_handler->distribute_dofs(dealii::FE_Q<dim>(degree));
  owned = own_handler->locally_owned_dofs();
  dealii::DoFTools::extract_locally_relevant_dofs(*own_handler, relevant);
  dealii::AffineConstraints<double> nodal(relevant);
  dealii::DoFTools::make_hanging_node_constraints(*own_handler, nodal);
  nodal.close();
  constraints.copy_from(nodal);
  find_node_potentials();
  scale_constraints(nodal);
  number_free_nodes(discretization);
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
  update_ghosts(psi, owned, relevant, get_communicator());
}

template <int dim>
void ScaledSpace<dim>::scale_constraints(const dealii::AffineConstraints<double>& nodal) {
  constraints.reinit(relevant);
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

/// Which locally relevant nodes are absorbing or pins: the vertices that the discretization pins,
/// and the nodes on absorbing faces.
template <int dim>
std::vector<bool> ScaledSpace<dim>::find_fixed_nodes(
  const Discretization<dim>& discretization) const {
  std::vector<bool> fixed(relevant.n_elements(), false);
  if (!own_handler) {
    for (const Node node : relevant)
      fixed[relevant.index_within_set(node)] = discretization.is_fixed(node);
    return fixed;
  }
  const auto& domain = discretization.get_mesh().get_domain();
  const auto& pins = discretization.get_pins();
  std::vector<Node> nodes(dof_handler->get_fe().n_dofs_per_face());
  for (const auto& fine : discretization.get_dof_handler().active_cell_iterators()) {
    if (fine->is_artificial()) continue;
    const Cell cell = cell_at(fine);
    for (const unsigned int vertex : fine->vertex_indices())
      if (std::count(pins.begin(), pins.end(), fine->vertex_dof_index(vertex, 0)) > 0)
        fixed[relevant.index_within_set(cell->vertex_dof_index(vertex, 0))] = true;
    for (const auto& face : cell->face_iterators())
      if (face->at_boundary() && domain.absorbs(face->boundary_id())) {
        face->get_dof_indices(nodes);
        for (const Node node : nodes)
          fixed[relevant.index_within_set(node)] = true;
      }
  }
  return fixed;
}

template <int dim>
void ScaledSpace<dim>::number_free_nodes(const Discretization<dim>& discretization) {
  const std::vector<bool> fixed = find_fixed_nodes(discretization);
  numbers.assign(relevant.n_elements(), -1);
  unsigned int position = 0;
  for (const Node node : owned) {
    const auto i = relevant.index_within_set(node);
    if (!fixed[i] && !constraints.is_constrained(node)) {
      numbers[i] = static_cast<PetscInt>(free.size());
      free.push_back(position);
    }
    ++position;
  }
  const auto n_free = static_cast<PetscInt>(free.size());
  MPI_Exscan(&n_free, &first_free, 1, MPIU_INT, MPI_SUM, get_communicator());
  for (PetscInt& number : numbers)
    if (number >= 0) number += first_free;
  update_ghosts(numbers, owned, relevant, get_communicator());
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

template <int dim>
Mat ScaledSpace<dim>::free_block(Matrix& matrix) const {
  std::vector<PetscInt> indices;
  for (const unsigned int position : free)
    indices.push_back(static_cast<PetscInt>(owned.nth_index_in_set(position)));
  IS rows;
  Mat block;
  check_petsc(ISCreateGeneral(get_communicator(), static_cast<PetscInt>(indices.size()),
                              indices.data(), PETSC_COPY_VALUES, &rows));
  check_petsc(MatCreateSubMatrix(matrix.petsc_matrix(), rows, rows, MAT_INITIAL_MATRIX, &block));
  check_petsc(ISDestroy(&rows));
  return block;
}

template class ScaledSpace<1>;
template class ScaledSpace<2>;
template class ScaledSpace<3>;

} // namespace fokker_planck
