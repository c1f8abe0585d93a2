// The critical points of the potential, and the way out of the valley.
//
// Method: the critical points come from CriticalPointSearch, levels and basins from Watershed.
#pragma once

#include "solver/critical_points.h"
#include "solver/watershed.h"

namespace fokker_planck {

template <int dim>
struct Landscape {
  Watershed<dim> watershed; ///< flooded from all wells

  /// Minima, saddles of index one and exit points, each kind by ascending loss.
  std::vector<CriticalPoint<dim>> critical_points;

  /// The bottoms of all valleys, the one that is left first: the minima inside, the minima on
  /// reflecting sides, or, if there are none, the point of lowest Psi that the search has seen.
  std::vector<dealii::Point<dim>> wells;

  /// Index of the first well in critical_points, or -1 if it is not a minimum inside the domain.
  int start;

  double lowest_potential; ///< Psi at the bottom of the deepest well
  double exit_level; ///< Psi that must be reached to leave from the first well (lattice value)
};

/// Explores the landscape of a problem. Throws InputError where the loss is not finite,
/// NotConverged if it is deeper than floating-point numbers allow.
template <int dim>
Landscape<dim> explore(const Problem<dim>& problem, const Gauge<dim>& gauge);

} // namespace fokker_planck
