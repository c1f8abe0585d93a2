#include "postprocess/results/valleys.h"

#include "postprocess/formulas/valley_formulas.h"
#include "postprocess/results/json.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

Json matrix_json(const std::vector<std::vector<double>>& rows) {
  Json json = Json::array();
  for (const auto& row : rows)
    json.push_back(numbers_or_null(row));
  return json;
}

template <int dim>
Json log_rates_json(const ValleyRates<dim>& valleys, const Domain<dim>& domain) {
  Json to_sides = Json::object();
  for (unsigned int side = 0; side < domain.n_sides(); ++side) {
    if (!domain.absorbs(side)) continue;
    std::vector<double> rates;
    for (const auto& exits : valleys.log_exit_rates)
      rates.push_back(exits[side]);
    to_sides[domain.side_name(side)] = numbers_or_null(rates);
  }
  return { { "to_valleys", matrix_json(valleys.log_rates) },
           { "to_exits", numbers_or_null(valleys.log_total_exit_rates) },
           { "to_sides", to_sides },
           { "leaving", numbers_or_null(valleys.log_leaving_rates) } };
}

template <int dim>
Json eigenvalues_json(const AdaptiveSolution<dim>& adaptive) {
  const ValleyRates<dim>& valleys = adaptive.valleys;
  Json list = Json::array();
  for (std::size_t mode = 0; mode < valleys.log_eigenvalues.size(); ++mode) {
    const auto& log = valleys.log_eigenvalues[mode];
    const double error = mode == 0 ? adaptive.relative_error
                                   : valleys.errors.largest() + valleys.truncation_errors[mode];
    Json json = { { "value", std::exp(log.real()) * std::cos(log.imag()) },
                  { "log", number_or_null(log.real()) },
                  { "relative_error", number_or_null(error) } };
    if (log.imag() != 0) json["argument"] = log.imag();
    list.push_back(json);
  }
  return list;
}

} // namespace

template <int dim>
Json valleys_json(const Solution<dim>& solution) {
  const ValleyRates<dim>& valleys = solution.adaptive.valleys;
  Json json;
  json["minima"] = Json::array();
  for (const auto& minimum : valleys.minima)
    json["minima"].push_back(std::vector<double>(&minimum[0], &minimum[0] + dim));
  json["log_rates"] = log_rates_json(valleys, solution.problem.domain);
  json["formula_log_rates"] = nullptr;
  const auto formulas = valley_formula_rates(solution.problem, solution.gauge, solution.landscape);
  // Valleys that share a vertex of the mesh are one.
  if (formulas && formulas->to_exits.size() == valleys.minima.size())
    json["formula_log_rates"] = { { "to_valleys", matrix_json(formulas->to_valleys) },
                                  { "to_exits", numbers_or_null(formulas->to_exits) } };
  json["relative_errors"] = { { "to_valleys", matrix_json(valleys.errors.rates) },
                              { "to_exits", numbers_or_null(valleys.errors.exits) },
                              { "largest", number_or_null(valleys.errors.largest()) } };
  json["occupation"] = valleys.occupation.empty() ? Json(nullptr) : Json(valleys.occupation);
  json["eigenvalues"] = eigenvalues_json(solution.adaptive);
  return json;
}

template Json valleys_json(const Solution<1>&);
template Json valleys_json(const Solution<2>&);
template Json valleys_json(const Solution<3>&);

} // namespace fokker_planck
