#include "postprocess/formulas/transition_state.h"

#include "postprocess/formulas/conditions.h"
#include "postprocess/formulas/next_order.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using conditions::text;
using Way = Route::Way;

namespace {

/// Why no exit point belongs to the valley.
template <int dim>
std::string no_exit_point(const EscapeSetting<dim>& setting) {
  const Domain<dim>& domain = setting.problem.domain;
  bool is_constant = dim > 1;
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    if (domain.absorbs(side))
      is_constant = is_constant && setting.landscape.watershed.is_constant_along(side);
  if (is_constant)
    return "the loss is constant along the boundary: there is no isolated exit point";
  if (!domain.is_box()) // along a round boundary there may be a curve of exit points
    return "no isolated exit point, where L rises towards an absorbing side, was found for the "
           "valley";
  return "no exit point, where L rises towards an absorbing side, belongs to the valley";
}

/// Why there is no route of a kind.
template <int dim>
std::string no_route(const EscapeSetting<dim>& setting, const Way way) {
  const bool at_saddle =
    std::any_of(setting.routes.begin(), setting.routes.end(),
                [](const Route& route) { return route.way == Way::at_saddle; });
  if (way == Way::beyond_saddle)
    return at_saddle ? "the absorbing side passes through the saddle"
                     : "no saddle inside the domain leads from the valley to an absorbing side";
  return way == Way::at_saddle ? "no saddle of the valley lies on an absorbing side"
                               : no_exit_point(setting);
}

template <int dim>
double barrier(const EscapeSetting<dim>& setting, const Route& lowest) {
  return lowest.potential - setting.minimum().potential;
}

/// Whether a route counts among the lowest ones, to which it is parallel.
template <int dim>
bool is_parallel(const EscapeSetting<dim>& setting, const Route& lowest, const Route& route) {
  return route.potential < lowest.potential + 1e-6 * barrier(setting, lowest);
}

/// What speaks against the surroundings of the routes.
template <int dim>
std::string objection_to_surroundings(const EscapeSetting<dim>& setting,
                                      const std::vector<Route>& routes) {
  const Route& lowest = routes.front();
  const bool over_saddles = std::none_of(routes.begin(), routes.end(), [](const Route& route) {
    return route.way == Way::boundary_exit;
  });
  if (over_saddles) {
    const double rise = setting.lowest_wall_before_ridge - lowest.potential;
    if (rise < conditions::least_rise)
      return text("an absorbing side cuts the near side of the ridge: L/D there is only %.2g "
                  "above the saddle",
                  rise) +
             text(" (%g needed)", conditions::least_rise);
  }
  if (setting.lowest_way_to_other_well < lowest.potential + conditions::near_levels)
    return "another valley inside the domain is reached over a saddle as low as the way out";
  // The lattice overestimates the level; by more than a tenth only if it is much too coarse.
  const double height = barrier(setting, lowest);
  if (setting.landscape.exit_level < lowest.potential - 0.1 * height - 1)
    return "there is a lower way out whose critical point was not found";
  if (height < conditions::least_barrier)
    return text("barrier/D = %.3g is not large", height) +
           text(" (%g needed)", conditions::least_barrier);
  return "";
}

template <int dim>
Evaluation evaluate_way(const EscapeSetting<dim>& setting, const Way way) {
  if (!setting.objection.empty()) return not_applicable(setting.objection);
  std::vector<Route> routes;
  for (const Route& route : setting.routes)
    if (route.way == way) routes.push_back(route);
  if (routes.empty()) return not_applicable(no_route(setting, way));
  return add_routes(setting, routes);
}

template <int dim>
EscapeFormula<dim> make(const std::string& name, const std::string& reference,
                        const std::string& expression, const Way way) {
  return { name, reference, expression,
           [way](const EscapeSetting<dim>& setting) { return evaluate_way(setting, way); } };
}

} // namespace

template <int dim>
std::string objection_to_routes(const EscapeSetting<dim>& setting,
                                const std::vector<Route>& routes) {
  const Route& lowest = routes.front();
  for (const Route& route : routes)
    if (is_parallel(setting, lowest, route) && !route.objection.empty()) return route.objection;
  for (const Route& route : setting.routes) {
    const bool included = std::any_of(routes.begin(), routes.end(),
                                      [&](const Route& own) { return own.point == route.point; });
    if (!included && route.potential < lowest.potential + conditions::near_levels)
      return "a way out of another kind is as low or lower";
  }
  const std::string of_minimum = setting.objection_to(setting.minimum());
  return of_minimum.empty() ? objection_to_surroundings(setting, routes) : of_minimum;
}

template <int dim>
Evaluation add_routes(const EscapeSetting<dim>& setting, const std::vector<Route>& routes) {
  const Route& lowest = routes.front();
  double sum = 0;
  std::optional<double> corrected_sum = 0.;
  int n_parallel = 0;
  for (const Route& route : routes) {
    const double share = std::exp(route.log_rate - lowest.log_rate);
    const auto correction = log_next_order(setting, route);
    sum += share;
    if (corrected_sum && correction)
      *corrected_sum += share * std::exp(*correction);
    else
      corrected_sum.reset();
    if (is_parallel(setting, lowest, route)) ++n_parallel;
  }
  Evaluation result;
  result.log_rate = lowest.log_rate + std::log(sum);
  if (corrected_sum) result.corrected_log_rate = lowest.log_rate + std::log(*corrected_sum);
  result.reason = objection_to_routes(setting, routes);
  result.applicable = result.reason.empty();
  if (result.applicable)
    result.reason = text("barrier/D = %.4g", barrier(setting, lowest)) +
                    (n_parallel > 1 ? text(", %g parallel ways out", n_parallel) : "");
  return result;
}

template <int dim>
std::vector<EscapeFormula<dim>> transition_state_formulas() {
  const std::string kramers = "H. A. Kramers, Physica 7 (1940) 284",
                    eyring = "A. Bovier, M. Eckhoff, V. Gayrard, M. Klein, J. Eur. Math. Soc. 6 "
                             "(2004) 399",
                    review = "P. Haenggi, P. Talkner, M. Borkovec, Rev. Mod. Phys. 62 (1990) 251",
                    schuss = "Z. Schuss, B. J. Matkowsky, SIAM J. Appl. Math. 36 (1979) 604";
  const std::string over_1d = "D_b sqrt(Psi''_a |Psi''_b|)/(2 pi) exp(-(Psi_b - Psi_a))",
                    over = "|lambda_b|/(2 pi) sqrt(det Psi''_a/|det Psi''_b|) exp(-(Psi_b - "
                           "Psi_a)), lambda_b the negative eigenvalue of D Psi''",
                    through = "n.D grad Psi(z)/sqrt(2 pi) sqrt(det Psi''_a/det Psi''_boundary(z)) "
                              "exp(-(Psi_z - Psi_a))";
  std::vector<EscapeFormula<dim>> formulas = {
    make<dim>("Kramers", kramers, over_1d, Way::beyond_saddle),
    make<dim>("Kramers at the saddle", review, "2 " + over_1d, Way::at_saddle),
    make<dim>("Eyring-Kramers", eyring, over, Way::beyond_saddle),
    make<dim>("Eyring-Kramers at the saddle", review, "2 " + over, Way::at_saddle),
    make<dim>("boundary exit", schuss, through, Way::boundary_exit)
  };
  if (dim > 1)
    for (const int k : { 0, 1 })
      formulas[k].evaluate = [](const EscapeSetting<dim>&) {
        return not_applicable("the formula is for one dimension");
      };
  return formulas;
}

#define INSTANTIATE(dim)                                                                           \
  template std::string objection_to_routes(const EscapeSetting<dim>&, const std::vector<Route>&);  \
  template Evaluation add_routes(const EscapeSetting<dim>&, const std::vector<Route>&);            \
  template std::vector<EscapeFormula<dim>> transition_state_formulas();
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
