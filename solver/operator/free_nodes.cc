#include "solver/operator/free_nodes.h"

#include "solver/operator/petsc.h"

#include <algorithm>

namespace fokker_planck {

template <int dim>
FreeNodes<dim>::FreeNodes(const Discretization<dim>& discretization, const ScaledSpace<dim>& space_,
                          const FixedParts& fixed_parts)
  : space(space_) {
  const std::vector<bool> fixed = find_fixed(discretization, fixed_parts);
  numbers.assign(space.locally_relevant().n_elements(), -1);
  unsigned int position = 0;
  for (const Node node : space.locally_owned()) {
    const auto i = space.locally_relevant().index_within_set(node);
    if (!fixed[i] && !space.get_constraints().is_constrained(node)) {
      numbers[i] = static_cast<PetscInt>(positions.size());
      positions.push_back(position);
    }
    ++position;
  }
  const auto n_free = static_cast<PetscInt>(positions.size());
  MPI_Exscan(&n_free, &first, 1, MPIU_INT, MPI_SUM, space.get_communicator());
  for (PetscInt& number : numbers)
    if (number >= 0) number += first;
  space.update_ghosts(numbers);
}

/// Which locally relevant nodes of the space are fixed.
template <int dim>
std::vector<bool> FreeNodes<dim>::find_fixed(const Discretization<dim>& discretization,
                                             const FixedParts& parts) const {
  const dealii::IndexSet& relevant = space.locally_relevant();
  std::vector<bool> fixed(relevant.n_elements(), false);
  const auto fix = [&](const Node node) { fixed[relevant.index_within_set(node)] = true; };
  const auto is_pin = [&](const Node node) {
    return std::find(parts.nodes.begin(), parts.nodes.end(), node) != parts.nodes.end();
  };
  if (&space.get_dof_handler() == &discretization.get_dof_handler())
    for (const Node node : parts.nodes)
      if (relevant.is_element(node)) fix(node);
  const auto& element = space.get_dof_handler().get_fe();
  std::vector<Node> on_face(element.n_dofs_per_face()), in_cell(element.n_dofs_per_cell());
  for (const auto& fine : discretization.get_dof_handler().active_cell_iterators()) {
    if (fine->is_artificial()) continue;
    const auto cell = space.cell_at(fine);
    for (const unsigned int vertex : fine->vertex_indices())
      if (is_pin(fine->vertex_dof_index(vertex, 0))) fix(cell->vertex_dof_index(vertex, 0));
    for (const auto& face : cell->face_iterators())
      if (face->at_boundary() && parts.sides[face->boundary_id()]) {
        face->get_dof_indices(on_face);
        std::for_each(on_face.begin(), on_face.end(), fix);
      }
    if (!parts.cells.empty() && parts.cells[cell->active_cell_index()]) {
      cell->get_dof_indices(in_cell);
      std::for_each(in_cell.begin(), in_cell.end(), fix);
    }
  }
  return fixed;
}

template <int dim>
Mat FreeNodes<dim>::block(typename ScaledSpace<dim>::Matrix& matrix) const {
  std::vector<PetscInt> indices;
  for (const unsigned int position : positions)
    indices.push_back(static_cast<PetscInt>(space.locally_owned().nth_index_in_set(position)));
  IS rows;
  Mat block;
  check_petsc(ISCreateGeneral(space.get_communicator(), static_cast<PetscInt>(indices.size()),
                              indices.data(), PETSC_COPY_VALUES, &rows));
  check_petsc(MatCreateSubMatrix(matrix.petsc_matrix(), rows, rows, MAT_INITIAL_MATRIX, &block));
  check_petsc(ISDestroy(&rows));
  return block;
}

template class FreeNodes<1>;
template class FreeNodes<2>;
template class FreeNodes<3>;

} // namespace fokker_planck
