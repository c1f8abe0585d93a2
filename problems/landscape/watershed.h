// Questions about paths through the landscape, answered on a graph.
#pragma once

#include "problems/base/scalar_field.h"
#include "problems/landscape/graph.h"

#include <vector>

namespace fokker_planck {

/// The potential on the points of a graph in the domain, and the basins it falls into.
///
/// Method: Dijkstra's algorithm with the maximum in place of the sum. Fronts start from all wells
/// and from the absorbing sides at once and always advance over the lowest point; a point belongs
/// to the front that reaches it first. The basins then meet on the ridges: a surface between two of
/// them passes where Psi is as high as possible.
template <int dim>
class Watershed {
public:
  static constexpr int outside = -1; ///< the basin of the absorbing sides

  /// Evaluates Psi on the graph. Throws InputError where the loss is not finite.
  Watershed(const Domain<dim>& domain, const ScalarField<dim>& psi);

  /// Points not higher than any neighbour, not on absorbing sides; none if there are more than a
  /// thousand (Psi is flat then).
  std::vector<dealii::Point<dim>> local_minima() const;

  /// Points of the lattice in a box between two lower parts of their surroundings; none if there
  /// are more than a thousand, and in shapes.
  std::vector<dealii::Point<dim>> local_saddles() const;

  /// Points on a side not higher than any neighbour on that side; none if there are more than a
  /// thousand or if Psi is constant along the side.
  std::vector<dealii::Point<dim>> local_minima_along(unsigned int side) const;

  /// Whether Psi varies along a side by less than 1e-9 of its range in the domain.
  bool is_constant_along(unsigned int side) const;

  /// The points that lie on a side, and on no other.
  std::vector<dealii::Point<dim>> points_on(unsigned int side) const;

  /// The lowest point that is not on an absorbing side; of equal ones the nearest to the centre.
  dealii::Point<dim> lowest_point() const;

  /// The lowest maximum of Psi along paths on the graph from a point to an absorbing side; infinite
  /// if there is none.
  double exit_level(const dealii::Point<dim>& start) const;

  /// The same for each of some points, by a single front that starts from all absorbing sides.
  std::vector<double> exit_levels(const std::vector<dealii::Point<dim>>& starts) const;

  /// A way on the graph from a point to a node: a well, or a side without the points it shares with
  /// other absorbing sides.
  struct Way {
    double level; ///< its highest Psi, the lowest possible; infinite if there is no way
    std::vector<dealii::Point<dim>> points;
    std::size_t top; ///< the first point at that level
  };

  /// The lowest ways from the first well to all others, then to all sides. They end at the first
  /// absorbing side they meet. There is none to itself, to reflecting sides, and to sides that are
  /// lowest beside another absorbing side.
  std::vector<Way> lowest_ways(const Domain<dim>& domain,
                               const std::vector<dealii::Point<dim>>& wells) const;

  /// Divides the graph into basins.
  void flood(const std::vector<dealii::Point<dim>>& wells);

  /// Marks the part of the landscape that is higher than the level and connected, at that height,
  /// to an absorbing side.
  void mark_high_exits(double level);

  /// Whether the point of the graph nearest to a point lies in that part.
  bool leads_to_high_exit(const dealii::Point<dim>& point) const {
    return high_exits[graph.nearest(point)];
  }

  /// The basin of the point of the graph nearest to a point: an index into wells, or outside.
  int basin(const dealii::Point<dim>& point) const { return basins[graph.nearest(point)]; }

private:
  /// The lowest maximum of Psi along paths from a point to every other, and the one before it.
  struct Climb {
    std::vector<double> levels;
    std::vector<std::size_t> before;
  };
  Climb climb(std::size_t start) const;
  Way trace_back(const Climb& climb, std::size_t start, std::size_t end) const;
  std::size_t lowest_on(unsigned int side, const Climb& climb) const;
  bool is_on(unsigned int side, std::size_t index) const {
    return ((graph.sides(index) >> side) & 1U) != 0;
  }

  Graph<dim> graph;
  dealii::Point<dim> center;
  std::vector<double> values;
  std::vector<int> basins;
  std::vector<bool> high_exits;
};

} // namespace fokker_planck
