// The critical points of a landscape as passes between wells and absorbing sides.
#pragma once

#include "problems/landscape/landscape.h"
#include "problems/landscape/pass_network.h"
#include "problems/landscape/steepest_descent.h"

namespace fokker_planck {

/// Nodes are numbered as in PassNetwork: the wells of the landscape, then the sides of the domain.
template <int dim>
class Passes {
public:
  /// The ways down that the points know.
  Passes(const Domain<dim>& domain, const std::vector<dealii::Point<dim>>& wells,
         const std::vector<CriticalPoint<dim>>& points);

  /// Adds a point, of which the ends are not known, and returns its index.
  int add(const CriticalPoint<dim>& point);

  /// The points given and added.
  const std::vector<CriticalPoint<dim>>& critical_points() const { return points; }

  int n_nodes() const { return n_wells + static_cast<int>(domain.n_sides()); }

  /// The index in critical_points() of a pass of the network.
  int critical_point(const int pass) const { return owners[pass]; }

  /// The node to which a pass leads from a node.
  int other_end(int pass, int node) const;

  PassNetwork network() const { return { n_wells, n_nodes(), passes }; }

  /// A way down from a critical point.
  struct Way {
    int node;                               ///< where it leads to
    std::vector<dealii::Point<dim>> points; ///< without the critical point and without the well
  };

  /// Follows the ways down from a critical point.
  std::vector<Way> trace(int critical_point, const SteepestDescent<dim>& descent) const;

  /// Puts passes to the ends of these ways in the place of those known for a critical point.
  /// Returns whether that changes anything.
  bool set_ends(int critical_point, const std::vector<Way>& ways);

private:
  std::vector<int> ends_known(const CriticalPoint<dim>& point) const;
  int absorbing_side(const CriticalPoint<dim>& point) const;
  void connect(int critical_point, const std::vector<int>& ends);
  std::vector<Way> descend(const dealii::Point<dim>& start,
                           const SteepestDescent<dim>& descent) const;
  std::vector<Way> leave_saddle(const std::vector<dealii::Point<dim>>& points,
                                const SteepestDescent<dim>& descent) const;
  int node_of(const typename SteepestDescent<dim>::Path& path) const;

  const Domain<dim> domain;
  const std::vector<dealii::Point<dim>> wells;
  const int n_wells;
  std::vector<CriticalPoint<dim>> points;
  std::vector<PassNetwork::Pass> passes;
  std::vector<int> owners; ///< per pass
};

} // namespace fokker_planck
