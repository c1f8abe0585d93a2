#include "solver/monte_carlo/estimate.h"

#include <cmath>
#include <limits>

namespace fokker_planck {

template <int dim>
EscapeEstimate estimate_escape(const std::vector<FirstExit<dim>>& exits,
                               const unsigned int n_sides) {
  EscapeEstimate result{};
  std::vector<std::size_t> counts(n_sides, 0);
  for (const auto& exit : exits) {
    result.total_time += exit.time;
    if (exit.side == FirstExit<dim>::censored)
      ++result.n_censored;
    else
      ++counts[exit.side];
  }
  result.n_exits = exits.size() - result.n_censored;
  const auto n = static_cast<double>(result.n_exits);
  result.rate = result.total_time > 0 ? n / result.total_time : 0.;
  result.relative_error = 1 / std::sqrt(n);
  result.interval = rate_interval(result.n_exits, result.total_time, result.n_censored > 0);
  for (const std::size_t count : counts)
    result.exits.push_back({ count, n > 0 ? static_cast<double>(count) / n : 0.,
                             probability_interval(count, result.n_exits) });

  result.variation = result.variation_error = std::numeric_limits<double>::quiet_NaN();
  if (result.n_exits > 1 && result.n_censored == 0) {
    const double mean = result.total_time / n;
    double sum = 0;
    for (const auto& exit : exits)
      sum += (exit.time - mean) * (exit.time - mean);
    result.variation = std::sqrt(sum / (n - 1)) / mean;
    result.variation_error =
      1 / std::sqrt(n); // of exponential times: (mu_4/sigma^4 - 1)/4 = 2, less the mean's
  }
  return result;
}

StepBias compare_steps(const EscapeEstimate& whole, const EscapeEstimate& half) {
  StepBias bias{};
  const double ratio = whole.rate / half.rate;
  bias.relative = ratio - 1;
  bias.standard_error = ratio * std::hypot(whole.relative_error, half.relative_error);
  bias.significant = std::fabs(bias.relative) > 2 * bias.standard_error;
  bias.extrapolated_rate = 2 * half.rate - whole.rate;
  bias.extrapolated_error =
    std::hypot(2 * half.rate * half.relative_error, whole.rate * whole.relative_error) /
    bias.extrapolated_rate;
  return bias;
}

#define INSTANTIATE(dim)                                                                           \
  template EscapeEstimate estimate_escape(const std::vector<FirstExit<dim>>&, unsigned int);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
