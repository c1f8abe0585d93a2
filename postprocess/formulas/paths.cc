#include "postprocess/formulas/paths.h"

#include "postprocess/formulas/conditions.h"
#include "postprocess/formulas/panels.h"
#include "postprocess/formulas/transition_state.h"
#include "problems/base/input_error.h"
#include "solver/operator/rate_matrix.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fokker_planck {

using conditions::text;

namespace {

/// The minimum at each well; null where there is none.
template <int dim>
std::vector<const CriticalPoint<dim>*> minima(const Landscape<dim>& landscape) {
  std::vector<const CriticalPoint<dim>*> found;
  for (const auto& well : landscape.wells) {
    const auto point = std::find_if(landscape.critical_points.begin(),
                                    landscape.critical_points.end(), [&](const auto& critical) {
                                      return critical.kind == CriticalPoint<dim>::Kind::minimum &&
                                             critical.position.distance(well) == 0;
                                    });
    found.push_back(point == landscape.critical_points.end() ? nullptr : &*point);
  }
  return found;
}

template <int dim>
Evaluation parallel(const EscapeSetting<dim>& setting) {
  if (!setting.objection.empty()) return not_applicable(setting.objection);
  const auto n_near =
    std::count_if(setting.routes.begin(), setting.routes.end(), [&](const Route& route) {
      return route.potential < setting.routes.front().potential + conditions::near_levels;
    });
  if (setting.routes.empty())
    return not_applicable("no critical point marks a way out of the valley");
  Evaluation result = add_routes(setting, setting.routes);
  if (n_near < 2)
    return not_applicable("there is only one way out of the valley", result.log_rate,
                          result.corrected_log_rate);
  for (long k = 0; k < n_near; ++k)
    if (!setting.routes[k].objection.empty())
      return not_applicable(setting.routes[k].objection, result.log_rate,
                            result.corrected_log_rate);
  if (result.applicable)
    result.reason = text("%g ways out", double(n_near)) +
                    text(", the lowest at barrier/D = %.4g",
                         setting.routes.front().potential - setting.minimum().potential);
  return result;
}

/// What speaks against the steps of the chain: conditions on a way that is used, or on a valley.
template <int dim>
std::string objection_to_chain(const EscapeSetting<dim>& setting,
                               const std::vector<const CriticalPoint<dim>*>& wells) {
  const auto& landscape = setting.landscape;
  const double level = landscape.exit_level + conditions::near_levels;
  std::vector<double> lowest(wells.size(), INFINITY);
  for (std::size_t k = 0; k < landscape.critical_points.size(); ++k) {
    const auto& point = landscape.critical_points[k];
    if (point.kind == CriticalPoint<dim>::Kind::minimum || point.potential > level) continue;
    const Route route = setting.through(k);
    if (!route.objection.empty()) return route.objection;
    for (const auto& end : point.leads_to)
      if (end.well >= 0) lowest[end.well] = std::min(lowest[end.well], point.potential);
  }
  for (std::size_t v = 0; v < wells.size(); ++v) {
    const double barrier = lowest[v] - wells[v]->potential;
    if (barrier < conditions::least_barrier)
      return text("barrier/D = %.3g", barrier) +
             text(" of one of the valleys is not large (%g needed)", conditions::least_barrier);
    const std::string objection = setting.objection_to(*wells[v]);
    if (!objection.empty()) return objection;
  }
  return "";
}

/// Logarithm of the smallest eigenvalue of a chain; long double holds rates down to exp(-11000).
double log_smallest_eigenvalue(const std::vector<std::vector<double>>& log_rates) {
  const std::size_t n = log_rates.size() - 1;
  RateMatrix chain{ std::vector<std::vector<long double>>(n, std::vector<long double>(n, 0.L)),
                    std::vector<long double>(n) };
  auto identity = chain.rate;
  for (std::size_t m = 0; m < n; ++m) {
    identity[m][m] = 1;
    chain.exit[m] = std::exp(static_cast<long double>(log_rates[n][m]));
    for (std::size_t l = 0; l < n; ++l)
      if (l != m) chain.rate[l][m] = std::exp(static_cast<long double>(log_rates[l][m]));
  }
  const auto populations = chain.slowest_mode(identity);
  long double flux = 0, total = 0;
  for (std::size_t m = 0; m < n; ++m) {
    flux += chain.exit[m] * populations[m];
    total += populations[m];
  }
  return static_cast<double>(std::log(flux / total));
}

template <int dim>
Evaluation sequential(const EscapeSetting<dim>& setting) {
  if (!setting.objection.empty()) return not_applicable(setting.objection);
  const auto wells = minima(setting.landscape);
  if (wells.size() < 2) return not_applicable("the domain holds only one valley");
  if (std::count(wells.begin(), wells.end(), nullptr) > 0)
    return not_applicable("a valley has its bottom on the boundary");
  double log_rate;
  try {
    log_rate = log_smallest_eigenvalue(log_rates_between_valleys(setting));
  } catch (const NotConverged&) {
    return not_applicable("no critical point marks a way out of one of the valleys");
  }
  if (!std::isfinite(log_rate))
    return not_applicable("no way to an absorbing side, over saddles or exit points, was found");
  const std::string objection = objection_to_chain(setting, wells);
  if (!objection.empty()) return not_applicable(objection, log_rate);
  return { true, text("%g valleys", double(wells.size())), log_rate };
}

} // namespace

template <int dim>
double log_occupation_ratio(const CriticalPoint<dim>& v, const CriticalPoint<dim>& w) {
  return EscapeSetting<dim>::log_weight(v) - EscapeSetting<dim>::log_weight(w);
}

template <int dim>
std::vector<double> log_occupations(const Landscape<dim>& landscape) {
  std::vector<double> logs;
  double total = -INFINITY;
  for (const auto* const well : minima(landscape)) {
    if (well == nullptr) throw std::invalid_argument("a valley has no minimum inside the domain");
    logs.push_back(EscapeSetting<dim>::log_weight(*well));
    total = log_sum(total, logs.back());
  }
  for (double& log : logs)
    log -= total;
  return logs;
}

template <int dim>
std::vector<std::vector<double>> log_rates_between_valleys(const EscapeSetting<dim>& setting) {
  const auto wells = minima(setting.landscape);
  const std::size_t n = wells.size();
  if (std::count(wells.begin(), wells.end(), nullptr) > 0)
    throw std::invalid_argument("a valley has no minimum inside the domain");
  std::vector<std::vector<double>> logs(n + 1, std::vector<double>(n, -INFINITY));
  const double start = EscapeSetting<dim>::log_weight(setting.minimum());
  for (std::size_t k = 0; k < setting.landscape.critical_points.size(); ++k) {
    const auto& ends = setting.landscape.critical_points[k].leads_to;
    if (ends.empty()) continue;
    const Route route = setting.through(k);
    const auto step = [&](const int from, const int to) {
      if (from < 0 || from == to) return;
      double& log = logs[to < 0 ? n : to][from];
      log = log_sum(log, route.log_rate + start - EscapeSetting<dim>::log_weight(*wells[from]));
    };
    if (route.way == Route::Way::beyond_saddle && ends.size() == 2) {
      step(ends[0].well, ends[1].well);
      step(ends[1].well, ends[0].well);
    } else if (route.way != Route::Way::beyond_saddle)
      step(ends[0].well, CriticalPoint<dim>::absorbed);
  }
  return logs;
}

template <int dim>
std::vector<EscapeFormula<dim>> path_formulas() {
  return { { "parallel paths", "P. Haenggi, P. Talkner, M. Borkovec, Rev. Mod. Phys. 62 (1990) 251",
             "sum of the rates through all ways out of the valley", parallel<dim> },
           { "sequential paths", "A. Bovier, V. Gayrard, M. Klein, J. Eur. Math. Soc. 7 (2005) 69",
             "smallest eigenvalue of the Markov chain of valleys with the rates of Eyring and "
             "Kramers: times add",
             sequential<dim> } };
}

#define INSTANTIATE(dim)                                                                           \
  template double log_occupation_ratio(const CriticalPoint<dim>&, const CriticalPoint<dim>&);      \
  template std::vector<double> log_occupations(const Landscape<dim>&);                             \
  template std::vector<std::vector<double>> log_rates_between_valleys(const EscapeSetting<dim>&);  \
  template std::vector<EscapeFormula<dim>> path_formulas();
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
