// Direct simulation of first exits through the absorbing sides of a domain.
//
// Method: trajectories of the stochastic differential equation (stepper.h), whose steps are checked
// against the boundary (walls.h). They run side by side in lanes, so that the models are evaluated
// for many points at once; a lane that is done takes the next trajectory. Started from the
// quasi-stationary density the time to exit is exponential, with the escape rate. That density is
// reached by rejection: a trajectory starts at a point and is watched from the end of a burn-in on,
// which begins anew if the trajectory leaves before: what has survived the burn-in is distributed
// like p, up to exp(-(lambda_2 - gamma) burn-in).
#pragma once

#include "solver/monte_carlo/stepper.h"

#include <mpi.h>

#include <functional>
#include <vector>

namespace fokker_planck {

struct FirstExitSettings {
  double time_step;
  Scheme scheme;
  std::uint32_t seed;
  std::uint32_t run = 0; ///< runs of the same seed are independent
  std::uint64_t n_trajectories;
  double maximum_time; ///< after the burn-in; infinity: none
  double burn_in_time; ///< rounded up to whole blocks of steps; 0: none
};

/// How far a simulation is, on this rank.
struct SimulationProgress {
  std::uint64_t n_done = 0, n_all = 0;     ///< trajectories, or exits of one repeat
  std::uint64_t n_steps = 0;               ///< of all trajectories
  std::uint64_t repeat = 0, n_repeats = 0; ///< the present repeat, from 1; none if n_repeats = 0
  double level = 0, top = 0; ///< of splitting: reached until now, and needed; none if top = 0
};

/// The end of a trajectory that was watched from the end of its burn-in.
template <int dim>
struct FirstExit {
  static constexpr int censored = -1;

  std::uint64_t trajectory;
  double time;
  int side; ///< or censored, at Maximum time or because the simulation was stopped
  dealii::Point<dim> position;
};

template <int dim>
struct FirstExits {
  std::vector<FirstExit<dim>> exits; ///< in the order of trajectories; on the first rank
  double burn_in_time;               ///< as it was
  std::uint64_t n_steps;             ///< of all trajectories, with those of the burn-in
  std::uint64_t n_rejected;          ///< burn-ins that ended in an exit
  bool stopped;                      ///< by the watcher
};

/// Throws NotConverged if one trajectory has left this many times before the end of its burn-in,
/// and that is too often.
void check_burn_in(std::uint64_t n_rejected, double burn_in_time);

/// Simulates trajectories from a start, on all ranks together (collective). The result does not
/// depend on the number of ranks. go_on is asked from time to time; if it returns false on some
/// rank, that rank stops, and trajectories that are under way there are censored. Throws
/// NotConverged if a trajectory runs to infinity or never survives the burn-in.
template <int dim>
FirstExits<dim> simulate_first_exits(const Problem<dim>& problem, const dealii::Point<dim>& start,
                                     const FirstExitSettings& settings, MPI_Comm communicator,
                                     const std::function<bool(const SimulationProgress&)>& go_on);

} // namespace fokker_planck
