#include "postprocess/commands/comparison/goodness_of_fit.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

double kolmogorov_distance(std::vector<double> sample, const std::function<double(double)>& F) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = F(sample[i]), below = static_cast<double>(i) / n;
    distance = std::max({ distance, f - below, below + 1 / n - f });
  }
  return distance;
}

double kolmogorov_probability(const double distance, const std::size_t n) {
  const double root = std::sqrt(static_cast<double>(n));
  const double lambda = (root + 0.12 + 0.11 / root) * distance;
  if (lambda < 0.2) return 1; // up to 1e-12; the series converges slowly there
  double sum = 0;
  for (int j = 1; j <= 30; ++j)
    sum += (j % 2 ? 2 : -2) * std::exp(-2. * j * j * lambda * lambda);
  return std::min(std::max(sum, 0.), 1.);
}

double binomial_probability(const std::size_t n_hits, const std::size_t n,
                            const double probability) {
  const double p = std::min(std::max(probability, 0.), 1.);
  const boost::math::binomial_distribution<double> binomial(static_cast<double>(n), p);
  const auto hits = static_cast<double>(n_hits);
  const double at_most = cdf(binomial, hits);
  const double at_least = n_hits == 0 ? 1. : cdf(complement(binomial, hits - 1));
  return std::min(1., 2 * std::min(at_most, at_least));
}

double in_standard_errors(const double probability) {
  const double tail = 0.5 * std::min(std::max(probability, 1e-299), 1.);
  return quantile(complement(boost::math::normal_distribution<double>(), tail));
}

} // namespace fokker_planck
