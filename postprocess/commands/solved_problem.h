// The recipe that turns parameters into an escape rate: make the problem, explore its landscape,
// mesh, solve, compare with theory.
#pragma once

#include "postprocess/commands/parameters.h"
#include "postprocess/formulas/formulas.h"
#include "solver/analyses/adaptive.h"

#include <mpi.h>

#include <memory>
#include <vector>

namespace dealii {
class Timer;
}

namespace fokker_planck {

/// A problem with its solution; reads nothing but parameters and writes nothing.
template <int dim>
class SolvedProblem {
public:
  /// Solves, on all ranks of a communicator together. Throws InputError, NotConverged.
  SolvedProblem(const Parameters& parameters, MPI_Comm communicator);

  const Problem<dim> problem;
  const AccuracyGoal goal;

private:
  /// What depends on the gauge.
  struct Gauged {
    Gauged(const Parameters& parameters, const Problem<dim>& problem, const AccuracyGoal& goal,
           double gauge_scale, MPI_Comm communicator, const dealii::Timer& timer);

    const Gauge<dim> gauge;
    const Landscape<dim> landscape;
    const double exploration_seconds;
    const AdaptiveSolution<dim> adaptive;
  };
  const std::unique_ptr<const Gauged> gauged;

public:
  const Gauge<dim>& gauge; ///< its scale may be smaller than wanted, see gauge_scales.h
  const Landscape<dim>& landscape;
  const double exploration_seconds; ///< until the landscape was known
  const AdaptiveSolution<dim>& adaptive;
  const std::vector<Formula> formulas;

  /// What is wrong with a solution that is less accurate than it was to be; empty if it is not.
  std::string complaint() const;

private:
  SolvedProblem(const Parameters& parameters, MPI_Comm communicator, const dealii::Timer& timer);
};

} // namespace fokker_planck
