// The escape rate and exit probabilities that a simulation shows.
#pragma once

#include "solver/monte_carlo/first_exit.h"
#include "solver/monte_carlo/statistics.h"

namespace fokker_planck {

struct ExitEstimate {
  std::size_t n; ///< exits through the side
  double probability;
  Interval interval; ///< 95 %, of each side by itself
};

struct EscapeEstimate {
  std::size_t n_exits, n_censored;
  double total_time; ///< all trajectories were watched together

  double rate;           ///< n_exits / total_time, the maximum of the likelihood
  double relative_error; ///< one standard error, 1/sqrt(n_exits); infinite without exits
  Interval interval;     ///< 95 %, see rate_interval()

  /// Standard deviation of the times to exit divided by their mean, and its standard error if they
  /// are exponential (then it is 1); not a number if some are censored or there is only one.
  double variation, variation_error;

  std::vector<ExitEstimate> exits; ///< per side
};

template <int dim>
EscapeEstimate estimate_escape(const std::vector<FirstExit<dim>>& exits, unsigned int n_sides);

/// What half the time step shows about the bias of the rate.
struct StepBias {
  double relative;       ///< rate/rate at half the step - 1
  double standard_error; ///< of relative
  bool significant;      ///< |relative| > 2 standard errors

  /// 2 rate(dt/2) - rate(dt), which is free of the bias of first order, and its relative standard
  /// error.
  double extrapolated_rate, extrapolated_error;
};

StepBias compare_steps(const EscapeEstimate& whole, const EscapeEstimate& half);

} // namespace fokker_planck
