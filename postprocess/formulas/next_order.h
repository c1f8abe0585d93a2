// The next order of the escape formulas in one dimension.
//
// Where the rate is the quotient of the flux through a point b and the weight of the valley around
// a, 1/gamma = int exp(-Psi) dx int exp(Psi)/D dy, Laplace's method gives for a factor g and an
// exponent -k x^2/2 + f3 x^3/6 + f4 x^4/24
//   1 + g''/(2gk) + g' f3/(2gk^2) + f4/(8k^2) + 5 f3^2/(24k^3)
// beside the leading term. If b is an end that absorbs, the integral ends there: odd powers
// contribute, too, and the moments are those of half a normal distribution. At an end on a slope s
// it is 1 + Psi''/s^2 - g'/(g s).
// For constant D this is the correction of Kramers' formula, 1 + D [5L3a^2/(24Ha^3) - L4a/(8Ha^2) +
// 5L3b^2/(24|Hb|^3) + L4b/(8Hb^2)].
//
// Derivatives beyond the first come from the interpolation of Psi' = c/D and of log D, which are
// known analytically, at 16 Chebyshev points within one width 1/sqrt(k) on both sides: the
// correction is then exact to about 1e-15/sqrt(D) absolutely.
#pragma once

#include "postprocess/formulas/escape_setting.h"

#include <optional>

namespace fokker_planck {

/// Derivatives of Psi and log D at a point.
struct Expansion {
  double psi1, psi2, psi3, psi4;
  double log_d1, log_d2;
};

/// Expands Psi (with the volume element if asked for) at x, from points no farther than radius. One
/// of the points may lie outside the domain, unless the noise or the loss is not defined there.
Expansion expand(const Problem<1>& problem, double x, double radius, bool with_volume = true);

/// Relative next-order term of int exp(-Psi) D^-power around a minimum.
double next_order_at_minimum(const Expansion& expansion, double power = 0);

/// int exp(Psi) D^-power up to the position end, relative to the leading term of the integral over
/// the whole line. end is relative to the saddle in units of 1/sqrt(k); side is +1 if the way out
/// goes up in x, else -1.
double relative_integral_at_saddle(const Expansion& expansion, double end, double side,
                                   double power = 1);

/// Logarithm of (corrected rate/leading-order rate) through a route; none in more than one
/// dimension or where the correction is not small.
template <int dim>
std::optional<double> log_next_order(const EscapeSetting<dim>& setting, const Route& route);

} // namespace fokker_planck
