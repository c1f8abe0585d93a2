// Sums of squares of many Gaussian numbers at once.
#pragma once

#include "solver/monte_carlo/random.h"

namespace fokker_planck {

/// A number with the chi^2 distribution of any real number of degrees of freedom > 0, which depends
/// only on seed, run, trajectory and step.
///
/// Method: chi^2/2 has the gamma distribution of shape freedom/2, sampled by the rejection of
/// Marsaglia and Tsang, ACM TOMS 26 (2000) 363.
double chi_square(double freedom, const RandomNumbers& random, std::uint64_t trajectory,
                  std::uint64_t step);

} // namespace fokker_planck
