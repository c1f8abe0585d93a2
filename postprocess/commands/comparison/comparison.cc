#include "postprocess/commands/comparison/comparison.h"

#include "postprocess/commands/comparison/goodness_of_fit.h"
#include "postprocess/results/json.h"
#include "problems/base/format.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t least_exits = 20; // below, a distribution says nothing

/// What is infinite is not known.
double known(const double number) {
  return std::isfinite(number) ? number : NAN;
}

/// n: the number of independent exits; zero if exits depend on each other, as those of a repeat do:
/// then the interval that comes from the repeats tells the error.
ComparedQuantity compare_probability(const std::string& side, const double p,
                                     const ExitEstimate& simulated, const std::size_t n) {
  const double q = simulated.probability;
  ComparedQuantity result{ "exit " + side, p, q, NAN, 0 };
  if (n == 0) {
    constexpr double interval_in_errors = 2 * 1.96;
    result.standard_error =
      (known(simulated.interval.upper) - simulated.interval.lower) / interval_in_errors;
    result.deviation = (q - p) / result.standard_error;
  } else {
    result.standard_error = std::sqrt(p * (1 - p) / static_cast<double>(n));
    const double probability = binomial_probability(simulated.n, n, p);
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

} // namespace

double SimulatedRate::relative_error() const {
  return std::hypot(statistical_error, step_error);
}

SimulatedRate::SimulatedRate(const SimulationResult& result)
  : value(result.best().estimate.rate),
    statistical_error(known(result.best().estimate.relative_error)), step_error(0) {
  if (!result.bias) return;
  const double bias = known(result.bias->relative), error = known(result.bias->standard_error);
  step_error = std::sqrt(std::max(0., bias * bias - error * error));
}

std::vector<ComparedQuantity> compare_results(const ComputedEscape& computed,
                                              const SimulationResult& simulation) {
  const SimulatedRate simulated(simulation);
  const double rate = std::exp(computed.log_rate);
  const double error = std::fmax(known(computed.relative_error), 0.);
  const double standard_error =
    std::hypot(simulated.relative_error() * simulated.value, error * rate);
  std::vector<ComparedQuantity> result{ { "escape rate", rate, simulated.value, standard_error,
                                          (simulated.value - rate) / standard_error } };

  const SimulationPass& shown = simulation.best();
  const auto& exits = shown.estimate.exits;
  std::size_t n = 0;
  if (!shown.repeats)
    for (const auto& [side, name] : simulation.sides)
      n += exits[side].n;
  if (simulation.sides.size() > 1)
    for (const auto& [side, name] : simulation.sides)
      result.push_back(compare_probability(name, computed.exit_probability[side], exits[side], n));
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
      if (domain.is_box() && axis == domain.direction(side)) continue;
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

std::vector<ComparedFormula> compare_formulas(const std::vector<Formula>& formulas,
                                              const SimulatedRate& simulated) {
  std::vector<ComparedFormula> compared;
  for (const Formula& formula : formulas) {
    if (!formula.applicable || !std::isfinite(formula.log_rate)) continue;
    const double difference = std::expm1(formula.log_rate - std::log(simulated.value));
    compared.push_back({ formula.name, std::exp(formula.log_rate), difference,
                         difference / simulated.relative_error() });
  }
  return compared;
}

Json comparison_json(const Comparison& comparison) {
  Json quantities = Json::array(), formulas = Json::array();
  for (const auto& quantity : comparison.quantities)
    quantities.push_back({ { "quantity", quantity.name },
                           { "computed", number_or_null(quantity.computed) },
                           { "simulated", number_or_null(quantity.simulated) },
                           { "standard_error", number_or_null(quantity.standard_error) },
                           { "deviation", number_or_null(quantity.deviation) },
                           { "agrees", quantity.agrees() } });
  for (const auto& formula : comparison.formulas)
    formulas.push_back({ { "name", formula.name },
                         { "rate", number_or_null(formula.rate) },
                         { "difference", number_or_null(formula.difference) },
                         { "deviation", number_or_null(formula.deviation) } });
  const auto& worst = largest_deviation(comparison.quantities);
  Json json;
  json["partial"] = comparison.partial;
  json["method"] = comparison.method;
  json["simulated_rate"] = { { "value", comparison.rate.value },
                             { "relative_standard_error", comparison.rate.relative_error() },
                             { "statistical", comparison.rate.statistical_error },
                             { "time_step", comparison.rate.step_error } };
  json["quantities"] = quantities;
  json["formulas"] = formulas;
  json["agree"] = worst.agrees();
  json["largest_deviation"] = { { "quantity", worst.name },
                                { "standard_errors", worst.deviation } };
  return json;
}

void print_comparison(std::ostream& stream, const Comparison& comparison) {
  if (comparison.partial) stream << "  PARTIAL: the simulation was stopped before its end\n\n";
  stream << format("  %-24s  %-16s  %-24s  %-11s  in s.e.\n", "quantity", "finite elements",
                   "Monte Carlo", "difference");
  for (const auto& row : comparison.quantities) {
    const char* const verdict = row.agrees() ? "agrees" : "DISAGREES";
    if (!std::isfinite(row.computed))
      stream << format("  %-24s  %-16s  %-24s  %-11.4f  %6.2f  %s\n", row.name.c_str(), "",
                       "largest distance", row.simulated, row.deviation, verdict);
    else
      stream << format("  %-24s  %-16.6g  %-11.5g +- %-9.2g  %+6.2f %%     %+6.2f  %s\n",
                       row.name.c_str(), row.computed, row.simulated, row.standard_error,
                       100 * (row.simulated / row.computed - 1), row.deviation, verdict);
  }
  if (!comparison.formulas.empty())
    stream << format("\n  %-28s  %-12s  from Monte Carlo  in s.e.\n", "formula", "rate");
  for (const auto& row : comparison.formulas)
    stream << format("  %-28s  %-12.6g  %+8.2f %%        %+6.1f\n", row.name.c_str(), row.rate,
                     100 * row.difference, row.deviation);
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<ComparedQuantity> compare_exits(                                            \
    const Domain<dim>&, const std::vector<ExitShare<dim>>&, const std::vector<FirstExit<dim>>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
