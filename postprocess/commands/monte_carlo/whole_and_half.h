// Simulations with the time step and with half of it, for methods of independent repeats.
#pragma once

#include "postprocess/commands/monte_carlo/method.h"
#include "postprocess/commands/monte_carlo/simulation_display.h"
#include "postprocess/commands/monte_carlo/simulation_result.h"
#include "problems/base/text.h"
#include "solver/monte_carlo/rare_events.h"

#include <deal.II/base/timer.h>

#include <nlohmann/json.hpp>

namespace fokker_planck {

/// simulate(settings, watcher) gives a RareEstimate or what is derived from it, describe() what is
/// to be said about it beside rate and exits.
template <int dim, typename Simulate, typename Describe>
MonteCarloRun<dim> run_whole_and_half(const std::string& method,
                                      const MonteCarloParameters& section,
                                      const Problem<dim>& problem, const dealii::Point<dim>& start,
                                      RepeatSettings settings, const SimulationContext& context,
                                      const Simulate& simulate, const Describe& describe) {
  MonteCarloRun<dim> run;
  const auto run_once = [&](nlohmann::ordered_json& json) {
    const dealii::Timer timer;
    SimulationDisplay display(context.terminal, context.is_terminal,
                              "time step " + format_rounded(settings.time_step));
    const auto estimate = simulate(settings, [&](const SimulationProgress& progress) {
      display.update(progress);
      return !context.interrupt.requested();
    });
    run.partial = estimate.stopped;
    json.update(describe_estimate(problem, estimate.estimate));
    json["repeats"] = { { "asked", settings.n_repeats },
                        { "finished", estimate.n_finished },
                        { "particles", settings.n_particles } };
    json.update(describe(estimate));
    json.update(describe_work(settings, estimate.n_steps, timer.wall_time()));
    json["partial"] = estimate.stopped;
    return estimate.estimate;
  };
  run.result["method"] = method;
  run.result["seed"] = settings.seed;
  run.result["start"] = { { "kind", "quasi-stationary" },
                          { "position", std::vector<double>(&start[0], &start[0] + dim) } };
  const auto whole = run_once(run.result);
  if (section.repeats_at_half_step() && !run.partial) {
    settings.time_step /= 2;
    settings.run = 1;
    nlohmann::ordered_json json;
    const auto half = run_once(json);
    run.result["half_step"] = json;
    run.result["step_bias"] = describe_bias(compare_steps(whole, half));
    run.result["partial"] = run.partial;
  }
  return run;
}

} // namespace fokker_planck
