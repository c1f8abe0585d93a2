#include "solver/monte_carlo/chi_square.h"

#include <cmath>

namespace fokker_planck {

double chi_square(const double freedom, const RandomNumbers& random, const std::uint64_t trajectory,
                  const std::uint64_t step) {
  constexpr std::uint64_t most_attempts = 64; // each succeeds with probability 0.95 or more
  const double shape = 0.5 * freedom, raised = shape < 1 ? shape + 1 : shape;
  const double d = raised - 1. / 3, c = 1 / std::sqrt(9 * d);
  double v = 1, boost = 1;
  for (std::uint64_t attempt = 0; attempt < most_attempts; ++attempt) {
    const auto u =
      random.uniforms(trajectory, step * most_attempts + attempt, RandomPurpose::radial);
    const double z = std::sqrt(-2 * std::log(u[0])) * std::cos(6.28318530717958647693 * u[1]);
    if (shape < 1) boost = std::pow(u[3], 1 / shape);
    const double root = 1 + c * z;
    v = root * root * root;
    if (root > 0 && std::log(u[2]) < 0.5 * z * z + d * (1 - v + std::log(v))) break;
  }
  return 2 * d * v * boost;
}

} // namespace fokker_planck
