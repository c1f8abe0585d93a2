// Confidence intervals of what a simulation counts.
#pragma once

#include <cstddef>

namespace fokker_planck {

struct Interval {
  double lower, upper;
};

/// Confidence interval of the rate gamma of exponential waiting times, n_exits of which ended
/// within the total time T that all of them were watched.
///
/// Without censoring 2 gamma T has the distribution chi^2 of 2 n_exits degrees of freedom, and the
/// interval is exact: [G(n, (1-confidence)/2), G(n, (1+confidence)/2)]/T with the quantiles G of
/// the gamma distribution. If some waiting times were cut off at a time that does not depend on
/// them, the upper limit takes n + 1 instead of n, which makes the interval conservative (Garwood
/// 1936). Without an exit the lower limit is 0.
Interval rate_interval(std::size_t n_exits, double total_time, bool censored,
                       double confidence = 0.95);

/// Confidence interval of a probability of which n_hits of n independent trials were hits, by
/// Clopper and Pearson (Biometrika 26 (1934) 404): its coverage is never below the confidence.
Interval probability_interval(std::size_t n_hits, std::size_t n, double confidence = 0.95);

/// The number that Student's t of so many degrees of freedom does not exceed with a probability.
double student_quantile(std::size_t freedom, double probability);

} // namespace fokker_planck
