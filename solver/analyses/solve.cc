#include "solver/analyses/solve.h"

#include "meshes/layers.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "solver/analyses/gauge_scales.h"

#include <deal.II/base/timer.h>

#include <algorithm>
#include <utility>

namespace fokker_planck {

namespace {

/// Programs may ask for anything; parameter files are checked before, in their own words.
void check(const Settings& settings, const unsigned int dim) {
  const auto demand = [](const bool holds, const std::string& name, const double given,
                         const std::string& allowed) {
    if (!holds)
      throw InputError("Settings::" + name, format_rounded(given), allowed + " is needed");
  };
  const auto& cells = settings.cells;
  demand(settings.tolerance > 0 && settings.tolerance < 1, "tolerance", settings.tolerance,
         "a number > 0 and < 1");
  demand(settings.degree >= 1 && settings.degree <= 12, "degree", settings.degree,
         "a number from 1 to 12");
  demand(settings.gauge_scale > 0, "gauge_scale", settings.gauge_scale, "a number > 0");
  demand(cells.size() <= 1 || cells.size() == dim, "cells", static_cast<double>(cells.size()),
         "one number, or one for each direction,");
  demand(std::count(cells.begin(), cells.end(), 0U) == 0, "cells", 0, "a number > 0");
}

template <int dim>
std::array<unsigned int, dim> cells_per_direction(const Settings& settings,
                                                  const Domain<dim>& domain) {
  std::array<unsigned int, dim> n_cells;
  const unsigned int automatic = settings.refinement == Settings::Refinement::uniform ? 16U
                                 : domain.is_box()                                    ? 4U
                                                                                      : 2U;
  for (std::size_t i = 0; i < dim; ++i)
    n_cells[i] = settings.cells.empty()       ? automatic
                 : settings.cells.size() == 1 ? settings.cells[0]
                                              : settings.cells[i];
  return n_cells;
}

template <int dim>
AdaptiveSolution<dim> mesh_and_solve(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                     const Landscape<dim>& landscape, const Settings& settings,
                                     const MPI_Comm communicator) {
  const bool is_adaptive = settings.refinement == Settings::Refinement::adaptive;
  const unsigned int degree = settings.degree;
  typename Mesh<dim>::Layout layout;
  layout.n_cells = cells_per_direction(settings, problem.domain);
  layout.equal_cells = !is_adaptive;
  layout.mapping_degree = std::max(layout.mapping_degree, degree);
  if (is_adaptive) grade<dim>(layout, problem.domain, gauge, landscape, degree, settings.tolerance);
  const auto mesh = std::make_shared<Mesh<dim>>(problem.domain, layout, communicator);
  return is_adaptive ? solve_adaptively(
                         problem, gauge, landscape, mesh, degree,
                         { settings.tolerance, settings.maximum_unknowns, settings.valley_rates },
                         settings.solver)
                     : solve_on(problem, gauge, landscape, mesh, degree, settings.solver);
}

} // namespace

template <int dim>
Solution<dim> solve(const Problem<dim>& problem, const Settings& settings,
                    const MPI_Comm communicator) {
  check(settings, dim);
  const dealii::Timer timer;
  return solve_with_gauge_scale(
    problem, settings.gauge_scale, settings.solver, [&](const double scale) {
      const Gauge<dim> gauge(problem, scale);
      Landscape<dim> landscape =
        explore(problem.domain, gauge, *problem.loss, problem.start, gauge.cutoff());
      const double exploration_seconds = timer.wall_time();
      // Members in this order: the landscape is still needed when the second one is made.
      return Solution<dim>{ problem, gauge,
                            mesh_and_solve(problem, gauge, landscape, settings, communicator),
                            std::move(landscape), exploration_seconds };
    });
}

template Solution<1> solve(const Problem<1>&, const Settings&, MPI_Comm);
template Solution<2> solve(const Problem<2>&, const Settings&, MPI_Comm);
template Solution<3> solve(const Problem<3>&, const Settings&, MPI_Comm);

} // namespace fokker_planck
