// What escape formulas need to know about a problem: the ways out of the valley and their
// surroundings.
#pragma once

#include "problems/landscape/landscape.h"
#include "solver/potential/gauge.h"

#include <string>
#include <vector>

namespace fokker_planck {

/// A way out of a valley, with the leading-order rate through it.
struct Route {
  enum class Way { beyond_saddle, at_saddle, boundary_exit };

  Way way;
  std::size_t point; ///< index into Landscape::critical_points
  double potential;  ///< Psi
  double log_rate;
  std::string objection; ///< condition on this point that fails; empty if none
};

/// Surveyed once, used by all formulas.
template <int dim>
class EscapeSetting {
public:
  EscapeSetting(const Problem<dim>& problem, const Gauge<dim>& gauge,
                const Landscape<dim>& landscape);

  const Problem<dim>& problem;
  const Gauge<dim>& gauge;
  const Landscape<dim>& landscape;

  /// Why no formula of the potential can hold: no detailed balance, no minimum. Empty if one may.
  std::string objection;

  /// All ways out of the first well to an absorbing side, the lowest first; empty without a
  /// minimum.
  std::vector<Route> routes;

  /// Only with a minimum: the critical point that is left.
  const CriticalPoint<dim>& minimum() const { return landscape.critical_points[landscape.start]; }

  /// The way out of the first well through a saddle or exit point, whether or not it leads from
  /// there.
  Route through(std::size_t index) const;

  /// Logarithm of int exp(-Psi) over the valley around a minimum, to leading order.
  static double log_weight(const CriticalPoint<dim>& minimum);

  /// What speaks against expanding around a minimum; empty if nothing does.
  std::string objection_to(const CriticalPoint<dim>& minimum) const;

  /// The lowest Psi on an absorbing side where Psi rises towards the side: there the process is
  /// absorbed before it has reached the ridge. Slopes below half a width of the landscape count as
  /// none. Evaluated at points of a lattice, or graph; infinite if there is no such point.
  double lowest_wall_before_ridge;

  /// Psi of the lowest saddle from the first well into another well; infinite if there is none.
  double lowest_way_to_other_well;

  bool on_side(const CriticalPoint<dim>& point, bool absorbing) const;

private:
  using Point = CriticalPoint<dim>;

  void find_routes();
  Route over_saddle(std::size_t index, Route::Way way) const;
  Route boundary_exit(std::size_t index) const;
  double find_lowest_wall_before_ridge() const;
  double find_lowest_way_to_other_well() const;
  std::vector<dealii::Point<dim>> points_on(unsigned int side) const;
};

} // namespace fokker_planck
