#include "solver/analyses/pinned_problem.h"

#include "problems/base/text.h"

#include <cmath>

namespace fokker_planck {

namespace {

/// Double precision carries exp(1350) in the scaling of the solver, see scaled_space.h.
template <int dim>
const Landscape<dim>& checked(const Landscape<dim>& landscape, const Gauge<dim>& gauge) {
  const dealii::Point<dim> lowest = landscape.watershed.lowest_point();
  std::vector<double> potential;
  gauge.values({ lowest }, potential);
  const double depth = landscape.exit_level - potential[0];
  if (depth > 1300)
    throw NotConverged("L/D falls by " + format_number(std::round(depth)) + " from the exit to " +
                       format_point(&lowest[0], dim) +
                       "; more than 1300 exceeds the range of floating-point numbers (is the loss "
                       "without lower bound there, or the noise too small?)");
  return landscape;
}

/// Tells what has been done; returns the seconds since the timer was started.
double say(const SolverOptions& options, const std::string& what, const dealii::Timer& timer,
           const double before) {
  const double now = timer.wall_time();
  options.say("  " + what + " in " + format_rounded(now - before) + " s");
  return now;
}

} // namespace

template <int dim>
PinnedProblem<dim>::PinnedProblem(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                  const Landscape<dim>& landscape_,
                                  const Discretization<dim>& discretization,
                                  const SolverOptions& options)
  : landscape(checked(landscape_, gauge)),
    generator(problem, gauge, discretization, landscape.cutoff_level, options),
    seconds_after_assembly(say(options, "assembled", timer, 0)), basins(discretization, landscape),
    solver(generator.make_solver(basins.fixed_parts())),
    seconds_after_setup(
      say(options, solver->get_solver().name() + " set up", timer, seconds_after_assembly)),
    basis(make_pinned_basis(generator, basins, *solver, landscape.lowest_potential)),
    seconds_after_basis(timer.wall_time()) {}

template class PinnedProblem<1>;
template class PinnedProblem<2>;
template class PinnedProblem<3>;

} // namespace fokker_planck
