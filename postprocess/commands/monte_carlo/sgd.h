// Method = sgd: SGD on minibatches of the data, iterated until it leaves.
#pragma once

#include "postprocess/commands/monte_carlo/method.h"

namespace fokker_planck {

/// The rate is per unit of time t = eta times iterations, as that of the Fokker-Planck equation;
/// result.sgd says what an iteration is. Collective. Throws InputError unless the loss is
/// that of a data set and the noise has a learning rate; NotConverged.
template <int dim>
MonteCarloRun<dim> run_sgd(const MonteCarloParameters& section, const Problem<dim>& problem,
                           const SimulationContext& context);

} // namespace fokker_planck
