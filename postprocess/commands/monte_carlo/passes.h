// Simulations with the time step and with half of it, which are timed, shown while they run, and
// can be stopped.
#pragma once

#include "postprocess/commands/monte_carlo/method.h"
#include "postprocess/commands/monte_carlo/simulation_display.h"
#include "problems/base/text.h"

#include <deal.II/base/timer.h>

#include <string>
#include <utility>

namespace fokker_planck {

/// The result of simulate(watcher) and the wall time that it has taken.
template <typename Simulate>
auto watch(const std::string& title, const SimulationContext& context, const Simulate& simulate) {
  const dealii::Timer timer;
  SimulationDisplay display(context.terminal, context.is_terminal, title);
  auto result = simulate([&](const SimulationProgress& progress) {
    display.update(progress);
    return !context.interrupt.requested();
  });
  return std::make_pair(std::move(result), timer.wall_time());
}

/// A pass of a method that watches each trajectory by itself.
template <int dim>
SimulationPass pass_of(const FirstExits<dim>& exits, const FirstExitSettings& settings,
                       const Problem<dim>& problem, const double seconds) {
  SimulationPass pass{ estimate_escape(exits.exits, problem.domain.n_sides()), settings,
                       exits.n_steps, seconds, exits.stopped };
  pass.trajectories = SimulationPass::Trajectories{ exits.burn_in_time, exits.n_rejected };
  return pass;
}

/// A pass of a method of independent repeats.
inline SimulationPass pass_of(const RareEstimate& estimate, const RepeatSettings& settings,
                              const double seconds) {
  SimulationPass pass{ estimate.estimate, settings, estimate.n_steps, seconds, estimate.stopped };
  pass.repeats =
    SimulationPass::Repeats{ settings.n_repeats, estimate.n_finished, settings.n_particles };
  return pass;
}

/// Calls simulate(settings, title), which returns a pass, with the time step and, if asked for and
/// not stopped before, with half of it.
template <typename PassSettings, typename Simulate>
void simulate_passes(SimulationResult& result, PassSettings settings, const bool also_at_half,
                     const Simulate& simulate) {
  const auto title = [&] { return "time step " + format_rounded(settings.time_step); };
  result.seed = settings.seed;
  result.whole = simulate(settings, title());
  if (!also_at_half || result.whole.stopped) return;
  settings.time_step /= 2;
  settings.run = 1;
  result.half = simulate(settings, title());
  result.bias = compare_steps(result.whole.estimate, result.half->estimate);
}

} // namespace fokker_planck
