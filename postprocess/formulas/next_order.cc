#include "postprocess/formulas/next_order.h"

#include "postprocess/formulas/conditions.h"

#include <array>
#include <cmath>

namespace fokker_planck {

namespace {

constexpr unsigned int n = 16; // points of interpolation

using Values = std::array<double, n>;

double chebyshev_point(const unsigned int i) {
  return std::cos(M_PI * (i + 0.5) / n);
}

/// Coefficients of the derivative of a series of Chebyshev polynomials.
Values differentiate(const Values& c) {
  Values d{};
  for (unsigned int k = n - 1; k >= 1; --k)
    d[k - 1] = (k + 1 < n ? d[k + 1] : 0.) + 2 * k * c[k];
  d[0] *= 0.5;
  return d;
}

double value(const Values& c, const double t) {
  double b1 = 0, b2 = 0;
  for (unsigned int k = n - 1; k >= 1; --k) {
    const double b0 = 2 * t * b1 - b2 + c[k];
    b2 = b1;
    b1 = b0;
  }
  return t * b1 - b2 + c[0];
}

/// The derivatives of order 0 ... 3 at t in [-1, 1] of a function given at the points.
std::array<double, 4> derivatives(const Values& f, const double t) {
  Values c{};
  for (unsigned int k = 0; k < n; ++k)
    for (unsigned int i = 0; i < n; ++i)
      c[k] += (k == 0 ? 1. : 2.) / n * f[i] * std::cos(M_PI * k * (i + 0.5) / n);
  std::array<double, 4> result{};
  for (double& derivative : result) {
    derivative = value(c, t);
    c = differentiate(c);
  }
  return result;
}

/// Psi' and log D at the points around a centre; false if they are not all finite.
bool sample_slopes(const Problem<1>& problem, const double center, const double radius,
                   const double volume_exponent, Values& slopes, Values& log_diffusions) {
  std::vector<dealii::Point<1>> points(n);
  for (unsigned int i = 0; i < n; ++i)
    points[i][0] = center + radius * chebyshev_point(i);
  std::vector<dealii::Tensor<1, 1>> convections;
  std::vector<dealii::SymmetricTensor<2, 1>> tensors;
  problem.convections(points, convections);
  problem.diffusion->tensors(points, tensors);
  bool finite = true;
  for (unsigned int i = 0; i < n; ++i) {
    slopes[i] = convections[i][0] / tensors[i][0][0];
    if (volume_exponent > 0) slopes[i] -= volume_exponent / points[i][0];
    log_diffusions[i] = tensors[i][0][0] > 0 ? std::log(tensors[i][0][0]) : NAN;
    finite = finite && std::isfinite(slopes[i]) && std::isfinite(log_diffusions[i]);
  }
  return finite;
}

/// g'/g and g''/g of g = D^-power.
std::array<double, 2> factor(const Expansion& e, const double power) {
  return { { -power * e.log_d1, power * power * e.log_d1 * e.log_d1 - power * e.log_d2 } };
}

std::optional<double> log_next_order_1d(const EscapeSetting<1>& setting, const Route& route) {
  const Problem<1>& problem = setting.problem;
  const auto& minimum = setting.minimum();
  const auto& point = setting.landscape.critical_points[route.point];
  const double x = point.position[0];
  const double of_minimum = next_order_at_minimum(
    expand(problem, minimum.position[0], 1 / std::sqrt(minimum.potential_eigenvalues[0])));
  const double side = x > minimum.position[0] ? 1. : -1.;
  double of_exit;
  if (route.way == Route::Way::boundary_exit) {
    std::vector<dealii::Tensor<1, 1>> gradient;
    setting.gauge.gradients({ point.position }, gradient);
    const auto e = expand(problem, x, 2 / std::fabs(gradient[0][0]));
    of_exit = e.psi2 / (e.psi1 * e.psi1) + e.log_d1 / e.psi1;
  } else {
    const double k = -point.potential_eigenvalues[0];
    const auto e = expand(problem, x, 1 / std::sqrt(k));
    const bool at_end = route.way == Route::Way::at_saddle;
    const double end =
      at_end ? (problem.domain.coordinate(point.sides[0]) - x) * side * std::sqrt(k) : INFINITY;
    of_exit = relative_integral_at_saddle(e, end, side) * (at_end ? 2 : 1) - 1;
  }
  if (!(std::fabs(of_minimum) < conditions::most_correction &&
        std::fabs(of_exit) < conditions::most_correction))
    return {};
  return -std::log1p(of_minimum) - std::log1p(of_exit);
}

} // namespace

Expansion expand(const Problem<1>& problem, const double x, const double radius,
                 const bool with_volume) {
  const Domain<1>& domain = problem.domain;
  const double volume_exponent = with_volume ? domain.dimension() - 1 : 0;
  Values slopes, log_diffusions;
  double center = x, h = std::min(radius, 0.5 * domain.length(0));
  if (!sample_slopes(problem, center, h, volume_exponent, slopes, log_diffusions)) {
    center = std::min(std::max(x, domain.lower[0] + h), domain.upper[0] - h);
    sample_slopes(problem, center, h, volume_exponent, slopes, log_diffusions);
  }
  const auto psi = derivatives(slopes, (x - center) / h);
  const auto log_d = derivatives(log_diffusions, (x - center) / h);
  return { psi[0],       psi[1] / h,        psi[2] / (h * h), psi[3] / (h * h * h),
           log_d[1] / h, log_d[2] / (h * h) };
}

double next_order_at_minimum(const Expansion& e, const double power) {
  const double k = e.psi2;
  const auto g = factor(e, power);
  return g[1] / (2 * k) - g[0] * e.psi3 / (2 * k * k) - e.psi4 / (8 * k * k) +
         5 * e.psi3 * e.psi3 / (24 * k * k * k);
}

double relative_integral_at_saddle(const Expansion& e, const double end, const double side,
                                   const double power) {
  const double k = -e.psi2, unit = 1 / std::sqrt(k);
  const auto g = factor(e, power);
  // Moments of the normal distribution up to the end.
  const bool whole = std::isinf(end);
  const double density = whole ? 0 : std::exp(-0.5 * end * end) / std::sqrt(2 * M_PI);
  std::array<double, 7> moments{ { whole ? 1 : 0.5 * std::erfc(-end / std::sqrt(2.)), -density } };
  for (int m = 2; m < 7; ++m)
    moments[m] = (m - 1) * moments[m - 2] - (whole ? 0 : std::pow(end, m - 1) * density);
  const double g1 = side * g[0] * unit, g2 = g[1] * unit * unit;
  const double f3 = side * e.psi3 * unit * unit * unit, f4 = e.psi4 * unit * unit * unit * unit;
  return moments[0] + g1 * moments[1] + f3 / 6 * moments[3] + g2 / 2 * moments[2] +
         (g1 * f3 / 6 + f4 / 24) * moments[4] + f3 * f3 / 72 * moments[6];
}

template <int dim>
std::optional<double> log_next_order(const EscapeSetting<dim>& setting, const Route& route) {
  if constexpr (dim == 1)
    return log_next_order_1d(setting, route);
  else
    return {};
}

template std::optional<double> log_next_order(const EscapeSetting<1>&, const Route&);
template std::optional<double> log_next_order(const EscapeSetting<2>&, const Route&);
template std::optional<double> log_next_order(const EscapeSetting<3>&, const Route&);

} // namespace fokker_planck
