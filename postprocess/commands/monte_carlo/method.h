// What the methods of simulation have in common.
#pragma once

#include "postprocess/commands/monte_carlo/interrupt.h"
#include "postprocess/commands/parameters.h"
#include "solver/monte_carlo/first_exit.h"

#include <nlohmann/json.hpp>

#include <iosfwd>

namespace fokker_planck {

/// The surroundings of a simulation: where its progress is shown, and who may stop it.
struct SimulationContext {
  std::ostream& terminal;
  bool is_terminal; ///< whether lines can be rewritten
  const Interrupt& interrupt;
};

/// What a simulation shows.
///
/// result holds at least method, seed, partial, escape_rate {value, log, relative_standard_error,
/// interval_95}, mean_escape_time, exit [{boundary, exits, probability, interval_95}], time_step,
/// steps, time_seconds, steps_per_second; half_step (the same of a second run) and step_bias
/// {relative, standard_error, significant} if the simulation was repeated at half the step. Methods
/// of independent repeats add repeats {asked, finished, particles}, splitting what it found on the
/// way (splitting) and warnings, and Method = automatic its choice {asked, barrier, reason}.
template <int dim>
struct MonteCarloRun {
  nlohmann::ordered_json result;
  std::vector<FirstExit<dim>> exits; ///< of single trajectories, if the method has them; first rank
  bool partial;                      ///< stopped before its end
  double time_per_iteration = 0;     ///< if time is counted in iterations
};

} // namespace fokker_planck
