// A simulation of first exits that is timed, shown while it runs, and can be stopped.
#pragma once

#include "postprocess/commands/monte_carlo/method.h"
#include "postprocess/commands/monte_carlo/simulation_display.h"
#include "postprocess/commands/monte_carlo/simulation_result.h"

#include <deal.II/base/timer.h>

#include <string>

namespace fokker_planck {

/// Calls simulate(go_on), which returns FirstExits. Collective.
template <int dim, typename Simulate>
Simulated<dim> simulate_watched(const std::string& title, const Problem<dim>& problem,
                                const FirstExitSettings& settings, const SimulationContext& context,
                                const Simulate& simulate) {
  const dealii::Timer timer;
  SimulationDisplay display(context.terminal, context.is_terminal, title);
  Simulated<dim> simulated{ settings, {}, {}, 0 };
  simulated.exits = simulate([&](const SimulationProgress& progress) {
    display.update(progress);
    return !context.interrupt.requested();
  });
  simulated.estimate = estimate_escape(simulated.exits.exits, problem.domain.n_sides());
  simulated.seconds = timer.wall_time();
  return simulated;
}

} // namespace fokker_planck
