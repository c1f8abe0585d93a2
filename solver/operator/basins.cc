#include "solver/operator/basins.h"

#include "problems/base/input_error.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <limits>

namespace fokker_planck {

template <int dim>
Basins<dim>::Basins(const Discretization<dim>& discretization_, const Landscape<dim>& landscape)
  : discretization(discretization_) {
  const Positions positions = discretization.find_positions();
  choose_pins(landscape, positions);
  label_nodes(landscape, positions);
}

template <int dim>
FixedParts Basins<dim>::fixed_parts() const {
  const auto& domain = discretization.get_mesh().get_domain();
  FixedParts parts{ std::vector<bool>(domain.n_sides()), pins };
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    parts.sides[side] = domain.absorbs(side);
  return parts;
}

template <int dim>
typename Basins<dim>::Nearest Basins<dim>::nearest_node(const dealii::Point<dim>& well,
                                                        const Positions& positions) const {
  constexpr double none = std::numeric_limits<double>::max();
  const MPI_Comm communicator = discretization.get_communicator();
  const auto& relevant = discretization.locally_relevant();
  struct {
    double distance;
    int rank;
  } local{ none, 0 }, nearest;
  MPI_Comm_rank(communicator, &local.rank);
  unsigned long long node = 0;
  const auto consider = [&](const Node candidate) {
    if (!discretization.locally_owned().is_element(candidate) ||
        discretization.absorbing_sides(candidate) != 0 ||
        discretization.get_constraints().is_constrained(candidate))
      return;
    const double distance = positions[relevant.index_within_set(candidate)].distance(well);
    if (distance < local.distance) {
      local.distance = distance;
      node = candidate;
    }
  };
  // Vertices first: functions that are pinned have a kink there, which elements can have only
  // between each other.
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators())
    if (cell->is_locally_owned())
      for (const unsigned int vertex : cell->vertex_indices())
        consider(cell->vertex_dof_index(vertex, 0));
  if (dealii::Utilities::MPI::min(local.distance, communicator) == none)
    for (const Node candidate : discretization.locally_owned())
      consider(candidate);
  MPI_Allreduce(&local, &nearest, 1, MPI_DOUBLE_INT, MPI_MINLOC, communicator);
  if (nearest.distance == none)
    throw MeshTooCoarse("every node lies on an absorbing side; the mesh is too coarse: increase "
                        "Discretization/Cells or Degree");
  MPI_Bcast(&node, 1, MPI_UNSIGNED_LONG_LONG, nearest.rank, communicator);
  return { nearest.distance, nearest.rank, static_cast<Node>(node) };
}

template <int dim>
void Basins<dim>::choose_pins(const Landscape<dim>& landscape, const Positions& positions) {
  for (const auto& well : landscape.wells) {
    const Nearest nearest = nearest_node(well, positions);
    const auto known = std::find(pins.begin(), pins.end(), nearest.node);
    pin_of_well.push_back(static_cast<int>(known - pins.begin()));
    if (known != pins.end()) continue;
    pins.push_back(nearest.node);
    dealii::Point<dim> position;
    if (discretization.locally_owned().is_element(nearest.node))
      position = positions[discretization.locally_relevant().index_within_set(nearest.node)];
    MPI_Bcast(&position[0], dim, MPI_DOUBLE, nearest.rank, discretization.get_communicator());
    pin_positions.push_back(position);
  }
}

/// In one dimension pins cut the line: the first pin on the way from a node to another pin, or
/// that.
template <int dim>
int Basins<dim>::pin_before(const int pin, const dealii::Point<dim>& node) const {
  int result = pin;
  for (std::size_t other = 0; dim == 1 && other < pins.size(); ++other)
    if ((pin_positions[other][0] - node[0]) * (pin_positions[result][0] - pin_positions[other][0]) >
        0)
      result = static_cast<int>(other);
  return result;
}

template <int dim>
void Basins<dim>::label_nodes(const Landscape<dim>& landscape, const Positions& positions) {
  const auto& relevant = discretization.locally_relevant();
  labels.reserve(relevant.n_elements());
  for (const Node node : relevant) {
    const int well = landscape.watershed.basin(positions[labels.size()]);
    const auto pin = std::find(pins.begin(), pins.end(), node);
    if (pin != pins.end())
      labels.push_back(static_cast<int>(pin - pins.begin()));
    else if (discretization.absorbing_sides(node) != 0 || well == Watershed<dim>::outside)
      labels.push_back(Watershed<dim>::outside);
    else
      labels.push_back(pin_before(pin_of_well[well], positions[labels.size()]));
  }
  for (const Node node : relevant)
    if (discretization.get_constraints().is_constrained(node))
      labels[relevant.index_within_set(node)] = label_of_hanging(node);
}

/// The label that all nodes have that determine a hanging one.
template <int dim>
int Basins<dim>::label_of_hanging(const Node node) const {
  const auto& relevant = discretization.locally_relevant();
  int common = between;
  for (const auto& entry : *discretization.get_constraints().get_constraint_entries(node)) {
    const int label =
      relevant.is_element(entry.first) ? labels[relevant.index_within_set(entry.first)] : between;
    if (label == between || (common != between && label != common)) return between;
    common = label;
  }
  return common;
}

template class Basins<1>;
template class Basins<2>;
template class Basins<3>;

} // namespace fokker_planck
