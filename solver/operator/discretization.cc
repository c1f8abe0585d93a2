#include "solver/operator/discretization.h"

#include "problems/base/deal_ii.h"

#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/lac/petsc_vector.h>

namespace fokker_planck {

using dealii::types::global_dof_index;

template <int dim>
Discretization<dim>::Discretization(std::shared_ptr<const Mesh<dim>> mesh_,
                                    const unsigned int degree)
  : mesh(std::move(mesh_)), element(degree), dof_handler(mesh->get_triangulation()) {
  dof_handler.distribute_dofs(element);
  owned = dof_handler.locally_owned_dofs();
  relevant = dealii::DoFTools::extract_locally_relevant_dofs(dof_handler);
  reset_constraints(constraints, owned, relevant);
  dealii::DoFTools::make_hanging_node_constraints(dof_handler, constraints);
  constraints.close();
  mark_absorbing_nodes();
}

template <int dim>
std::vector<dealii::Point<dim>> Discretization<dim>::find_positions() const {
  std::vector<dealii::Point<dim>> positions(relevant.n_elements());
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
void Discretization<dim>::mark_absorbing_nodes() {
  sides.assign(relevant.n_elements(), 0);
  std::vector<global_dof_index> nodes(element.n_dofs_per_face());
  for (const auto& cell : dof_handler.active_cell_iterators()) {
    if (cell->is_artificial()) continue;
    for (const auto& face : cell->face_iterators())
      if (face->at_boundary() && mesh->get_domain().absorbs(face->boundary_id())) {
        face->get_dof_indices(nodes);
        for (const global_dof_index node : nodes)
          sides[relevant.index_within_set(node)] |= 1U << face->boundary_id();
      }
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
