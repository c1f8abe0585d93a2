// How accurate the rates between valleys are, and which cells are to blame.
//
// The error of a flux is a(e_m, e*_l) for the errors of s_m and s*_l (see error_estimate.h), which
// live on the ridges around the basins. For each pair one pass over the cells for m and one for l,
// in units of their flux, give |e|_K^2; the error is at most the sum over cells of the geometric
// means. The function of the exits is 1 - sum_l s*_l. The quadrature of the mass of m is added, and
// what the limit on the weights (weighted_form.h) hides: a steep cell below the pass whose top is
// lower by h adds exp(-h) to the resistance, of which the solution, for which the cell conducts too
// well, knows nothing.
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
