// Escape under the noise of stochastic gradient descent.
//
// Hessian-aligned, D = eta_B/2 F with F = |H| (two temperature, absolute):
//   gamma = |H_be|/(2 pi) (T_a/T_b)^(1-a) exp(-s dL/T_a - (1-s) dL/T_b),   T = eta_B/2 |H|_e,
// e the way out. For anti-Ito noise (a = 1) it is the published formula; for Ito noise the factor
// turns |H_be| into H_ae. Exact as the noise vanishes in one dimension (state_dependent.h; the
// exponent of absolute noise is int dL/T along the way), and in n dimensions where the noise is a
// multiple of the identity on the way; otherwise detailed balance is broken and only the exponent
// is right.
//
// Loss-proportional, D = T (L + eps)/h H, kappa = 1/T + 1 - a: with Psi = kappa log(L + eps)
//   power law: gamma = |H_be|/(2 pi) sqrt(det H_a/|det H_b|) ((L_b + eps)/(L_a + eps))^-(kappa -
//              n/2), without the factor T kappa = 1 + (1-a) T of Eyring-Kramers;
//   to a level of L = L_a + h r^2/2, from the exact weight int L^-kappa and flux at any T:
//              gamma = T h S_n r_b^n (h/(2 pi L_a))^(n/2) (L_a/L_b)^kappa (kappa - n/2)
//                      Gamma(kappa)/Gamma(kappa - n/2),
//              for n < n_c = 2 kappa, with the next order 1 - (n/2) (L_a/L_b)/(kappa - n/2 - 1).
// References: Z. Xie, I. Sato, M. Sugiyama, ICLR 2021 (arXiv:2002.03495); T. Mori, L. Ziyin, K.
// Liu, M. Ueda, ICML 2022 (arXiv:2105.09557).
#include "postprocess/formulas/conditions.h"

#include "postprocess/formulas/noise.h"
#include "postprocess/formulas/panels.h"
#include "postprocess/formulas/state_dependent.h"
#include "postprocess/formulas/transition_state.h"
#include "problems/base/eigenvalues.h"
#include "problems/diffusion/absolute_hessian.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using conditions::text;

namespace {

constexpr double least_distance_of_transition = 2; // from L_a and L_b, in units of T
constexpr double most_departure = 1e-3;            // of the loss from a parabola
constexpr double most_weight_correction = 0.3;     // n(n+2)/(8 kappa)

std::string beyond_saddle_only() {
  return "no saddle inside the domain, with the absorbing side beyond it, leads out of the valley";
}

template <int dim>
std::vector<Route> routes_over_saddles(const EscapeSetting<dim>& setting) {
  std::vector<Route> routes;
  for (const Route& route : setting.routes)
    if (route.way == Route::Way::beyond_saddle) routes.push_back(route);
  return routes;
}

/// What speaks against the transition between the temperatures: too near to an end.
std::string objection_to_transition(const TwoTemperatureNoise& noise, const double bottom,
                                    const double top) {
  const double near_bottom = (noise.level - 2 * noise.width - bottom) / noise.at_minimum;
  const double near_top = (top - noise.level - 2 * noise.width) / noise.at_saddle;
  if (std::min(near_bottom, near_top) < least_distance_of_transition)
    return text("the temperature changes only %.2g T away from the minimum or the saddle",
                std::min(near_bottom, near_top)) +
           text(" (%g needed)", least_distance_of_transition);
  return "";
}

template <int dim>
Evaluation two_temperature(const EscapeSetting<dim>& setting, const TwoTemperatureNoise& noise,
                           const double a) {
  if (setting.landscape.start < 0) return not_applicable(setting.objection);
  const auto routes = routes_over_saddles(setting);
  if (routes.empty()) return not_applicable(beyond_saddle_only());
  const double bottom = setting.minimum().loss;
  const double top = setting.landscape.critical_points[routes[0].point].loss;
  const double exponent = (top - bottom) * (noise.path_parameter / noise.at_minimum +
                                            (1 - noise.path_parameter) / noise.at_saddle);
  const auto n_parallel = std::count_if(routes.begin(), routes.end(), [&](const Route& route) {
    const double loss = setting.landscape.critical_points[route.point].loss;
    return loss < top + 1e-6 * (top - bottom);
  });
  Evaluation result;
  result.log_rate = std::log(n_parallel * 2 * noise.at_saddle / noise.scale / (2 * M_PI)) +
                    (1 - a) * std::log(noise.at_minimum / noise.at_saddle) - exponent;
  if constexpr (dim == 1)
    result.corrected_log_rate = over_loss_barriers(setting, a).corrected_log_rate;
  result.reason = !setting.objection.empty()
                    ? setting.objection + "; then only the exponent of the formula is right"
                    : objection_to_routes(setting, routes);
  if (result.reason.empty()) result.reason = objection_to_transition(noise, bottom, top);
  if (result.reason.empty() && a != setting.problem.interpretation)
    result.reason = "the noise is read as " + interpretation_name(setting.problem.interpretation);
  result.applicable = result.reason.empty();
  if (result.applicable) result.reason = text("exponent %.4g", exponent);
  return result;
}

template <int dim>
Evaluation hessian_aligned(const EscapeSetting<dim>& setting, const double a) {
  if (const auto noise = two_temperature_noise(setting.problem))
    return two_temperature(setting, *noise, a);
  if (dynamic_cast<const AbsoluteHessian<dim>*>(setting.problem.diffusion.get()) == nullptr)
    return not_applicable("the noise is not aligned with a Hessian that varies");
  if constexpr (dim == 1)
    return over_loss_barriers(setting, a);
  else
    return not_applicable("in more than one dimension the formula is for the two-temperature "
                          "model, which gives the path parameter s");
}

template <int dim>
Evaluation noise_of_position(const EscapeSetting<dim>& setting) {
  if (setting.problem.diffusion->is_constant())
    return not_applicable("D is constant (see Kramers)");
  if constexpr (dim == 1)
    return over_loss_barriers(setting, setting.problem.interpretation);
  else
    return not_applicable("the formula is for one dimension");
}

template <int dim>
Evaluation power_law(const EscapeSetting<dim>& setting) {
  const auto noise = loss_proportional_noise(setting.problem);
  if (!noise) return not_applicable("the noise is not proportional to the loss");
  if (setting.landscape.start < 0) return not_applicable(setting.objection);
  const auto routes = routes_over_saddles(setting);
  if (routes.empty()) return not_applicable(beyond_saddle_only());
  const double kappa = 1 / noise->temperature + 1 - setting.problem.interpretation;
  const auto log_det = [](const CriticalPoint<dim>& point) {
    return log_determinant(point.hessian_eigenvalues);
  };
  Evaluation result;
  result.log_rate = -INFINITY;
  for (const Route& route : routes) {
    const auto& saddle = setting.landscape.critical_points[route.point];
    const double log_ratio =
      std::log((saddle.loss + noise->floor) / (setting.minimum().loss + noise->floor));
    result.log_rate =
      log_sum(result.log_rate, std::log(std::fabs(saddle.hessian_eigenvalues[0]) / (2 * M_PI)) +
                                 0.5 * (log_det(setting.minimum()) - log_det(saddle)) -
                                 (kappa - 0.5 * dim) * log_ratio);
  }
  if (setting.objection.empty() && dim == 1)
    result.corrected_log_rate = add_routes(setting, routes).corrected_log_rate;
  const double of_weight = dim * (dim + 2) / (8 * kappa);
  result.reason = setting.objection;
  if (result.reason.empty() && !(dim < 2 * kappa))
    result.reason = text("n is not below n_c = %.4g", 2 * kappa);
  if (result.reason.empty() && of_weight > most_weight_correction)
    result.reason = text("n is not far below n_c = %.4g: the valley is not a Gaussian", 2 * kappa);
  const double omitted = noise->temperature * kappa - 1;
  if (result.reason.empty() && omitted > conditions::most_correction)
    result.reason =
      text("T is not small: the formula omits a factor 1 + (1-a) T = %.3g", 1 + omitted);
  if (result.reason.empty()) result.reason = objection_to_routes(setting, routes);
  result.applicable = result.reason.empty();
  if (result.applicable)
    result.reason = text("T = %.4g", noise->temperature) + text(", n_c = %.4g", 2 * kappa);
  return result;
}

/// L = L_a + h r^2/2 around a point, up to a boundary of one level.
struct Parabola {
  double bottom, top, curvature, radius;
};

/// Points of the boundary; empty if a part of it reflects.
template <int dim>
std::vector<dealii::Point<dim>> absorbing_boundary(const EscapeSetting<dim>& setting) {
  const Domain<dim>& domain = setting.problem.domain;
  if (domain.is_radial()) return { domain.upper };
  std::vector<dealii::Point<dim>> points;
  for (unsigned int side = 0; side < domain.n_sides(); ++side) {
    if (!domain.absorbs(side)) return {};
    const auto of_side =
      dim == 1 ? std::vector<dealii::Point<dim>>{ side == 0 ? domain.lower : domain.upper }
               : setting.landscape.watershed.points_on(side);
    points.insert(points.end(), of_side.begin(), of_side.end());
  }
  return points;
}

/// None if the loss is another one.
template <int dim>
std::optional<Parabola> parabola(const EscapeSetting<dim>& setting) {
  const auto boundary = absorbing_boundary(setting);
  const auto center =
    setting.problem.domain.is_radial() ? dealii::Point<dim>() : setting.landscape.wells[0];
  if (boundary.empty()) return {};
  std::vector<dealii::Point<dim>> points = { center };
  for (const auto& end : boundary)
    for (const double t : { 0.1, 0.5, 1. })
      points.push_back(center + t * (end - center));
  std::vector<double> losses;
  std::vector<dealii::SymmetricTensor<2, dim>> hessian;
  setting.problem.loss->values(points, losses);
  setting.problem.loss->hessians({ center }, hessian);
  const double h = hessian[0][0][0], r = boundary[0].distance(center);
  for (std::size_t k = 1; k < points.size(); ++k) {
    const double expected = 0.5 * h * (points[k] - center).norm_square();
    if (!(std::fabs(losses[k] - losses[0] - expected) <= most_departure * expected)) return {};
  }
  for (const auto& end : boundary)
    if (std::fabs(end.distance(center) / r - 1) > most_departure) return {};
  return Parabola{ losses[0], losses[3], h, r };
}

template <int dim>
Evaluation power_law_to_level(const EscapeSetting<dim>& setting) {
  const auto noise = loss_proportional_noise(setting.problem);
  if (!noise) return not_applicable("the noise is not proportional to the loss");
  if (!noise->is_isotropic)
    return not_applicable("the Hessian at the minimum is not a multiple of the identity");
  const auto loss = parabola(setting);
  if (!loss)
    return not_applicable("the loss is not L_a + h r^2/2 up to an absorbing boundary r = r_b");
  const double n = setting.problem.domain.dimension();
  const double kappa = 1 / noise->temperature + 1 - setting.problem.interpretation;
  const double power = kappa - 0.5 * n;
  if (!(power > 0)) return not_applicable(text("n is not below n_c = %.4g", 2 * kappa));
  const double bottom = loss->bottom + noise->floor;
  const double ratio = bottom / (loss->top + noise->floor);
  Evaluation result;
  result.log_rate = std::log(2 * noise->temperature * loss->curvature * power) -
                    std::lgamma(0.5 * n) + n * std::log(loss->radius) +
                    0.5 * n * std::log(loss->curvature / (2 * bottom)) + kappa * std::log(ratio) +
                    std::lgamma(kappa) - std::lgamma(power);
  const double next = -0.5 * n * ratio / (power - 1);
  const double smallness = -power * std::log(ratio);
  if (power > 1 && std::fabs(next) < conditions::most_correction)
    result.corrected_log_rate = result.log_rate + std::log1p(next);
  if (smallness < conditions::least_barrier)
    result.reason = text("(1/T + 1 - a - n/2) log(L_b/L_a) = %.3g is not large", smallness) +
                    text(" (%g needed)", conditions::least_barrier);
  else if (power > 1 && !result.corrected_log_rate)
    result.reason = text("L_b/L_a = %.3g is not large", 1 / ratio);
  result.applicable = result.reason.empty();
  if (result.applicable)
    result.reason = text("L_b/L_a = %.4g", 1 / ratio) + text(", n_c = %.4g", 2 * kappa);
  return result;
}

} // namespace

template <int dim>
std::vector<EscapeFormula<dim>> gradient_noise_formulas() {
  const std::string xie = "Z. Xie, I. Sato, M. Sugiyama, ICLR 2021 (arXiv:2002.03495)",
                    mori = "T. Mori, L. Ziyin, K. Liu, M. Ueda, ICML 2022 (arXiv:2105.09557)";
  std::vector<EscapeFormula<dim>> formulas = {
    { "Kramers, noise D(x)", "H. A. Kramers, Physica 7 (1940) 284, with Laplace's method for D(x)",
      "sqrt(H_a |H_b|)/(2 pi) (D_b/D_a)^(a - 1/2) exp(-int_a^b L'/D)", noise_of_position<dim> }
  };
  for (const double a : { 1., 0.5, 0. })
    formulas.push_back(
      { "Hessian-aligned, " + interpretation_name(a), xie,
        a == 1   ? "|H_be|/(2 pi) exp(-s dL/T_a - (1-s) dL/T_b), T = eta_B/2 |H_e|"
        : a == 0 ? "H_ae/(2 pi) exp(-s dL/T_a - (1-s) dL/T_b), T = eta_B/2 |H_e|"
                 : "sqrt(H_ae |H_be|)/(2 pi) exp(-s dL/T_a - (1-s) dL/T_b), T = eta_B/2 |H_e|",
        [a](const EscapeSetting<dim>& setting) { return hessian_aligned(setting, a); } });
  formulas.push_back(
    { "power law", mori,
      "|H_be|/(2 pi) sqrt(det H_a/|det H_b|) (L_b/L_a)^-(1/T + 1 - a - n/2), T = eta_B h",
      power_law<dim> });
  formulas.push_back(
    { "power law to a level", mori,
      "T h S_n r_b^n (h/(2 pi L_a))^(n/2) (L_a/L_b)^kappa (kappa - n/2) Gamma(kappa)/Gamma(kappa - "
      "n/2), kappa = 1/T + 1 - a, T = eta_B h",
      power_law_to_level<dim> });
  return formulas;
}

template std::vector<EscapeFormula<1>> gradient_noise_formulas();
template std::vector<EscapeFormula<2>> gradient_noise_formulas();
template std::vector<EscapeFormula<3>> gradient_noise_formulas();

} // namespace fokker_planck
