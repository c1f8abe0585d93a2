#include "solver/analyses/adaptive.h"

#include <memory>
#include <utility>

namespace fokker_planck {

namespace {

/// Estimates are multiplied by this, so that next to none is too small: see
/// tests/convergence/tolerances.cc for how they compare with the errors.
constexpr double safety = 2.5;

/// What is kept of the analysis of the last mesh.
template <int dim>
struct Kept {
  std::unique_ptr<const PinnedProblem<dim>> pinned;
  QuasiStationary<dim> solution;

  AdaptiveSolution<dim> with(AdaptiveMesh<dim> mesh) {
    auto valleys = compute_valley_rates(*pinned, solution.log_rate);
    return { std::move(mesh), std::move(solution), std::move(valleys) };
  }
};

template <int dim>
Analysis<dim> analysis_of(const Problem<dim>& problem, const Gauge<dim>& gauge,
                          const Landscape<dim>& landscape, const SolverOptions& options,
                          Kept<dim>& kept) {
  return [&](const Discretization<dim>& discretization) {
    kept.pinned.reset(); // its memory is needed
    kept.solution = with_suitable_solver(options, [&](const SolverOptions& chosen) {
      kept.pinned = std::make_unique<const PinnedProblem<dim>>(problem, gauge, landscape,
                                                               discretization, chosen);
      return solve_quasi_stationary(*kept.pinned);
    });
    return Assessment{ kept.solution.log_rate, safety * kept.solution.error.relative_error,
                       kept.solution.error.indicators, kept.solution.estimate_seconds };
  };
}

} // namespace

template <int dim>
AdaptiveSolution<dim> solve_adaptively(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                       const Landscape<dim>& landscape,
                                       const std::shared_ptr<Mesh<dim>>& mesh,
                                       const unsigned int degree, const AccuracyGoal& goal,
                                       const SolverOptions& options) {
  Kept<dim> kept;
  auto last = refine_adaptively(gauge, landscape, mesh, degree, goal, options,
                                analysis_of(problem, gauge, landscape, options, kept));
  return kept.with(std::move(last));
}

template <int dim>
AdaptiveSolution<dim> solve_on(const Problem<dim>& problem, const Gauge<dim>& gauge,
                               const Landscape<dim>& landscape,
                               const std::shared_ptr<Mesh<dim>>& mesh, const unsigned int degree,
                               const SolverOptions& options) {
  Kept<dim> kept;
  auto last =
    analyse_on(mesh, degree, options, analysis_of(problem, gauge, landscape, options, kept));
  return kept.with(std::move(last));
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
