#include "postprocess/commands/comparison/comparison.h"

#include "postprocess/commands/comparison/goodness_of_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t least_exits = 20; // below, a distribution says nothing

double number(const Json& json) {
  return json.is_null() ? NAN : json.get<double>();
}

Json number_or_null(const double number) {
  return std::isfinite(number) ? Json(number) : Json(nullptr);
}

/// n: the number of independent exits; zero if exits depend on each other, as those of a repeat do:
/// then the interval that comes from the repeats tells the error.
ComparedQuantity compare_probability(const Json& computed, const Json& simulated,
                                     const std::size_t n) {
  const double p = number(computed["probability"]), q = number(simulated["probability"]);
  ComparedQuantity result{ "exit " + computed["boundary"].get<std::string>(), p, q, NAN, 0 };
  if (n == 0) {
    constexpr double interval_in_errors = 2 * 1.96;
    const auto& interval = simulated["interval_95"];
    result.standard_error = (number(interval[1]) - number(interval[0])) / interval_in_errors;
    result.deviation = (q - p) / result.standard_error;
  } else {
    result.standard_error = std::sqrt(p * (1 - p) / static_cast<double>(n));
    const double probability = binomial_probability(simulated["exits"].get<std::size_t>(), n, p);
    result.deviation = std::copysign(in_standard_errors(probability), q - p);
  }
  if (!std::isfinite(result.deviation)) result.deviation = q == p ? 0. : HUGE_VAL;
  return result;
}

ComparedQuantity compare_distribution(const std::string& name, const std::vector<double>& sample,
                                      const std::function<double(double)>& distribution) {
  const double distance = kolmogorov_distance(sample, distribution);
  return { name, NAN, distance, 0.26 / std::sqrt(static_cast<double>(sample.size())),
           in_standard_errors(kolmogorov_probability(distance, sample.size())) };
}

template <typename... Values>
std::string print(const char* format, const Values... values) {
  char buffer[300];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

} // namespace

double SimulatedRate::relative_error() const {
  return std::hypot(statistical_error, step_error);
}

SimulatedRate SimulatedRate::of(const Json& result) {
  const Json& rate = (result.contains("half_step") ? result["half_step"] : result)["escape_rate"];
  SimulatedRate simulated{ number(rate["value"]), number(rate["relative_standard_error"]), 0 };
  if (result.contains("step_bias")) {
    const double bias = number(result["step_bias"]["relative"]);
    const double error = number(result["step_bias"]["standard_error"]);
    simulated.step_error = std::sqrt(std::max(0., bias * bias - error * error));
  }
  return simulated;
}

std::vector<ComparedQuantity> compare_results(const Json& solution, const Json& simulation) {
  const auto simulated = SimulatedRate::of(simulation);
  const double rate = std::exp(number(solution["escape_rate"]["log"]));
  const double error = std::fmax(number(solution["escape_rate"]["relative_error"]), 0.);
  const double standard_error =
    std::hypot(simulated.relative_error() * simulated.value, error * rate);
  std::vector<ComparedQuantity> result{ { "escape rate", rate, simulated.value, standard_error,
                                          (simulated.value - rate) / standard_error } };

  const Json& shown = simulation.contains("half_step") ? simulation["half_step"] : simulation;
  std::size_t n = 0;
  if (!simulation.contains("repeats"))
    for (const auto& exit : shown["exit"])
      n += exit["exits"].get<std::size_t>();
  if (shown["exit"].size() > 1)
    for (const auto& exit : shown["exit"])
      for (const auto& computed : solution["exit"])
        if (computed["boundary"] == exit["boundary"] && !computed["probability"].is_null())
          result.push_back(compare_probability(computed, exit, n));
  return result;
}

template <int dim>
std::vector<ComparedQuantity> compare_exits(const Domain<dim>& domain,
                                            const std::vector<ExitShare<dim>>& shares,
                                            const std::vector<FirstExit<dim>>& exits) {
  std::vector<ComparedQuantity> result;
  std::vector<double> times;
  bool censored = false;
  double total = 0;
  for (const auto& exit : exits) {
    censored = censored || exit.side == FirstExit<dim>::censored;
    times.push_back(exit.time);
    total += exit.time;
  }
  if (!censored && times.size() >= least_exits) {
    const double rate = static_cast<double>(times.size()) / total;
    result.push_back(compare_distribution(
      "exit times", times, [rate](const double time) { return -std::expm1(-rate * time); }));
  }
  if (shares.empty()) return result;
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    for (unsigned int axis = 0; axis < dim; ++axis) {
      std::vector<double> coordinates;
      for (const auto& exit : exits)
        if (exit.side == static_cast<int>(side)) coordinates.push_back(exit.position[axis]);
      if (coordinates.size() < least_exits) continue;
      const CoordinateDistribution distribution(shares, side, axis);
      if (distribution.varies())
        result.push_back(compare_distribution("exit points " + domain.side_name(side) + ", " +
                                                domain.coordinate_name(axis),
                                              coordinates, distribution));
    }
  return result;
}

const ComparedQuantity& largest_deviation(const std::vector<ComparedQuantity>& quantities) {
  return *std::max_element(quantities.begin(), quantities.end(), [](const auto& a, const auto& b) {
    return std::fabs(a.deviation) < std::fabs(b.deviation);
  });
}

Json describe(const std::vector<ComparedQuantity>& quantities) {
  Json json = Json::array();
  for (const auto& quantity : quantities)
    json.push_back({ { "quantity", quantity.name },
                     { "computed", number_or_null(quantity.computed) },
                     { "simulated", number_or_null(quantity.simulated) },
                     { "standard_error", number_or_null(quantity.standard_error) },
                     { "deviation", number_or_null(quantity.deviation) },
                     { "agrees", quantity.agrees() } });
  return json;
}

Json compare_formulas(const Json& formulas, const SimulatedRate& simulated) {
  Json json = Json::array();
  for (const auto& formula : formulas) {
    if (!formula["applicable"].get<bool>() || formula["log_rate"].is_null()) continue;
    const double difference = std::expm1(number(formula["log_rate"]) - std::log(simulated.value));
    json.push_back({ { "name", formula["name"] },
                     { "rate", formula["rate"] },
                     { "difference", number_or_null(difference) },
                     { "deviation", number_or_null(difference / simulated.relative_error()) } });
  }
  return json;
}

void print_comparison(std::ostream& stream, const Json& comparison) {
  if (comparison["partial"]) stream << "  PARTIAL: the simulation was stopped before its end\n\n";
  stream << print("  %-24s  %-16s  %-24s  %-11s  in s.e.\n", "quantity", "finite elements",
                  "Monte Carlo", "difference");
  for (const auto& row : comparison["quantities"]) {
    const double computed = number(row["computed"]), simulated = number(row["simulated"]);
    const double error = number(row["standard_error"]), deviation = number(row["deviation"]);
    const auto name = row["quantity"].get<std::string>();
    const char* const verdict = row["agrees"].get<bool>() ? "agrees" : "DISAGREES";
    if (!std::isfinite(computed))
      stream << print("  %-24s  %-16s  %-24s  %-11.4f  %6.2f  %s\n", name.c_str(), "",
                      "largest distance", simulated, deviation, verdict);
    else
      stream << print("  %-24s  %-16.6g  %-11.5g +- %-9.2g  %+6.2f %%     %+6.2f  %s\n",
                      name.c_str(), computed, simulated, error, 100 * (simulated / computed - 1),
                      deviation, verdict);
  }
  if (!comparison["formulas"].empty())
    stream << print("\n  %-28s  %-12s  from Monte Carlo  in s.e.\n", "formula", "rate");
  for (const auto& row : comparison["formulas"])
    stream << print("  %-28s  %-12.6g  %+8.2f %%        %+6.1f\n",
                    row["name"].get<std::string>().c_str(), number(row["rate"]),
                    100 * number(row["difference"]), number(row["deviation"]));
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<ComparedQuantity> compare_exits(                                            \
    const Domain<dim>&, const std::vector<ExitShare<dim>>&, const std::vector<FirstExit<dim>>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
