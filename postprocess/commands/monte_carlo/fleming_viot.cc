#include "postprocess/commands/monte_carlo/fleming_viot.h"

#include "postprocess/commands/monte_carlo/whole_and_half.h"

namespace fokker_planck {

using Json = nlohmann::ordered_json;

template <int dim>
MonteCarloRun<dim> run_fleming_viot(const MonteCarloParameters& section,
                                    const Problem<dim>& problem, const SimulationContext& context) {
  const auto scales = find_scales(problem);
  return run_whole_and_half(
    "fleming-viot", section, problem, scales.start, section.repeat_settings(problem, scales),
    context,
    [&](const RepeatSettings& settings, const Watcher& watcher) {
      return simulate_fleming_viot(problem, scales.start, settings, MPI_COMM_WORLD, watcher);
    },
    [](const RareEstimate& estimate) {
      return Json{ { "exits", estimate.estimate.n_exits },
                   { "total_time", estimate.estimate.total_time } };
    });
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_fleming_viot(const MonteCarloParameters&, const Problem<dim>&,   \
                                               const SimulationContext&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
