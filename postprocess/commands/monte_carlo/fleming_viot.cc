#include "postprocess/commands/monte_carlo/fleming_viot.h"

#include "postprocess/commands/monte_carlo/passes.h"

namespace fokker_planck {

template <int dim>
MonteCarloRun<dim> run_fleming_viot(const MonteCarloParameters& section,
                                    const Problem<dim>& problem, const SimulationContext& context) {
  const auto scales = find_scales(problem);
  auto run = begin_run("fleming-viot", section, problem, scales.start);
  simulate_passes(
    run.result, section.repeat_settings(problem, scales), section.repeats_at_half_step(),
    [&](const RepeatSettings& settings, const std::string& title) {
      const auto [estimate, seconds] = watch(title, context, [&](const Watcher& go_on) {
        return simulate_fleming_viot(problem, scales.start, settings, context.communicator, go_on);
      });
      return pass_of(estimate, settings, seconds);
    });
  return run;
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_fleming_viot(const MonteCarloParameters&, const Problem<dim>&,   \
                                               const SimulationContext&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
