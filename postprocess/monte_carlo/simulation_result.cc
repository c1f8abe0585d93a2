#include "postprocess/monte_carlo/simulation_result.h"

#include "problems/text.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <ostream>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

Json number_or_null(const double number) {
  return std::isfinite(number) ? Json(number) : Json(nullptr);
}

Json describe(const Interval& interval) {
  return { interval.lower, number_or_null(interval.upper) };
}

Json describe_rate(const EscapeEstimate& estimate) {
  return { { "value", estimate.rate },
           { "log", number_or_null(std::log(estimate.rate)) },
           { "relative_standard_error", number_or_null(estimate.relative_error) },
           { "interval_95", describe(estimate.interval) } };
}

template <typename... Values>
std::string print(const char* format, const Values... values) {
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

double number(const Json& json) {
  return json.is_null() ? NAN : json.get<double>();
}

std::string rate_line(const Json& rate) {
  const auto& interval = rate["interval_95"];
  return print("%.5e  95 %% within [%.5e, %.5e]", rate["value"].get<double>(), number(interval[0]),
               number(interval[1]));
}

} // namespace

template <int dim>
Json describe_simulation(const Problem<dim>& problem, const Simulated<dim>& simulated) {
  const EscapeEstimate& estimate = simulated.estimate;
  Json json;
  json["partial"] = simulated.exits.stopped;
  json["escape_rate"] = describe_rate(estimate);
  json["mean_escape_time"] = number_or_null(1 / estimate.rate);
  json["variation_of_exit_times"] = { { "value", number_or_null(estimate.variation) },
                                      { "standard_error",
                                        number_or_null(estimate.variation_error) } };
  json["exit"] = Json::array();
  for (unsigned int side = 0; side < problem.domain.n_sides(); ++side) {
    if (!problem.domain.absorbs(side)) continue;
    const ExitEstimate& exit = estimate.exits[side];
    json["exit"].push_back({ { "boundary", problem.domain.side_name(side) },
                             { "exits", exit.n },
                             { "probability", exit.probability },
                             { "interval_95", describe(exit.interval) } });
  }
  json["trajectories"] = { { "asked", simulated.settings.n_trajectories },
                           { "exited", estimate.n_exits },
                           { "censored", estimate.n_censored } };
  json["total_time"] = estimate.total_time;
  json["time_step"] = simulated.settings.time_step;
  json["scheme"] = to_string(simulated.settings.scheme);
  json["burn_in"] = { { "time", simulated.exits.burn_in_time },
                      { "rejected", simulated.exits.n_rejected } };
  json["steps"] = simulated.exits.n_steps;
  json["time_seconds"] = simulated.seconds;
  json["steps_per_second"] = static_cast<double>(simulated.exits.n_steps) / simulated.seconds;
  return json;
}

template <int dim>
Json describe_start(const MonteCarloParameters& section, const dealii::Point<dim>& start) {
  return { { "kind", section.starts_quasi_stationary() ? "quasi-stationary" : "minimum" },
           { "position", std::vector<double>(&start[0], &start[0] + dim) } };
}

Json describe_bias(const StepBias& bias) {
  return { { "relative", number_or_null(bias.relative) },
           { "standard_error", number_or_null(bias.standard_error) },
           { "significant", bias.significant },
           { "extrapolated_rate", number_or_null(bias.extrapolated_rate) },
           { "extrapolated_relative_standard_error", number_or_null(bias.extrapolated_error) } };
}

template <int dim>
std::string exit_table(const Domain<dim>& domain, const std::vector<FirstExit<dim>>& exits,
                       const double time_per_iteration) {
  const bool iterates = time_per_iteration > 0;
  std::string text = iterates ? "trajectory,time,iterations,boundary" : "trajectory,time,boundary";
  for (int i = 0; i < dim; ++i)
    text += "," + domain.coordinate_name(i);
  for (const auto& exit : exits) {
    text += "\n" + std::to_string(exit.trajectory) + "," + format_number(exit.time) + "," +
            (iterates ? format_number(std::round(exit.time / time_per_iteration)) + "," : "") +
            (exit.side == FirstExit<dim>::censored
               ? "censored"
               : domain.side_name(static_cast<unsigned int>(exit.side)));
    for (int i = 0; i < dim; ++i)
      text += "," + format_number(exit.position[i]);
  }
  return text + "\n";
}

void print_simulation(std::ostream& stream, const Json& result) {
  if (result["partial"]) stream << "  PARTIAL: the simulation was stopped before its end\n\n";
  const auto& trajectories = result["trajectories"];
  stream << "  escape rate       " << rate_line(result["escape_rate"]) << "\n"
         << print("  mean escape time  %.5e\n", number(result["mean_escape_time"]))
         << (result.contains("rate_per_iteration")
               ? print("  per iteration     %.5e, mean %.5e iterations\n",
                       result["rate_per_iteration"].get<double>(),
                       number(result["mean_iterations"]))
               : "")
         << print("  trajectories      %zu left, %zu censored, of %zu\n",
                  trajectories["exited"].get<std::size_t>(),
                  trajectories["censored"].get<std::size_t>(),
                  trajectories["asked"].get<std::size_t>());
  const auto& variation = result["variation_of_exit_times"];
  if (!variation["value"].is_null())
    stream << print("  std/mean of times %.4f +- %.4f (exponential: 1)\n",
                    variation["value"].get<double>(), variation["standard_error"].get<double>());
  stream << "\n  exit      exits     probability  95 % interval\n";
  for (const auto& exit : result["exit"])
    stream << print("  %-8s  %-8zu  %-11.5g  [%.5g, %.5g]\n",
                    exit["boundary"].get<std::string>().c_str(), exit["exits"].get<std::size_t>(),
                    exit["probability"].get<double>(), number(exit["interval_95"][0]),
                    number(exit["interval_95"][1]));
  stream << print("\n  time step %.4g, %s; %.3g steps, %.3g per second\n",
                  result["time_step"].get<double>(), result["scheme"].get<std::string>().c_str(),
                  static_cast<double>(result["steps"].get<std::uint64_t>()),
                  result["steps_per_second"].get<double>());
  if (!result.contains("half_step")) return;
  const auto& bias = result["step_bias"];
  stream << print("  half the step:    %s\n", rate_line(result["half_step"]["escape_rate"]).c_str())
         << print("  bias of the step  %+.2f %% +- %.2f %% of the rate%s\n",
                  100 * number(bias["relative"]), 100 * number(bias["standard_error"]),
                  bias["significant"] ? ": significant, reduce Monte Carlo/Time step" : "");
}

#define INSTANTIATE(dim)                                                                           \
  template Json describe_simulation(const Problem<dim>&, const Simulated<dim>&);                   \
  template Json describe_start(const MonteCarloParameters&, const dealii::Point<dim>&);            \
  template std::string exit_table(const Domain<dim>&, const std::vector<FirstExit<dim>>&, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
