#include "postprocess/formulas/state_dependent.h"

#include "postprocess/formulas/conditions.h"
#include "postprocess/formulas/next_order.h"
#include "postprocess/formulas/panels.h"
#include "postprocess/formulas/transition_state.h"

#include <cmath>

namespace fokker_planck {

namespace {

struct LossPoint {
  double position;
  Expansion phi;
  double log_diffusion;
};

/// The critical point of L - int f next to x, by Newton's iteration within a radius.
std::optional<LossPoint> critical_point(const Problem<1>& anti_ito, const double x,
                                        const double radius) {
  LossPoint point{ x, {}, 0 };
  for (int i = 0; i < 20; ++i) {
    point.phi = expand(anti_ito, point.position, radius);
    const double step = -point.phi.psi1 / point.phi.psi2;
    if (!(std::fabs(point.position + step - x) < radius)) return {};
    if (std::fabs(step) < 1e-12 * radius) break;
    point.position += step;
  }
  std::vector<dealii::SymmetricTensor<2, 1>> diffusion;
  anti_ito.diffusion->tensors({ dealii::Point<1>(point.position) }, diffusion);
  point.log_diffusion = std::log(diffusion[0][0][0]);
  return point;
}

} // namespace

std::string interpretation_name(const double a) {
  return a == 0 ? "Ito" : a == 1 ? "anti-Ito" : "Stratonovich";
}

std::optional<LossBarrier> loss_barrier(const EscapeSetting<1>& setting, const Route& route,
                                        const double a) {
  Problem<1> anti_ito = setting.problem; // its Psi is Phi
  anti_ito.interpretation = 1;
  const auto& minimum = setting.minimum();
  const auto& exit = setting.landscape.critical_points[route.point];
  const auto bottom =
    critical_point(anti_ito, minimum.position[0], 1 / std::sqrt(minimum.potential_eigenvalues[0]));
  const auto top =
    critical_point(anti_ito, exit.position[0], 1 / std::sqrt(-exit.potential_eigenvalues[0]));
  if (!bottom || !top || !(bottom->phi.psi2 > 0) || !(top->phi.psi2 < 0)) return {};
  std::vector<double> psi;
  setting.gauge.values({ dealii::Point<1>(bottom->position), dealii::Point<1>(top->position) },
                       psi);
  LossBarrier result;
  result.log_noise_ratio = bottom->log_diffusion - top->log_diffusion;
  const double phi =
    psi[1] - psi[0] + (1 - setting.problem.interpretation) * result.log_noise_ratio;
  result.log_rate = 0.5 * std::log(-bottom->phi.psi2 * top->phi.psi2) - std::log(2 * M_PI) +
                    (1 - a) * bottom->log_diffusion + a * top->log_diffusion - phi;
  const double of_minimum = next_order_at_minimum(bottom->phi, 1 - a);
  const double of_saddle = relative_integral_at_saddle(top->phi, INFINITY, 1, a) - 1;
  if (std::fabs(of_minimum) < conditions::most_correction &&
      std::fabs(of_saddle) < conditions::most_correction)
    result.corrected_log_rate = result.log_rate - std::log1p(of_minimum) - std::log1p(of_saddle);
  return result;
}

Evaluation over_loss_barriers(const EscapeSetting<1>& setting, const double a) {
  if (!setting.objection.empty()) return not_applicable(setting.objection);
  std::vector<Route> routes;
  Evaluation result;
  result.log_rate = -INFINITY;
  result.corrected_log_rate = -INFINITY;
  for (const Route& route : setting.routes) {
    if (route.way != Route::Way::beyond_saddle) continue;
    const auto barrier = loss_barrier(setting, route, a);
    if (!barrier)
      return not_applicable("the loss has no critical points next to those of the potential");
    routes.push_back(route);
    result.log_rate = log_sum(result.log_rate, barrier->log_rate);
    if (result.corrected_log_rate && barrier->corrected_log_rate)
      result.corrected_log_rate = log_sum(*result.corrected_log_rate, *barrier->corrected_log_rate);
    else
      result.corrected_log_rate.reset();
  }
  if (routes.empty())
    return not_applicable("no saddle inside the domain, with the absorbing side beyond it, leads "
                          "out of the valley");
  result.reason = objection_to_routes(setting, routes);
  if (result.reason.empty() && a != setting.problem.interpretation)
    result.reason = "the noise is read as " + interpretation_name(setting.problem.interpretation);
  result.applicable = result.reason.empty();
  if (result.applicable)
    result.reason =
      conditions::text("barrier/D = %.4g", routes[0].potential - setting.minimum().potential);
  return result;
}

} // namespace fokker_planck
