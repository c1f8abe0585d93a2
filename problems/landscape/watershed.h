// Questions about paths through the landscape, answered on a lattice.
#pragma once

#include "problems/domain/domain.h"
#include "problems/scalar_field.h"

#include <vector>

namespace fokker_planck {

/// The potential on a regular lattice that covers the box, and the basins it falls into.
///
/// Method: Dijkstra's algorithm with the maximum in place of the sum. Fronts start from all wells
/// and from the absorbing sides at once and always advance over the lowest point; a point belongs
/// to the front that reaches it first. The basins then meet on the ridges: a surface between two of
/// them passes where Psi is as high as possible.
template <int dim>
class Watershed {
public:
  static constexpr int outside = -1; ///< the basin of the absorbing sides

  /// Evaluates the lattice. Throws InputError where the loss is not finite.
  Watershed(const Domain<dim>& box, const ScalarField<dim>& psi);

  /// Lattice points not higher than any neighbour, not on absorbing sides; none if there are more
  /// than a thousand (Psi is flat then).
  std::vector<dealii::Point<dim>> local_minima() const;

  /// The lowest point that is not on an absorbing side; of equal ones the nearest to the centre.
  dealii::Point<dim> lowest_point() const;

  /// The lowest maximum of Psi along lattice paths from a point to an absorbing side.
  double exit_level(const dealii::Point<dim>& start) const;

  /// Divides the lattice into basins.
  void flood(const std::vector<dealii::Point<dim>>& wells);

  /// Marks the part of the landscape that is higher than the level and connected, at that height,
  /// to an absorbing side.
  void mark_high_exits(double level);

  /// Whether the lattice point nearest to a point lies in that part.
  bool leads_to_high_exit(const dealii::Point<dim>& point) const {
    return high_exits[nearest(point)];
  }

  /// The basin of the lattice point nearest to a point: an index into wells, or outside.
  int basin(const dealii::Point<dim>& point) const { return basins[nearest(point)]; }

private:
  std::size_t nearest(const dealii::Point<dim>& point) const;
  bool is_absorbing(std::size_t index) const;
  template <typename Function>
  void for_neighbours(std::size_t index, const Function& f) const;

  Domain<dim> box;
  std::vector<dealii::Point<dim>> points;
  std::vector<double> values;
  std::vector<int> basins;
  std::vector<bool> high_exits;
};

} // namespace fokker_planck
