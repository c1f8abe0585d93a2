#include "postprocess/commands/monte_carlo/direct.h"

#include "postprocess/commands/monte_carlo/passes.h"

namespace fokker_planck {

template <int dim>
MonteCarloRun<dim> run_direct(const MonteCarloParameters& section, const Problem<dim>& problem,
                              const SimulationContext& context) {
  const auto scales = find_scales(problem);
  auto run = begin_run("direct", section, problem, scales.start);
  simulate_passes(run.result, section.settings(problem, scales), section.repeats_at_half_step(),
                  [&](const FirstExitSettings& settings, const std::string& title) {
                    auto [exits, seconds] = watch(title, context, [&](const Watcher& go_on) {
                      return simulate_first_exits<dim>(problem, scales.start, settings,
                                                       context.communicator, go_on);
                    });
                    const auto pass = pass_of(exits, settings, problem, seconds);
                    if (settings.run == 0)
                      run.exits = std::move(exits.exits); // those with the whole time step
                    return pass;
                  });
  return run;
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_direct(const MonteCarloParameters&, const Problem<dim>&,         \
                                         const SimulationContext&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
