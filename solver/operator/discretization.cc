#include "solver/operator/discretization.h"

#include "problems/base/input_error.h"

#include <deal.II/base/mpi.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/lac/petsc_vector.h>

#include <algorithm>
#include <limits>

namespace fokker_planck {

using dealii::types::global_dof_index;

template <int dim>
Discretization<dim>::Discretization(const Problem<dim>& problem,
                                    std::shared_ptr<const Mesh<dim>> mesh_,
                                    const unsigned int degree, const Landscape<dim>& landscape)
  : mesh(std::move(mesh_)), element(degree), dof_handler(mesh->get_triangulation()) {
  dof_handler.distribute_dofs(element);
  owned = dof_handler.locally_owned_dofs();
  dealii::DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  constraints.reinit(relevant);
  dealii::DoFTools::make_hanging_node_constraints(dof_handler, constraints);
  constraints.close();
  mark_absorbing_nodes(problem);
  {
    const Positions positions = find_positions();
    choose_pins(landscape, positions);
    label_basins(landscape, positions);
  }
}

template <int dim>
bool Discretization<dim>::is_fixed(const global_dof_index node) const {
  return absorbing_sides(node) != 0 || std::count(pins.begin(), pins.end(), node) > 0;
}

template <int dim>
typename Discretization<dim>::Positions Discretization<dim>::find_positions() const {
  Positions positions(relevant.n_elements());
  dealii::FEValues<dim> values(get_mapping(), element,
                               dealii::Quadrature<dim>(element.get_unit_support_points()),
                               dealii::update_quadrature_points);
  std::vector<global_dof_index> nodes(element.n_dofs_per_cell());
  for (const auto& cell : dof_handler.active_cell_iterators()) {
    if (cell->is_artificial()) continue;
    values.reinit(cell);
    cell->get_dof_indices(nodes);
    for (unsigned int i = 0; i < nodes.size(); ++i)
      positions[relevant.index_within_set(nodes[i])] = values.quadrature_point(i);
  }
  return positions;
}

template <int dim>
void Discretization<dim>::mark_absorbing_nodes(const Problem<dim>& problem) {
  sides.assign(relevant.n_elements(), 0);
  std::vector<global_dof_index> nodes(element.n_dofs_per_face());
  for (const auto& cell : dof_handler.active_cell_iterators()) {
    if (cell->is_artificial()) continue;
    for (const auto& face : cell->face_iterators())
      if (face->at_boundary() && problem.domain.absorbs(face->boundary_id())) {
        face->get_dof_indices(nodes);
        for (const global_dof_index node : nodes)
          sides[relevant.index_within_set(node)] |= 1U << face->boundary_id();
      }
  }
}

template <int dim>
void Discretization<dim>::choose_pins(const Landscape<dim>& landscape, const Positions& positions) {
  for (const auto& well : landscape.wells) {
    struct {
      double distance = std::numeric_limits<double>::max();
      int rank;
    } local, nearest;
    MPI_Comm_rank(get_communicator(), &local.rank);
    unsigned long long node = 0;
    const auto consider = [&](const global_dof_index candidate) {
      if (!owned.is_element(candidate) || absorbing_sides(candidate) != 0 ||
          constraints.is_constrained(candidate))
        return;
      const double distance = positions[relevant.index_within_set(candidate)].distance(well);
      if (distance < local.distance) {
        local.distance = distance;
        node = candidate;
      }
    };
    // Vertices first: functions that are pinned have a kink there, which elements can have only
    // between each other.
    for (const auto& cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        for (const unsigned int vertex : cell->vertex_indices())
          consider(cell->vertex_dof_index(vertex, 0));
    if (dealii::Utilities::MPI::min(local.distance, get_communicator()) ==
        std::numeric_limits<double>::max())
      for (const global_dof_index candidate : owned)
        consider(candidate);
    MPI_Allreduce(&local, &nearest, 1, MPI_DOUBLE_INT, MPI_MINLOC, get_communicator());
    if (nearest.distance == std::numeric_limits<double>::max())
      throw MeshTooCoarse("every node lies on an absorbing side; the mesh is too coarse: increase "
                          "Discretization/Cells or Degree");
    MPI_Bcast(&node, 1, MPI_UNSIGNED_LONG_LONG, nearest.rank, get_communicator());
    const auto known = std::find(pins.begin(), pins.end(), node);
    pin_of_well.push_back(static_cast<int>(known - pins.begin()));
    if (known != pins.end()) continue;
    pins.push_back(node);
    dealii::Point<dim> position;
    if (owned.is_element(node)) position = positions[relevant.index_within_set(node)];
    MPI_Bcast(&position[0], dim, MPI_DOUBLE, nearest.rank, get_communicator());
    pin_positions.push_back(position);
  }
}

/// In one dimension pins cut the line: the first pin on the way from a node to another pin, or
/// that.
template <int dim>
int Discretization<dim>::pin_before(const int pin, const dealii::Point<dim>& node) const {
  int result = pin;
  for (std::size_t other = 0; dim == 1 && other < pins.size(); ++other)
    if ((pin_positions[other][0] - node[0]) * (pin_positions[result][0] - pin_positions[other][0]) >
        0)
      result = static_cast<int>(other);
  return result;
}

template <int dim>
void Discretization<dim>::label_basins(const Landscape<dim>& landscape,
                                       const Positions& positions) {
  basins.reserve(relevant.n_elements());
  for (const global_dof_index node : relevant) {
    const int well = landscape.watershed.basin(positions[basins.size()]);
    const auto pin = std::find(pins.begin(), pins.end(), node);
    if (pin != pins.end())
      basins.push_back(static_cast<int>(pin - pins.begin()));
    else if (absorbing_sides(node) != 0 || well == Watershed<dim>::outside)
      basins.push_back(Watershed<dim>::outside);
    else
      basins.push_back(pin_before(pin_of_well[well], positions[basins.size()]));
  }
  for (const global_dof_index node : relevant) {
    if (!constraints.is_constrained(node)) continue;
    int common = between;
    for (const auto& [master, weight] : *constraints.get_constraint_entries(node)) {
      const int label =
        relevant.is_element(master) ? basins[relevant.index_within_set(master)] : between;
      if (label == between || (common != between && label != common)) {
        common = between;
        break;
      }
      common = label;
    }
    basins[relevant.index_within_set(node)] = common;
  }
}

template <int dim>
dealii::PETScWrappers::MPI::Vector Discretization<dim>::ghosted(
  const dealii::PETScWrappers::MPI::Vector& nodal) const {
  dealii::PETScWrappers::MPI::Vector complete(nodal);
  constraints.distribute(complete);
  dealii::PETScWrappers::MPI::Vector result(owned, relevant, get_communicator());
  result = complete;
  return result;
}

template class Discretization<1>;
template class Discretization<2>;
template class Discretization<3>;

} // namespace fokker_planck
