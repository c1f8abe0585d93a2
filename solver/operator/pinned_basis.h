// The functions that are pinned in one valley each, and the fluxes between valleys that they carry.
//
// s_m has the value 1 at pin m, 0 at the other pins and on absorbing nodes, and A s_m = 0 at free
// nodes; s*_m is the same for A^T: the committor of valley m (see pinned_functions.h). The flux
// between pins and to the boundary is taken across a dividing surface: for any v that is 1 at the
// receiving nodes and 0 at all other fixed nodes it is -v^T A s_m; v is 1 in the basin that is
// entered, whose boundary runs along the ridges of Psi (see watershed.h), so that only the elements
// on the ridge contribute, where nothing cancels.
#pragma once

#include "solver/operator/pinned_functions.h"
#include "solver/operator/rate_matrix.h"

#include <memory>
#include <vector>

namespace fokker_planck {

template <int dim>
struct PinnedBasis {
  std::vector<PinnedFunction<dim>> forward;  ///< s_m
  std::vector<PinnedFunction<dim>> backward; ///< s*_m

  /// The fluxes exp(log_unit) (-v_l^T A s_m), and rate[m][m], not positive, what enters the basin
  /// of m itself: with the other entries and the exit of a column it adds up to zero.
  RateMatrix rates;
  double log_unit; ///< masses are multiplied by exp(log_unit), too

  /// Parts of the fluxes that are due to the limit on the weights (see weighted_form.h), in the
  /// same order; absolute values.
  RateMatrix excess;

  /// Of sum_m t_m s_m, t >= 0: the largest share of that excess in what flows into an exit or a
  /// basin.
  double weight_limit(const std::vector<long double>& t) const;

  std::size_t size() const { return forward.size(); }

  /// exp(log_unit) s*_l^T M s_m, by l and m. Collective.
  std::vector<std::vector<long double>> overlaps(const Generator<dim>& generator) const;

  /// exp(log_unit) s*_m^T M u for a scaled vector u; of the backward equation with s_m. Collective.
  std::vector<long double> projections(const Generator<dim>& generator,
                                       const typename Generator<dim>::Vector& u,
                                       Equation equation) const;
};

/// solver: with the pins and the absorbing sides fixed. Throws NotConverged if a solve fails.
/// Collective.
template <int dim>
PinnedBasis<dim> make_pinned_basis(const Generator<dim>& generator, const Basins<dim>& basins,
                                   const ConstrainedSolver<dim>& solver, double log_unit);

} // namespace fokker_planck
