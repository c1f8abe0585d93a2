// The critical points of the potential, and the way out of the valley.
//
// Method: the critical points come from CriticalPointSearch, levels and basins from Watershed.
#pragma once

#include "problems/landscape/critical_points.h"
#include "problems/landscape/watershed.h"

#include <optional>

namespace fokker_planck {

template <int dim>
struct Landscape {
  Watershed<dim> watershed; ///< flooded from all wells

  /// Minima, saddles of index one and exit points, each kind by ascending loss.
  std::vector<CriticalPoint<dim>> critical_points;

  /// The bottoms of all valleys below the cut-off, the one that is left first: the minima inside,
  /// the minima on reflecting sides, or, if there are none, the point of lowest Psi that the search
  /// has seen.
  std::vector<dealii::Point<dim>> wells;

  /// Whether the wells are minima; false if the search found none.
  bool has_bottom;

  /// Index of the first well in critical_points, or -1 if it is not a minimum inside the domain.
  int start;

  double lowest_potential; ///< Psi at the bottom of the deepest well
  double exit_level; ///< Psi that must be reached to leave from the first well (lattice value)

  /// Psi above which the domain is cut off: far above the exit, and where another valley has its
  /// way out near that level, far above that.
  double cutoff_level;

  /// Height of the border below the cut-off in which watershed.leads_to_high_exit() is known.
  static constexpr double border = 10;
};

/// Explores a potential Psi in a domain. loss: L, of which values and Hessians at the critical
/// points are recorded. start: a point in the valley that is left; the deepest well if none. cutoff
/// is the height of the cut-off above the exit: paths over it carry about exp(-cutoff) of the flux.
/// Throws InputError where Psi is not finite.
template <int dim>
Landscape<dim> explore(const Domain<dim>& domain, const ScalarField<dim>& psi,
                       const ScalarField<dim>& loss, const std::optional<dealii::Point<dim>>& start,
                       double cutoff = 45);

} // namespace fokker_planck
