#include "solver/analyses/adaptive_refinement.h"

#include "meshes/refinement.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace fokker_planck {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Variation of Psi over the cells at the exit for the first solve. Twice as much in three
/// dimensions, where cells are many and Psi varies along more directions.
double first_variation(const unsigned int degree, const int dim) {
  return std::min(15., 4. * degree) * (dim == 3 ? 2 : 1);
}

/// Share of the error in cells that need not be divided while the goal is far.
double least_left(const unsigned int degree) {
  return std::max(0.005, std::pow(0.25, degree));
}

/// Cells are not divided more often: p4est and floating-point numbers do not bear much more.
constexpr int most_levels[] = { 0, 40, 26, 16 };

/// A mesh on which Psi varies by less at the exit is not too coarse.
constexpr double least_variation = 0.05;

template <int dim>
RefinementLevel start_level(const Discretization<dim>& discretization, const dealii::Timer& timer) {
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

/// The cells that hold most of the error; none if dividing them would make too many, or if they
/// cannot be divided any more.
template <int dim>
std::optional<std::vector<bool>> mark(const Mesh<dim>& mesh, const Assessment& assessment,
                                      const unsigned int degree, const double tolerance,
                                      const unsigned long most_cells) {
  const auto& triangulation = mesh.get_triangulation();
  const MPI_Comm communicator = communicator_of(triangulation);
  // What is left undivided keeps its error, the rest falls by 4^k or so.
  const double left = std::max(0.3 * tolerance / assessment.relative_error, least_left(degree));
  auto marked = mark_largest(assessment.indicators, 1 - left, communicator);
  for (const auto& cell : triangulation.active_cell_iterators())
    if (cell->level() >= most_levels[dim]) marked[cell->active_cell_index()] = false;
  const unsigned long n_marked = dealii::Utilities::MPI::sum(
    static_cast<unsigned long>(std::count(marked.begin(), marked.end(), true)), communicator);
  if (n_marked == 0) return {};
  if (triangulation.n_global_active_cells() + ((1UL << dim) - 1) * n_marked > most_cells) return {};
  return marked;
}

/// Divides cells where Psi varies until the mesh has more of them. variation: that is allowed at
/// the exit, which is lowered. Throws the error that is being handled if that has come to an end.
template <int dim>
void refine_where_too_coarse(Mesh<dim>& mesh, const Gauge<dim>& gauge,
                             const Landscape<dim>& landscape, double& variation,
                             const unsigned long most_cells) {
  const auto& triangulation = mesh.get_triangulation();
  const auto n_before = triangulation.n_global_active_cells();
  while (triangulation.n_global_active_cells() == n_before) {
    if (variation < least_variation) throw;
    variation /= 2;
    refine_by_potential(mesh, gauge, landscape, variation, most_cells);
  }
}

} // namespace

template <int dim>
AdaptiveMesh<dim> refine_adaptively(const Gauge<dim>& gauge, const Landscape<dim>& landscape,
                                    const std::shared_ptr<Mesh<dim>>& mesh,
                                    const unsigned int degree, const AccuracyGoal& goal,
                                    const SolverOptions& options, const Analysis<dim>& analysis) {
  const dealii::Timer timer;
  AdaptiveMesh<dim> result{};
  const double unknowns_per_cell = std::pow(degree, dim);
  const auto most_cells = static_cast<unsigned long>(goal.maximum_unknowns / unknowns_per_cell);
  double variation = first_variation(degree, dim);
  refine_by_potential(*mesh, gauge, landscape, variation, most_cells);
  while (true) {
    auto discretization = std::make_unique<const Discretization<dim>>(mesh, degree);
    result.levels.push_back(start_level(*discretization, timer));
    RefinementLevel& level = result.levels.back();
    say(level, options);
    Assessment assessment;
    bool too_coarse = false;
    try {
      assessment = analysis(*discretization);
    } catch (const MeshTooCoarse&) {
      too_coarse = true;
      options.say("  the mesh is too coarse to carry a result");
      discretization.reset();
      refine_where_too_coarse(*mesh, gauge, landscape, variation, most_cells);
    }
    level.seconds = timer.wall_time();
    if (too_coarse) continue;

    level.log_rate = assessment.log_value;
    result.relative_error = level.relative_error = assessment.relative_error;
    options.say("  error estimated in " + format_rounded(assessment.estimate_seconds) +
                " s: " + format_rounded(level.relative_error));
    result.converged = level.relative_error <= goal.tolerance;
    result.discretization = std::move(discretization);
    if (result.converged) return result;
    const auto marked = mark(*mesh, assessment, degree, goal.tolerance, most_cells);
    if (!marked) return result;
    result.discretization.reset();
    mesh->refine(*marked);
  }
}

template <int dim>
AdaptiveMesh<dim> analyse_on(const std::shared_ptr<Mesh<dim>>& mesh, const unsigned int degree,
                             const SolverOptions& options, const Analysis<dim>& analysis) {
  const dealii::Timer timer;
  AdaptiveMesh<dim> result{};
  result.discretization = std::make_unique<const Discretization<dim>>(mesh, degree);
  say(start_level(*result.discretization, timer), options);
  const Assessment assessment = analysis(*result.discretization);
  result.relative_error = assessment.relative_error;
  result.converged = true;
  result.levels.push_back(start_level(*result.discretization, timer));
  result.levels.back().log_rate = assessment.log_value;
  result.levels.back().relative_error = result.relative_error;
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template AdaptiveMesh<dim> refine_adaptively(                                                    \
    const Gauge<dim>&, const Landscape<dim>&, const std::shared_ptr<Mesh<dim>>&, unsigned int,     \
    const AccuracyGoal&, const SolverOptions&, const Analysis<dim>&);                              \
  template AdaptiveMesh<dim> analyse_on(const std::shared_ptr<Mesh<dim>>&, unsigned int,           \
                                        const SolverOptions&, const Analysis<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
