// Independent repeats of a simulation, and what they show together.
//
// Repeat k runs on rank k mod n_ranks with random numbers of its own, so that the result does not
// depend on the number of ranks.
#pragma once

#include "solver/monte_carlo/first_exit.h"
#include "solver/monte_carlo/statistics.h"

namespace fokker_planck {

/// The time step, scheme, seed, run and burn-in of FirstExitSettings hold for each repeat.
struct RepeatSettings : FirstExitSettings {
  std::uint64_t n_particles, n_repeats;
};

/// Asked from time to time; if it returns false the simulation stops.
using Watcher = std::function<bool(const SimulationProgress&)>;

/// The random numbers of a repeat; different for the runs 0 and 1 of the settings.
RandomNumbers random_numbers_of(const RepeatSettings& settings, std::uint64_t repeat);

/// What each repeat results in, a row of numbers; empty rows are left out (repeats that were
/// stopped). In the order of repeats, on all ranks. Collective. If work throws NotConverged on some
/// rank, all throw it. After an empty row no other repeat is begun on that rank.
std::vector<std::vector<double>> run_repeats(
  const RepeatSettings& settings, MPI_Comm communicator,
  const std::function<std::vector<double>(std::uint64_t repeat)>& work);

/// A ratio sum a_k/sum b_k of what repeats show, with its error by the deviations of a_k - ratio
/// b_k:
///   standard error = sqrt(n/(n-1) sum (a_k - ratio b_k)^2)/sum b_k;
/// the interval (95 %) takes Student's distribution of n - 1 degrees of freedom. For b_k = 1 it is
/// the mean. The error is infinite and the interval [0, infinity] for n < 2.
struct RepeatedRatio {
  double value, standard_error;
  Interval interval; ///< cut off at 0
};
RepeatedRatio repeated_ratio(const std::vector<double>& a, const std::vector<double>& b);

} // namespace fokker_planck
