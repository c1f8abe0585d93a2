// The finite-element space and its fixed nodes.
//
// Continuous piecewise polynomials of degree k on quadrilaterals or hexahedra with Gauss-Lobatto
// nodes. A node is absorbing (on an absorbing side), a pin (the vertex nearest to the bottom of a
// valley, where the solver prescribes the value), hanging (on a face or edge with a larger
// neighbour, where the value follows from those of the neighbour's nodes) or free.
#pragma once

#include "meshes/mesh.h"
#include "problems/landscape/landscape.h"
#include "problems/problem.h"

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
  /// One pin for each well of the landscape; a well whose nearest vertex is already a pin gets
  /// none. Throws NotConverged if every node is absorbing.
  Discretization(const Problem<dim>& problem, std::shared_ptr<const Mesh<dim>> mesh,
                 unsigned int degree, const Landscape<dim>& landscape);

  const Mesh<dim>& get_mesh() const { return *mesh; }
  const dealii::Mapping<dim>& get_mapping() const { return mesh->get_mapping(); }
  const dealii::FE_Q<dim>& get_element() const { return element; }
  const dealii::DoFHandler<dim>& get_dof_handler() const { return dof_handler; }
  const dealii::IndexSet& locally_owned() const { return owned; }
  const dealii::IndexSet& locally_relevant() const { return relevant; }
  MPI_Comm get_communicator() const { return dof_handler.get_communicator(); }

  /// Global indices of the pinned nodes, the same on all ranks.
  const std::vector<dealii::types::global_dof_index>& get_pins() const { return pins; }

  /// The absorbing sides on which a locally relevant node lies, one bit per side; 0 for none.
  unsigned int absorbing_sides(dealii::types::global_dof_index node) const {
    return sides[relevant.index_within_set(node)];
  }

  /// The basin of a locally relevant node: the index of a pin, or Watershed::outside. Pins lie in
  /// their own basin, absorbing nodes outside; in one dimension no basin extends beyond a pin. A
  /// hanging node lies where the nodes do that determine it, or between basins.
  int basin(dealii::types::global_dof_index node) const {
    return basins[relevant.index_within_set(node)];
  }
  static constexpr int between = -2;

  /// The values of hanging nodes.
  const dealii::AffineConstraints<double>& get_constraints() const { return constraints; }

  /// Sets the hanging nodes of nodal values without ghosts; returns them with ghosts.
  dealii::PETScWrappers::MPI::Vector ghosted(const dealii::PETScWrappers::MPI::Vector& nodal) const;

  /// Whether a locally relevant node is absorbing or a pin.
  bool is_fixed(dealii::types::global_dof_index node) const;

private:
  /// One per locally relevant node.
  using Positions = std::vector<dealii::Point<dim>>;

  Positions find_positions() const;
  void mark_absorbing_nodes(const Problem<dim>& problem);
  void choose_pins(const Landscape<dim>& landscape, const Positions& positions);
  int pin_before(int pin, const dealii::Point<dim>& node) const;
  void label_basins(const Landscape<dim>& landscape, const Positions& positions);

  std::shared_ptr<const Mesh<dim>> mesh;
  dealii::FE_Q<dim> element;
  dealii::DoFHandler<dim> dof_handler;
  dealii::IndexSet owned, relevant;
  std::vector<unsigned int> sides;
  std::vector<int> basins;
  dealii::AffineConstraints<double> constraints;
  std::vector<int> pin_of_well;
  std::vector<dealii::types::global_dof_index> pins;
  std::vector<dealii::Point<dim>> pin_positions;
};

} // namespace fokker_planck
