// How well a sample fits a distribution, as a probability and in standard errors.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace fokker_planck {

/// The largest distance between the distribution of a sample and a continuous distribution
/// function F: sup |F_n - F|. The sample is sorted by this function.
double kolmogorov_distance(std::vector<double> sample, const std::function<double(double)>& F);

/// The probability that n numbers with a given distribution show at least this distance from it:
///   Q(lambda) = 2 sum_(j >= 1) (-1)^(j-1) exp(-2 j^2 lambda^2),
///   lambda = (sqrt(n) + 0.12 + 0.11/sqrt(n)) distance,
/// accurate for n >= 4. Reference: M. A. Stephens, J. Roy. Stat. Soc. B 32 (1970) 115.
double kolmogorov_probability(double distance, std::size_t n);

/// The probability that n_hits of n trials, or a number at least as far on the same side, are hits
/// if each is one with the given probability, times two (at most 1).
double binomial_probability(std::size_t n_hits, std::size_t n, double probability);

/// The number of standard errors that a Gaussian number exceeds in absolute value with the given
/// probability: 3 for 0.0027. At most 37.
double in_standard_errors(double probability);

} // namespace fokker_planck
