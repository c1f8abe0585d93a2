// The finite-element space.
//
// Continuous piecewise polynomials of degree k on quadrilaterals or hexahedra with Gauss-Lobatto
// nodes. A node may be hanging: on a face or edge with a larger neighbour, where the value follows
// from those of the neighbour's nodes.
#pragma once

#include "meshes/mesh.h"
#include "problems/base/deal_ii.h"

#include <deal.II/base/index_set.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/lac/affine_constraints.h>

#include <memory>
#include <vector>

namespace dealii::PETScWrappers::MPI {
class Vector;
}

namespace fokker_planck {

template <int dim>
class Discretization {
public:
  Discretization(std::shared_ptr<const Mesh<dim>> mesh, unsigned int degree);

  const Mesh<dim>& get_mesh() const { return *mesh; }
  const dealii::Mapping<dim>& get_mapping() const { return mesh->get_mapping(); }
  const dealii::FE_Q<dim>& get_element() const { return element; }
  const dealii::DoFHandler<dim>& get_dof_handler() const { return dof_handler; }
  const dealii::IndexSet& locally_owned() const { return owned; }
  const dealii::IndexSet& locally_relevant() const { return relevant; }
  MPI_Comm get_communicator() const { return communicator_of(dof_handler); }

  /// The absorbing sides on which a locally relevant node lies, one bit per side; 0 for none.
  unsigned int absorbing_sides(dealii::types::global_dof_index node) const {
    return sides[relevant.index_within_set(node)];
  }

  /// The values of hanging nodes.
  const dealii::AffineConstraints<double>& get_constraints() const { return constraints; }

  /// Sets the hanging nodes of nodal values without ghosts; returns them with ghosts.
  dealii::PETScWrappers::MPI::Vector ghosted(const dealii::PETScWrappers::MPI::Vector& nodal) const;

  /// One per locally relevant node.
  std::vector<dealii::Point<dim>> find_positions() const;

private:
  void mark_absorbing_nodes();

  std::shared_ptr<const Mesh<dim>> mesh;
  dealii::FE_Q<dim> element;
  dealii::DoFHandler<dim> dof_handler;
  dealii::IndexSet owned, relevant;
  std::vector<unsigned int> sides;
  dealii::AffineConstraints<double> constraints;
};

} // namespace fokker_planck
