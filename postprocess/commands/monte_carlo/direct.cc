#include "postprocess/commands/monte_carlo/direct.h"

#include "postprocess/commands/monte_carlo/watched.h"
#include "problems/base/text.h"

#include <nlohmann/json.hpp>

namespace fokker_planck {

namespace {

template <int dim>
Simulated<dim> simulate_at(const Problem<dim>& problem, const dealii::Point<dim>& start,
                           const FirstExitSettings& settings, const SimulationContext& context) {
  return simulate_watched<dim>("time step " + format_rounded(settings.time_step), problem, settings,
                               context, [&](const Watcher& go_on) {
                                 return simulate_first_exits<dim>(problem, start, settings,
                                                                  MPI_COMM_WORLD, go_on);
                               });
}

} // namespace

template <int dim>
MonteCarloRun<dim> run_direct(const MonteCarloParameters& section, const Problem<dim>& problem,
                              const SimulationContext& context) {
  const auto scales = find_scales(problem);
  FirstExitSettings settings = section.settings(problem, scales);
  MonteCarloRun<dim> run;
  auto whole = simulate_at(problem, scales.start, settings, context);
  run.partial = whole.exits.stopped;
  run.result["method"] = "direct";
  run.result["seed"] = settings.seed;
  run.result["start"] = describe_start(section, scales.start);
  run.result.update(describe_simulation(problem, whole));
  if (section.repeats_at_half_step() && !run.partial) {
    settings.time_step /= 2;
    settings.run = 1;
    const auto half = simulate_at(problem, scales.start, settings, context);
    run.partial = half.exits.stopped;
    run.result["half_step"] = describe_simulation(problem, half);
    run.result["step_bias"] = describe_bias(compare_steps(whole.estimate, half.estimate));
  }
  run.result["partial"] = run.partial;
  run.exits = std::move(whole.exits.exits);
  return run;
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_direct(const MonteCarloParameters&, const Problem<dim>&,         \
                                         const SimulationContext&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
