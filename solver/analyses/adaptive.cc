#include "solver/analyses/adaptive.h"

#include "meshes/refinement.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Estimates are multiplied by this, so that next to none is too small: see
/// tests/convergence/tolerances.cc for how they compare with the errors.
constexpr double safety = 2.5;

/// Variation of Psi over the cells at the exit for the first solve. Twice as much in three
/// dimensions, where cells are many and Psi varies along more directions.
double first_variation(const unsigned int degree, const int dim) {
  return std::min(15., 4. * degree) * (dim == 3 ? 2 : 1);
}

/// Share of the error in cells that need not be divided while the goal is far.
double least_left(const unsigned int degree) {
  return std::max(0.005, std::pow(0.25, degree));
}

/// A mesh on which Psi varies by less at the exit is not too coarse.
constexpr double least_variation = 0.05;

template <int dim>
RefinementLevel describe(const Discretization<dim>& discretization, const dealii::Timer& timer) {
  const auto& dof_handler = discretization.get_dof_handler();
  RefinementLevel level;
  level.n_cells = dof_handler.get_triangulation().n_global_active_cells();
  level.n_unknowns = dof_handler.n_dofs();
  level.log_rate = level.relative_error = unknown;
  level.seconds = timer.wall_time();
  return level;
}

void say(const RefinementLevel& level, const SolverOptions& options) {
  options.say("mesh of " + std::to_string(level.n_cells) + " cells, " +
              std::to_string(level.n_unknowns) + " unknowns");
}

} // namespace

template <int dim>
AdaptiveSolution<dim> solve_adaptively(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                       const Landscape<dim>& landscape,
                                       const std::shared_ptr<Mesh<dim>>& mesh,
                                       const unsigned int degree, const AccuracyGoal& goal,
                                       const SolverOptions& options) {
  const dealii::Timer timer;
  AdaptiveSolution<dim> result{};
  const double unknowns_per_cell = std::pow(degree, dim);
  const auto most_cells = static_cast<unsigned long>(goal.maximum_unknowns / unknowns_per_cell);
  const auto& triangulation = mesh->get_triangulation();
  const MPI_Comm communicator = triangulation.get_communicator();
  double variation = first_variation(degree, dim);
  refine_by_potential(*mesh, gauge, landscape, variation, most_cells);
  while (true) {
    result.discretization =
      std::make_unique<const Discretization<dim>>(problem, mesh, degree, landscape);
    result.levels.push_back(describe(*result.discretization, timer));
    RefinementLevel& level = result.levels.back();
    say(level, options);
    bool too_coarse = false;
    try {
      result.solution =
        solve_quasi_stationary(problem, gauge, landscape, *result.discretization, options);
    } catch (const MeshTooCoarse&) {
      too_coarse = true;
      options.say("  the mesh is too coarse to carry a result");
      const auto n_before = triangulation.n_global_active_cells();
      result.discretization.reset();
      while (triangulation.n_global_active_cells() == n_before) {
        if (variation < least_variation) throw;
        variation /= 2;
        refine_by_potential(*mesh, gauge, landscape, variation, most_cells);
      }
    }
    level.seconds = timer.wall_time();
    if (too_coarse) continue;

    level.log_rate = result.solution.log_rate;
    level.relative_error = safety * result.solution.error.relative_error;
    result.relative_error = level.relative_error;
    options.say("  error estimated in " + format_rounded(result.solution.estimate_seconds) +
                " s: " + format_rounded(level.relative_error));
    result.converged = level.relative_error <= goal.tolerance;
    if (result.converged) return result;
    // What is left undivided keeps its error, the rest falls by 4^k or so.
    const double left = std::max(0.3 * goal.tolerance / level.relative_error, least_left(degree));
    const double share = 1 - left;
    const auto marked = mark_largest(result.solution.error.indicators, share, communicator);
    const unsigned long n_marked = dealii::Utilities::MPI::sum(
      static_cast<unsigned long>(std::count(marked.begin(), marked.end(), true)), communicator);
    if (triangulation.n_global_active_cells() + ((1UL << dim) - 1) * n_marked > most_cells)
      return result;
    result.discretization.reset();
    mesh->refine(marked);
  }
}

template <int dim>
AdaptiveSolution<dim> solve_on(const Problem<dim>& problem, const Gauge<dim>& gauge,
                               const Landscape<dim>& landscape,
                               const std::shared_ptr<Mesh<dim>>& mesh, const unsigned int degree,
                               const SolverOptions& options) {
  const dealii::Timer timer;
  AdaptiveSolution<dim> result{};
  result.discretization =
    std::make_unique<const Discretization<dim>>(problem, mesh, degree, landscape);
  say(describe(*result.discretization, timer), options);
  result.solution =
    solve_quasi_stationary(problem, gauge, landscape, *result.discretization, options);
  result.relative_error = safety * result.solution.error.relative_error;
  result.converged = true;
  result.levels.push_back(describe(*result.discretization, timer));
  result.levels.back().log_rate = result.solution.log_rate;
  result.levels.back().relative_error = result.relative_error;
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template AdaptiveSolution<dim> solve_adaptively(                                                 \
    const Problem<dim>&, const Gauge<dim>&, const Landscape<dim>&,                                 \
    const std::shared_ptr<Mesh<dim>>&, unsigned int, const AccuracyGoal&, const SolverOptions&);   \
  template AdaptiveSolution<dim> solve_on(                                                         \
    const Problem<dim>&, const Gauge<dim>&, const Landscape<dim>&,                                 \
    const std::shared_ptr<Mesh<dim>>&, unsigned int, const SolverOptions&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
