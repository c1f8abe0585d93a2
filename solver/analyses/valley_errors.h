// How accurate the rates between valleys are, and which cells are to blame.
//
// The error of a flux is a(e_m, e*_l) for the errors of s_m and s*_l (see error_estimate.h), which
// live on the ridges around the basins. One pass over the cells for each valley gives
//   |e_m|_K |e*_m|_K,
// and one for the function 1 - sum_l s*_l that belongs to the exits; the error of the flux from m
// to l is at most the sum over cells of the geometric means of those of m and l.
#pragma once

#include "solver/analyses/pinned_problem.h"
#include "solver/operator/error_estimate.h"

#include <vector>

namespace fokker_planck {

struct ValleyErrors {
  /// Estimated relative errors of the rates, by the valley that is left and the one that is
  /// entered; NaN for pairs that no saddle connects.
  std::vector<std::vector<double>> rates;

  /// Of the rates to all absorbing sides together, by valley; NaN likewise.
  std::vector<double> exits;

  /// Of the whole rate out of each valley.
  std::vector<double> leaving;

  /// Per active cell index, on the rank that owns the cell: its largest part in any of these.
  std::vector<double> indicators;

  double largest() const;
};

/// of_rate: the estimate for the escape rate, which is that of a single valley. safety: factor of
/// the estimates. Collective.
template <int dim>
ValleyErrors estimate_valley_errors(const PinnedProblem<dim>& pinned, const ErrorEstimate& of_rate,
                                    double safety);

} // namespace fokker_planck
