#include "postprocess/commands/monte_carlo/simulation_result.h"

#include "problems/base/text.h"

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
  return { { "value", number_or_null(estimate.rate) },
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
  return print("%.5e  95 %% within [%.5e, %.5e]", number(rate["value"]), number(interval[0]),
               interval[1].is_null() ? INFINITY : number(interval[1]));
}

} // namespace

template <int dim>
Json describe_estimate(const Problem<dim>& problem, const EscapeEstimate& estimate) {
  Json json;
  json["escape_rate"] = describe_rate(estimate);
  json["mean_escape_time"] = number_or_null(1 / estimate.rate);
  json["exit"] = Json::array();
  for (unsigned int side = 0; side < problem.domain.n_sides(); ++side) {
    if (!problem.domain.absorbs(side)) continue;
    const ExitEstimate& exit = estimate.exits[side];
    json["exit"].push_back({ { "boundary", problem.domain.side_name(side) },
                             { "exits", exit.n },
                             { "probability", number_or_null(exit.probability) },
                             { "interval_95", describe(exit.interval) } });
  }
  return json;
}

Json describe_work(const FirstExitSettings& settings, const std::uint64_t n_steps,
                   const double seconds) {
  return { { "time_step", settings.time_step },
           { "scheme", to_string(settings.scheme) },
           { "steps", n_steps },
           { "time_seconds", seconds },
           { "steps_per_second", static_cast<double>(n_steps) / seconds } };
}

template <int dim>
Json describe_simulation(const Problem<dim>& problem, const Simulated<dim>& simulated) {
  const EscapeEstimate& estimate = simulated.estimate;
  Json json = describe_estimate(problem, estimate);
  json["variation_of_exit_times"] = { { "value", number_or_null(estimate.variation) },
                                      { "standard_error",
                                        number_or_null(estimate.variation_error) } };
  json["trajectories"] = { { "asked", simulated.settings.n_trajectories },
                           { "exited", estimate.n_exits },
                           { "censored", estimate.n_censored } };
  json["total_time"] = estimate.total_time;
  json["burn_in"] = { { "time", simulated.exits.burn_in_time },
                      { "rejected", simulated.exits.n_rejected } };
  json.update(describe_work(simulated.settings, simulated.exits.n_steps, simulated.seconds));
  json["partial"] = simulated.exits.stopped;
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

namespace {

void print_trajectories(std::ostream& stream, const Json& result) {
  const auto& trajectories = result["trajectories"];
  stream << print("  trajectories      %zu left, %zu censored, of %zu\n",
                  trajectories["exited"].get<std::size_t>(),
                  trajectories["censored"].get<std::size_t>(),
                  trajectories["asked"].get<std::size_t>());
  const auto& variation = result["variation_of_exit_times"];
  if (!variation["value"].is_null())
    stream << print("  std/mean of times %.4f +- %.4f (exponential: 1)\n",
                    variation["value"].get<double>(), variation["standard_error"].get<double>());
}

void print_repeats(std::ostream& stream, const Json& repeats) {
  stream << print("  repeats           %zu of %zu, with %zu particles each\n",
                  repeats["finished"].get<std::size_t>(), repeats["asked"].get<std::size_t>(),
                  repeats["particles"].get<std::size_t>());
}

void print_splitting(std::ostream& stream, const Json& splitting) {
  stream << print(
    "  splitting         %.4g excursions per time, which leave with probability %.4g\n"
    "                    barrier %.4g, %.4g iterations, rates of repeats deviate by %.2g %%\n",
    number(splitting["excursion_frequency"]), number(splitting["exit_probability"]),
    number(splitting["barrier"]), number(splitting["iterations"]),
    100 * number(splitting["deviation_of_repeats"]));
}

void print_exits(std::ostream& stream, const Json& exits) {
  stream << "\n  exit      exits     probability  95 % interval\n";
  for (const auto& exit : exits)
    stream << print("  %-8s  %-8zu  %-11.5g  [%.5g, %.5g]\n",
                    exit["boundary"].get<std::string>().c_str(), exit["exits"].get<std::size_t>(),
                    number(exit["probability"]), number(exit["interval_95"][0]),
                    number(exit["interval_95"][1]));
}

} // namespace

void print_simulation(std::ostream& stream, const Json& result) {
  if (result["partial"]) stream << "  PARTIAL: the simulation was stopped before its end\n\n";
  if (result.contains("choice"))
    stream << print("  method            %s: %s\n", result["method"].get<std::string>().c_str(),
                    result["choice"]["reason"].get<std::string>().c_str());
  stream << "  escape rate       " << rate_line(result["escape_rate"]) << "\n"
         << print("  mean escape time  %.5e\n", number(result["mean_escape_time"]));
  if (result.contains("rate_per_iteration"))
    stream << print("  per iteration     %.5e, mean %.5e iterations\n",
                    result["rate_per_iteration"].get<double>(), number(result["mean_iterations"]));
  if (result.contains("trajectories")) print_trajectories(stream, result);
  if (result.contains("repeats")) print_repeats(stream, result["repeats"]);
  if (result.contains("splitting")) print_splitting(stream, result["splitting"]);
  print_exits(stream, result["exit"]);
  stream << print("\n  time step %.4g, %s; %.3g steps, %.3g per second\n",
                  result["time_step"].get<double>(), result["scheme"].get<std::string>().c_str(),
                  static_cast<double>(result["steps"].get<std::uint64_t>()),
                  result["steps_per_second"].get<double>());
  if (result.contains("step_bias")) {
    const auto& bias = result["step_bias"];
    stream << print("  half the step:    %s\n",
                    rate_line(result["half_step"]["escape_rate"]).c_str())
           << print("  bias of the step  %+.2f %% +- %.2f %% of the rate%s\n",
                    100 * number(bias["relative"]), 100 * number(bias["standard_error"]),
                    bias["significant"] ? ": significant, reduce Monte Carlo/Time step" : "");
  }
  if (result.contains("warnings"))
    for (const auto& warning : result["warnings"])
      stream << "  WARNING: " << warning.get<std::string>() << "\n";
}

#define INSTANTIATE(dim)                                                                           \
  template Json describe_estimate(const Problem<dim>&, const EscapeEstimate&);                     \
  template Json describe_simulation(const Problem<dim>&, const Simulated<dim>&);                   \
  template Json describe_start(const MonteCarloParameters&, const dealii::Point<dim>&);            \
  template std::string exit_table(const Domain<dim>&, const std::vector<FirstExit<dim>>&, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
