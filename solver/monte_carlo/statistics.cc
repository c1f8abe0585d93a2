#include "solver/monte_carlo/statistics.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <limits>

namespace fokker_planck {

namespace {

double gamma_quantile(const std::size_t n, const double probability) {
  return quantile(boost::math::gamma_distribution<double>(static_cast<double>(n)), probability);
}

} // namespace

Interval rate_interval(const std::size_t n_exits, const double total_time, const bool censored,
                       const double confidence) {
  if (!(total_time > 0)) return { 0, std::numeric_limits<double>::infinity() };
  const double tail = 0.5 * (1 - confidence);
  const std::size_t n_upper = censored || n_exits == 0 ? n_exits + 1 : n_exits;
  return { n_exits == 0 ? 0. : gamma_quantile(n_exits, tail) / total_time,
           gamma_quantile(n_upper, 1 - tail) / total_time };
}

Interval probability_interval(const std::size_t n_hits, const std::size_t n,
                              const double confidence) {
  if (n == 0) return { 0, 1 };
  using Binomial = boost::math::binomial_distribution<double>;
  const double tail = 0.5 * (1 - confidence);
  const auto trials = static_cast<double>(n), hits = static_cast<double>(n_hits);
  return { Binomial::find_lower_bound_on_p(trials, hits, tail),
           Binomial::find_upper_bound_on_p(trials, hits, tail) };
}

double student_quantile(const std::size_t freedom, const double probability) {
  return quantile(boost::math::students_t_distribution<double>(static_cast<double>(freedom)),
                  probability);
}

} // namespace fokker_planck
