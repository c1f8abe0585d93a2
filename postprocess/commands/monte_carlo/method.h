// What the methods of simulation have in common.
#pragma once

#include "postprocess/commands/monte_carlo/interrupt.h"
#include "postprocess/results/simulation.h"
#include "solver/monte_carlo/parameters.h"

#include <mpi.h>

#include <iosfwd>
#include <vector>

namespace fokker_planck {

/// The surroundings of a simulation: where its progress is shown, who may stop it, and the ranks
/// that take part.
struct SimulationContext {
  std::ostream& terminal;
  bool is_terminal; ///< whether lines can be rewritten
  const Interrupt& interrupt;
  MPI_Comm communicator;
};

template <int dim>
struct MonteCarloRun {
  SimulationResult result;
  std::vector<FirstExit<dim>> exits; ///< of single trajectories, if the method has them; first rank
};

/// A run that has not begun: method, start and sides are set.
template <int dim>
MonteCarloRun<dim> begin_run(const std::string& method, const MonteCarloParameters& section,
                             const Problem<dim>& problem, const dealii::Point<dim>& start) {
  MonteCarloRun<dim> run{};
  run.result.method = method;
  run.result.starts_quasi_stationary = section.starts_quasi_stationary();
  run.result.start.assign(&start[0], &start[0] + dim);
  run.result.sides = absorbing_sides(problem.domain);
  return run;
}

} // namespace fokker_planck
