// From a problem to its escape rate: the one recipe of commands, tests and other programs.
//
//   Settings settings;
//   settings.tolerance = 1e-8;
//   const auto solution = solve(problem, settings, MPI_COMM_WORLD);
//   const double log_rate = solution.adaptive.solution.log_rate;
//
// Method: choose the gauge (gauge.h), explore its landscape (landscape.h), lay a mesh that is fine
// where the valleys are left (layers.h), solve on it and refine it (adaptive.h). If a guessed gauge
// lets no iteration converge, all is done again with a smaller multiple of it (gauge_scales.h).
#pragma once

#include "solver/analyses/adaptive.h"

#include <mpi.h>

#include <vector>

namespace fokker_planck {

/// How a problem is solved; as it stands, what the program does by default.
struct Settings {
  enum class Refinement {
    adaptive, ///< cells are divided until the tolerance is reached
    uniform   ///< one mesh of equal cells, whose error is estimated but not limited
  };
  Refinement refinement = Refinement::adaptive;

  /// Largest estimated relative error of the rate, > 0 and < 1 (adaptive).
  double tolerance = 1e-6;

  /// Whether the rates between valleys are to be as accurate as the escape rate.
  bool valley_rates = false;

  /// Adaptive refinement stops before it exceeds this number.
  unsigned long maximum_unknowns = 1000000;

  /// Polynomial degree k of the elements, 1 to 12.
  unsigned int degree = 4;

  /// Cells per direction of the (first) mesh: one number for all directions, or one for each. In a
  /// ball or level set along each edge of the inner block and its neighbours. Empty: 16 if uniform,
  /// otherwise 4 in a box and 2 in other shapes.
  std::vector<unsigned int> cells;

  /// Factor > 0 of the reference potential Psi. The result does not depend on it.
  double gauge_scale = 1;

  SolverOptions solver;
};

/// A problem with its solution: a value that owns all it speaks of.
template <int dim>
struct Solution {
  Problem<dim> problem;
  Gauge<dim> gauge; ///< its scale may be smaller than wanted
  AdaptiveSolution<dim> adaptive;
  Landscape<dim> landscape;
  double exploration_seconds; ///< wall time until the landscape was known
};

/// Solves, on all ranks of a communicator together. A solution that is less accurate than it was to
/// be has adaptive.converged = false. Throws NotConverged if there is no result, InputError where
/// the loss is not finite or a setting is out of its range.
template <int dim>
Solution<dim> solve(const Problem<dim>& problem, const Settings& settings, MPI_Comm communicator);

} // namespace fokker_planck
