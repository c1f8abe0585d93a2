#include "postprocess/commands/monte_carlo/sgd.h"

#include "postprocess/commands/monte_carlo/watched.h"
#include "problems/base/text.h"
#include "solver/monte_carlo/sgd_exits.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fokker_planck {

namespace {

template <int dim>
Simulated<dim> simulate_sgd(const Problem<dim>& problem, const MinibatchSgd<dim>& sgd,
                            const dealii::Point<dim>& start, const FirstExitSettings& settings,
                            const SimulationContext& context) {
  return simulate_watched<dim>("SGD, eta = " + format_rounded(settings.time_step), problem,
                               settings, context, [&](const Watcher& go_on) {
                                 return simulate_sgd_exits<dim>(sgd, start, settings,
                                                                MPI_COMM_WORLD, go_on);
                               });
}

} // namespace

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

  MonteCarloRun<dim> run;
  auto simulated = simulate_sgd(problem, sgd, scales.start, settings, context);
  run.partial = simulated.exits.stopped;
  run.time_per_iteration = sgd_settings.learning_rate;
  run.result["method"] = "sgd";
  run.result["seed"] = settings.seed;
  run.result["start"] = describe_start(section, scales.start);
  run.result.update(describe_simulation(problem, simulated));
  run.result["scheme"] = "SGD on minibatches";
  const double rate = simulated.estimate.rate * sgd_settings.learning_rate;
  run.result["rate_per_iteration"] = rate;
  run.result["mean_iterations"] = rate > 0 ? nlohmann::ordered_json(1 / rate) : nullptr;
  run.result["sgd"] = { { "learning_rate", sgd_settings.learning_rate },
                        { "batch_size", sgd_settings.batch_size },
                        { "batches", sgd_settings.with_replacement ? "with replacement"
                                                                   : "without replacement" },
                        { "injected_diffusion", sgd_settings.injected },
                        { "data_set_size", sgd.n_samples() } };
  run.exits = std::move(simulated.exits.exits);
  return run;
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_sgd(const MonteCarloParameters&, const Problem<dim>&,            \
                                      const SimulationContext&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
