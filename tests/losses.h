// Losses that several tests use.
#pragma once

#include <string>

namespace fokker_planck::testing {

/// Three minima. Source: K. Mueller, L. D. Brown, Theor. Chim. Acta 53 (1979) 75.
inline const std::string muller_brown =
  "-200*exp(-(x-1)^2 - 10*y^2) - 100*exp(-x^2 - 10*(y-0.5)^2)"
  " - 170*exp(-6.5*(x+0.5)^2 + 11*(x+0.5)*(y-1.5) - 6.5*(y-1.5)^2)"
  " + 15*exp(0.7*(x+1)^2 + 0.6*(x+1)*(y-1) + 0.7*(y-1)^2)";

/// The loss of Styblinski and Tang in one dimension.
inline double st(const double x) {
  return 0.5 * (x * x * x * x - 16 * x * x + 5 * x);
}

/// A root of 4x^3 - 32x + 5, twice the derivative of st, near x.
inline double st_root(double x) {
  for (int i = 0; i < 50; ++i)
    x -= (4 * x * x * x - 32 * x + 5) / (12 * x * x - 32);
  return x;
}

} // namespace fokker_planck::testing
