#include "postprocess/results/simulation.h"

#include "postprocess/results/json.h"
#include "problems/base/text.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

using Sides = std::vector<std::pair<unsigned int, std::string>>;

Json interval_json(const Interval& interval) {
  return { interval.lower, number_or_null(interval.upper) };
}

Json rate_json(const EscapeEstimate& estimate) {
  return { { "value", number_or_null(estimate.rate) },
           { "log", number_or_null(std::log(estimate.rate)) },
           { "relative_standard_error", number_or_null(estimate.relative_error) },
           { "interval_95", interval_json(estimate.interval) } };
}

Json exits_json(const std::vector<ExitEstimate>& exits, const Sides& sides) {
  Json json = Json::array();
  for (const auto& [side, name] : sides)
    json.push_back({ { "boundary", name },
                     { "exits", exits[side].n },
                     { "probability", number_or_null(exits[side].probability) },
                     { "interval_95", interval_json(exits[side].interval) } });
  return json;
}

Json trajectories_json(const SimulationPass& pass) {
  const EscapeEstimate& estimate = pass.estimate;
  Json json;
  json["variation_of_exit_times"] = { { "value", number_or_null(estimate.variation) },
                                      { "standard_error",
                                        number_or_null(estimate.variation_error) } };
  json["trajectories"] = { { "asked", pass.settings.n_trajectories },
                           { "exited", estimate.n_exits },
                           { "censored", estimate.n_censored } };
  json["total_time"] = estimate.total_time;
  json["burn_in"] = { { "time", pass.trajectories->burn_in_time },
                      { "rejected", pass.trajectories->n_rejected } };
  return json;
}

Json splitting_json(const SimulationPass::Splitting& splitting) {
  const SplittingEstimate& estimate = splitting.estimate;
  Json json;
  json["splitting"] = { { "barrier", estimate.top },
                        { "inner_level", estimate.inner },
                        { "outer_level", estimate.outer },
                        { "excursion_frequency", number_or_null(estimate.frequency) },
                        { "exit_probability", number_or_null(estimate.exit_probability) },
                        { "iterations", number_or_null(estimate.n_iterations) },
                        { "deviation_of_repeats", number_or_null(estimate.repeat_deviation) },
                        { "extinct_repeats", estimate.n_extinct },
                        { "rate_times_relaxation_time",
                          number_or_null(splitting.rate_times_relaxation_time) } };
  if (!splitting.warnings.empty()) json["warnings"] = splitting.warnings;
  return json;
}

Json repeats_json(const SimulationPass& pass) {
  Json json;
  json["repeats"] = { { "asked", pass.repeats->n_asked },
                      { "finished", pass.repeats->n_finished },
                      { "particles", pass.repeats->n_particles } };
  if (pass.splitting)
    json.update(splitting_json(*pass.splitting));
  else {
    json["exits"] = pass.estimate.n_exits;
    json["total_time"] = pass.estimate.total_time;
  }
  return json;
}

Json pass_json(const SimulationPass& pass, const Sides& sides) {
  Json json;
  json["escape_rate"] = rate_json(pass.estimate);
  json["mean_escape_time"] = number_or_null(1 / pass.estimate.rate);
  json["exit"] = exits_json(pass.estimate.exits, sides);
  json.update(pass.trajectories ? trajectories_json(pass) : repeats_json(pass));
  json["time_step"] = pass.settings.time_step;
  json["scheme"] = to_string(pass.settings.scheme);
  json["steps"] = pass.n_steps;
  json["time_seconds"] = pass.seconds;
  json["steps_per_second"] = static_cast<double>(pass.n_steps) / pass.seconds;
  json["partial"] = pass.stopped;
  return json;
}

Json bias_json(const StepBias& bias) {
  return { { "relative", number_or_null(bias.relative) },
           { "standard_error", number_or_null(bias.standard_error) },
           { "significant", bias.significant },
           { "extrapolated_rate", number_or_null(bias.extrapolated_rate) },
           { "extrapolated_relative_standard_error", number_or_null(bias.extrapolated_error) } };
}

Json sgd_json(const SimulationResult::Sgd& sgd) {
  return { { "learning_rate", sgd.settings.learning_rate },
           { "batch_size", sgd.settings.batch_size },
           { "batches",
             sgd.settings.with_replacement ? "with replacement" : "without replacement" },
           { "injected_diffusion", sgd.settings.injected },
           { "data_set_size", sgd.n_samples } };
}

} // namespace

template <int dim>
std::vector<std::pair<unsigned int, std::string>> absorbing_sides(const Domain<dim>& domain) {
  Sides sides;
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    if (domain.absorbs(side)) sides.emplace_back(side, domain.side_name(side));
  return sides;
}

Json simulation_json(const SimulationResult& result) {
  Json json;
  json["method"] = result.method;
  json["seed"] = result.seed;
  json["start"] = { { "kind", result.starts_quasi_stationary ? "quasi-stationary" : "minimum" },
                    { "position", result.start } };
  json.update(pass_json(result.whole, result.sides));
  if (result.half) json["half_step"] = pass_json(*result.half, result.sides);
  if (result.bias) json["step_bias"] = bias_json(*result.bias);
  json["partial"] = result.partial();
  if (result.sgd) {
    const double rate = result.whole.estimate.rate * result.sgd->settings.learning_rate;
    json["scheme"] = "SGD on minibatches";
    json["rate_per_iteration"] = rate;
    json["mean_iterations"] = rate > 0 ? Json(1 / rate) : Json(nullptr);
    json["sgd"] = sgd_json(*result.sgd);
  }
  if (result.choice)
    json["choice"] = { { "asked", "automatic" },
                       { "barrier", result.choice->barrier },
                       { "reason", result.choice->reason } };
  return json;
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

#define INSTANTIATE(dim)                                                                           \
  template std::vector<std::pair<unsigned int, std::string>> absorbing_sides(const Domain<dim>&);  \
  template std::string exit_table(const Domain<dim>&, const std::vector<FirstExit<dim>>&, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
