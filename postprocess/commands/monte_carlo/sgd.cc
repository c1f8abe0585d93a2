#include "postprocess/commands/monte_carlo/sgd.h"

#include "postprocess/commands/monte_carlo/passes.h"
#include "solver/monte_carlo/sgd_exits.h"

namespace fokker_planck {

template <int dim>
MonteCarloRun<dim> run_sgd(const MonteCarloParameters& section, const Problem<dim>& problem,
                           const SimulationContext& context) {
  auto sgd_settings = SgdSettings::of(problem);
  sgd_settings.with_replacement = section.draws_with_replacement();
  const MinibatchSgd<dim> check(problem, sgd_settings); // complains before anything takes time
  const auto scales = find_scales(problem);
  FirstExitSettings settings = section.settings(problem, scales);
  settings.time_step = sgd_settings.learning_rate;
  sgd_settings.seed = settings.seed;
  const MinibatchSgd<dim> sgd(problem, sgd_settings);

  auto run = begin_run("sgd", section, problem, scales.start);
  const std::string title = "SGD, eta = " + format_rounded(settings.time_step);
  auto [exits, seconds] = watch(title, context, [&](const Watcher& go_on) {
    return simulate_sgd_exits<dim>(sgd, scales.start, settings, context.communicator, go_on);
  });
  run.result.seed = settings.seed;
  run.result.whole = pass_of(exits, settings, problem, seconds);
  run.result.sgd = SimulationResult::Sgd{ sgd_settings, sgd.n_samples() };
  run.exits = std::move(exits.exits);
  return run;
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_sgd(const MonteCarloParameters&, const Problem<dim>&,            \
                                      const SimulationContext&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
