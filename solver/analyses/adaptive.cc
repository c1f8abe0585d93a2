#include "solver/analyses/adaptive.h"

namespace fokker_planck {

namespace {

/// Estimates are multiplied by this, so that next to none is too small: see
/// tests/convergence/tolerances.cc for how they compare with the errors.
constexpr double safety = 2.5;

/// The analysis that keeps the quasi-stationary density of the last mesh.
template <int dim>
Analysis<dim> analysis_of(const Problem<dim>& problem, const Gauge<dim>& gauge,
                          const Landscape<dim>& landscape, const SolverOptions& options,
                          QuasiStationary<dim>& solution) {
  return [&](const Discretization<dim>& discretization) {
    solution = solve_quasi_stationary(problem, gauge, landscape, discretization, options);
    return Assessment{ solution.log_rate, safety * solution.error.relative_error,
                       solution.error.indicators, solution.estimate_seconds };
  };
}

} // namespace

template <int dim>
AdaptiveSolution<dim> solve_adaptively(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                       const Landscape<dim>& landscape,
                                       const std::shared_ptr<Mesh<dim>>& mesh,
                                       const unsigned int degree, const AccuracyGoal& goal,
                                       const SolverOptions& options) {
  QuasiStationary<dim> solution;
  auto last = refine_adaptively(gauge, landscape, mesh, degree, goal, options,
                                analysis_of(problem, gauge, landscape, options, solution));
  return { std::move(last), std::move(solution) };
}

template <int dim>
AdaptiveSolution<dim> solve_on(const Problem<dim>& problem, const Gauge<dim>& gauge,
                               const Landscape<dim>& landscape,
                               const std::shared_ptr<Mesh<dim>>& mesh, const unsigned int degree,
                               const SolverOptions& options) {
  QuasiStationary<dim> solution;
  auto last =
    analyse_on(mesh, degree, options, analysis_of(problem, gauge, landscape, options, solution));
  return { std::move(last), std::move(solution) };
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
