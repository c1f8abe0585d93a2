// Method = fleming-viot: particles of which those that leave go on where others are.
#pragma once

#include "postprocess/commands/monte_carlo/method.h"

namespace fokker_planck {

/// Once with the time step and, if asked for, once with half of it. Collective. Throws InputError,
/// NotConverged.
template <int dim>
MonteCarloRun<dim> run_fleming_viot(const MonteCarloParameters& section,
                                    const Problem<dim>& problem, const SimulationContext& context);

} // namespace fokker_planck
