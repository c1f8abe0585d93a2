// All sections of a parameter file.
#pragma once

#include "meshes/parameters.h"
#include "postprocess/commands/sweep/sweep_parameters.h"
#include "postprocess/results/output_directory.h"
#include "problems/input/parameters.h"
#include "solver/monte_carlo/parameters.h"
#include "solver/operator/parameters.h"

#include <deal.II/base/parameter_handler.h>

namespace fokker_planck {

/// The handler sets the values of the sections, which are bound to it: neither copied nor moved.
struct Parameters {
  ProblemParameters problem;
  DiscretizationParameters discretization;
  SolverParameters solver;
  OutputParameters output;
  SweepParameters sweep;
  MonteCarloParameters monte_carlo;
  dealii::ParameterHandler handler;

  Parameters() {
    problem.declare(handler);
    discretization.declare(handler);
    solver.declare(handler);
    output.declare(handler);
    sweep.declare(handler);
    monte_carlo.declare(handler);
  }
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;
};

} // namespace fokker_planck
