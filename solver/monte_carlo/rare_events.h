// Escape rates from independent repeats: by particles with rebirth, and by splitting.
#pragma once

#include "solver/monte_carlo/estimate.h"
#include "solver/monte_carlo/reaction_coordinate.h"
#include "solver/monte_carlo/repeats.h"

namespace fokker_planck {

/// What repeats show together. In estimate, n_censored and total_time have no meaning for
/// splitting, and the variation of exit times is never known. The rate is not a number if nothing
/// is known.
struct RareEstimate {
  EscapeEstimate estimate;
  std::uint64_t n_finished; ///< repeats
  std::uint64_t n_steps;    ///< of all particles, on all ranks
  bool stopped;             ///< by the watcher
};

/// Method = fleming-viot. In each repeat N particles with rebirth (population.h) are simulated for
/// a burn-in and then until m = ceil(n_trajectories/n_repeats) exits, at least 2, or
/// maximum_time.
///
/// Exits are trials of Bernoulli, one per particle and step, with probability q = 1 - exp(-gamma
/// dt); if the n-th success of all repeats is that of trial T (those of each repeat up to its own
/// last exit), (n - 1)/(T - 1) is the unbiased estimate of q; n/T if repeats ended at maximum_time.
/// The error is that of the ratio of exits and trials of the repeats: particles depend on each
/// other, repeats do not. Exit probabilities are given as those of independent exits.
/// Reference: Cloez, Thai, Stoch. Proc. Appl. 126 (2016) 680. Collective. Throws NotConverged.
template <int dim>
RareEstimate simulate_fleming_viot(const Problem<dim>& problem, const dealii::Point<dim>& start,
                                   const RepeatSettings& settings, MPI_Comm communicator,
                                   const Watcher& go_on);

/// What splitting says beside the rate.
struct SplittingEstimate : RareEstimate {
  double inner, outer, top; ///< A, Sigma and the boundary, in xi
  double frequency;         ///< of excursions, mean of the repeats
  double exit_probability;  ///< of an excursion: rate/frequency
  double repeat_deviation;  ///< standard deviation of the rates of the repeats, relative
  double n_iterations;      ///< mean of the repeats
  std::uint64_t n_extinct;  ///< repeats with the estimate 0
};

/// Method = splitting: in each repeat the frequency of excursions (excursions.h) times the
/// probability that they end with an exit (branching.h). Rates of repeats are unbiased and
/// independent; the interval is that of Student for their mean. Valid up to a relative error of
/// about the rate times the time of relaxation. Collective. Throws InputError if the barrier is too
/// low, NotConverged if all repeats are extinct.
template <int dim>
SplittingEstimate simulate_splitting(const Problem<dim>& problem,
                                     const ReactionCoordinate<dim>& coordinate,
                                     const dealii::Point<dim>& start,
                                     const RepeatSettings& settings, MPI_Comm communicator,
                                     const Watcher& go_on);

} // namespace fokker_planck
