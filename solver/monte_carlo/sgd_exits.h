// First exits of minibatch SGD (minibatch_sgd.h) through the absorbing sides of a domain.
//
// The iteration that leaves is counted: a trajectory that leaves in its n-th iteration after the
// burn-in has been watched for the time n eta. Started from the quasi-stationary distribution of
// the iterates, n is geometric, and n eta nearly exponential. That distribution is reached by
// rejection as in first_exit.h.
#pragma once

#include "solver/monte_carlo/first_exit.h"
#include "solver/monte_carlo/minibatch_sgd.h"

namespace fokker_planck {

/// Simulates trajectories from a start, on all ranks together (collective); of the settings the
/// numbers of trajectories, maximum time and burn-in time matter, times in units of eta times
/// iterations. n_steps are iterations. Results and go_on as in simulate_first_exits(). Throws
/// NotConverged if a trajectory never survives the burn-in.
template <int dim>
FirstExits<dim> simulate_sgd_exits(const MinibatchSgd<dim>& sgd, const dealii::Point<dim>& start,
                                   const FirstExitSettings& settings, MPI_Comm communicator,
                                   const std::function<bool(const SimulationProgress&)>& go_on);

} // namespace fokker_planck
