// The valleys on a mesh: one pinned node in each, and the basin of every node.
//
// A pin is the vertex nearest to the bottom of a valley, where the solver prescribes the value.
#pragma once

#include "problems/landscape/landscape.h"
#include "solver/operator/discretization.h"
#include "solver/operator/fixed_parts.h"

#include <vector>

namespace fokker_planck {

template <int dim>
class Basins {
public:
  using Node = dealii::types::global_dof_index;

  /// One pin for each well of the landscape; a well whose nearest vertex is already a pin gets
  /// none. Throws NotConverged if every node is absorbing. Collective.
  Basins(const Discretization<dim>& discretization, const Landscape<dim>& landscape);

  std::size_t size() const { return pins.size(); }

  /// Global indices of the pinned nodes, the same on all ranks.
  const std::vector<Node>& get_pins() const { return pins; }

  /// The pin of a well of the landscape.
  int pin_of(const std::size_t well) const { return pin_of_well[well]; }

  /// The basin of a locally relevant node: the index of a pin, or Watershed::outside. Pins lie in
  /// their own basin, absorbing nodes outside; in one dimension no basin extends beyond a pin. A
  /// hanging node lies where the nodes do that determine it, or between basins.
  int operator()(const Node node) const {
    return labels[discretization.locally_relevant().index_within_set(node)];
  }
  static constexpr int between = -2;

  /// The pins and the absorbing sides.
  FixedParts fixed_parts() const;

private:
  using Positions = std::vector<dealii::Point<dim>>;

  /// The owned node nearest to a point among candidates that may be pins, and the rank that has it.
  struct Nearest {
    double distance;
    int rank;
    Node node;
  };

  void choose_pins(const Landscape<dim>& landscape, const Positions& positions);
  Nearest nearest_node(const dealii::Point<dim>& well, const Positions& positions) const;
  int pin_before(int pin, const dealii::Point<dim>& node) const;
  void label_nodes(const Landscape<dim>& landscape, const Positions& positions);
  int label_of_hanging(Node node) const;

  const Discretization<dim>& discretization;
  std::vector<int> pin_of_well;
  std::vector<Node> pins;
  std::vector<dealii::Point<dim>> pin_positions;
  std::vector<int> labels; ///< of locally relevant nodes
};

} // namespace fokker_planck
