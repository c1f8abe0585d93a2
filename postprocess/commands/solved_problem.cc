#include "postprocess/commands/solved_problem.h"

#include "meshes/layers.h"
#include "problems/base/text.h"
#include "solver/analyses/gauge_scales.h"

#include <deal.II/base/timer.h>

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace fokker_planck {

namespace {

template <int dim>
AdaptiveSolution<dim> solve(const DiscretizationParameters& settings, const SolverOptions& options,
                            const Problem<dim>& problem, const Gauge<dim>& gauge,
                            const Landscape<dim>& landscape, const AccuracyGoal& goal,
                            const MPI_Comm communicator) {
  const unsigned int degree = settings.get_degree();
  typename Mesh<dim>::Layout layout{ settings.n_cells<dim>(problem.domain.is_box()) };
  layout.equal_cells = !settings.is_adaptive();
  layout.mapping_degree = std::max(layout.mapping_degree, degree);
  if (settings.is_adaptive())
    grade<dim>(layout, problem.domain, gauge, landscape, degree, goal.tolerance);
  const auto mesh = std::make_shared<Mesh<dim>>(problem.domain, layout, communicator);
  return settings.is_adaptive()
           ? solve_adaptively(problem, gauge, landscape, mesh, degree, goal, options)
           : solve_on(problem, gauge, landscape, mesh, degree, options);
}

/// What can be wrong about the mesh is said before any work is done.
template <int dim>
AccuracyGoal checked_goal(const Parameters& parameters, const Problem<dim>& problem) {
  const DiscretizationParameters& settings = parameters.discretization;
  parameters.solver.get_options();
  settings.n_cells<dim>(problem.domain.is_box());
  return { settings.get_tolerance(), settings.get_maximum_unknowns() };
}

} // namespace

template <int dim>
SolvedProblem<dim>::SolvedProblem(const Parameters& parameters, const MPI_Comm communicator)
  : SolvedProblem(parameters, communicator, dealii::Timer()) {}

template <int dim>
SolvedProblem<dim>::SolvedProblem(const Parameters& parameters, const MPI_Comm communicator,
                                  const dealii::Timer& timer)
  : problem(parameters.problem.make_problem<dim>()), goal(checked_goal(parameters, problem)),
    gauged(solve_with_gauge_scale(problem, parameters.discretization.get_gauge_scale(),
                                  parameters.solver.get_options(),
                                  [&](const double scale) {
                                    return std::make_unique<const Gauged>(
                                      parameters, problem, goal, scale, communicator, timer);
                                  })),
    gauge(gauged->gauge), landscape(gauged->landscape),
    exploration_seconds(gauged->exploration_seconds), adaptive(gauged->adaptive),
    formulas(escape_formulas(problem, gauge, landscape)) {}

template <int dim>
SolvedProblem<dim>::Gauged::Gauged(const Parameters& parameters, const Problem<dim>& problem,
                                   const AccuracyGoal& goal, const double gauge_scale,
                                   const MPI_Comm communicator, const dealii::Timer& timer)
  : gauge(problem, gauge_scale),
    landscape(explore(problem.domain, gauge, *problem.loss, problem.start, gauge.cutoff())),
    exploration_seconds(timer.wall_time()),
    adaptive(solve(parameters.discretization, parameters.solver.get_options(), problem, gauge,
                   landscape, goal, communicator)) {}

template <int dim>
std::string SolvedProblem<dim>::complaint() const {
  if (adaptive.converged) return "";
  std::ostringstream text;
  text << std::setprecision(2) << "not converged: estimated relative error "
       << adaptive.relative_error
       << " exceeds Discretization/Tolerance = " << format_rounded(goal.tolerance) << " with "
       << adaptive.discretization->get_dof_handler().n_dofs()
       << " unknowns (Maximum unknowns = " << goal.maximum_unknowns << ")";
  return text.str();
}

template class SolvedProblem<1>;
template class SolvedProblem<2>;
template class SolvedProblem<3>;

} // namespace fokker_planck
