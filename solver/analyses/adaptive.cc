#include "solver/analyses/adaptive.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

namespace fokker_planck {

namespace {

/// Estimates are multiplied by this, so that next to none is too small: see
/// tests/convergence/tolerances.cc for how they compare with the errors.
constexpr double safety = 2.5;

/// The analysis of one mesh after another; keeps what belongs to the last one.
template <int dim>
class RateAnalysis {
public:
  RateAnalysis(const Problem<dim>& problem_, const Gauge<dim>& gauge_,
               const Landscape<dim>& landscape_, const SolverOptions& options_,
               const bool of_valley_rates_)
    : problem(problem_), gauge(gauge_), landscape(landscape_), options(options_),
      of_valley_rates(of_valley_rates_) {}

  Assessment operator()(const Discretization<dim>& discretization) {
    pinned.reset(); // its memory is needed
    solution = with_suitable_solver(options, [&](const SolverOptions& chosen) {
      pinned = std::make_unique<const PinnedProblem<dim>>(problem, gauge, landscape, discretization,
                                                          chosen);
      return solve_quasi_stationary(*pinned);
    });
    Assessment assessment{ solution.log_rate, safety * solution.error.relative_error,
                           solution.error.indicators, solution.estimate_seconds };
    if (of_valley_rates) {
      errors = estimate_valley_errors(*pinned, solution.error, safety);
      assessment.relative_error = std::max(assessment.relative_error, errors.largest());
      for (std::size_t cell = 0; cell < errors.indicators.size(); ++cell)
        assessment.indicators[cell] =
          std::max(assessment.indicators[cell], errors.indicators[cell]);
    }
    return assessment;
  }

  AdaptiveSolution<dim> with(AdaptiveMesh<dim> mesh) {
    if (!of_valley_rates) errors = estimate_valley_errors(*pinned, solution.error, safety);
    auto valleys = compute_valley_rates(*pinned, solution.log_rate, std::move(errors));
    return { std::move(mesh), std::move(solution), std::move(valleys) };
  }

private:
  const Problem<dim>& problem;
  const Gauge<dim>& gauge;
  const Landscape<dim>& landscape;
  const SolverOptions& options;
  const bool of_valley_rates;
  std::unique_ptr<const PinnedProblem<dim>> pinned;
  QuasiStationary<dim> solution;
  ValleyErrors errors;
};

/// The landscape in which the highest pass between two valleys, or out of one, counts as the exit:
/// the mesh then resolves all passes from the start.
template <int dim>
Landscape<dim> with_all_passes(Landscape<dim> landscape) {
  for (const auto& point : landscape.critical_points)
    if (!point.leads_to.empty() && point.potential < landscape.cutoff_level)
      landscape.exit_level = std::max(landscape.exit_level, point.potential);
  return landscape;
}

} // namespace

template <int dim>
AdaptiveSolution<dim> solve_adaptively(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                       const Landscape<dim>& landscape,
                                       const std::shared_ptr<Mesh<dim>>& mesh,
                                       const unsigned int degree, const AccuracyGoal& goal,
                                       const SolverOptions& options) {
  RateAnalysis<dim> analysis(problem, gauge, landscape, options, goal.of_valley_rates);
  auto last =
    refine_adaptively<dim>(gauge, goal.of_valley_rates ? with_all_passes(landscape) : landscape,
                           mesh, degree, goal, options, std::ref(analysis));
  return analysis.with(std::move(last));
}

template <int dim>
AdaptiveSolution<dim> solve_on(const Problem<dim>& problem, const Gauge<dim>& gauge,
                               const Landscape<dim>& landscape,
                               const std::shared_ptr<Mesh<dim>>& mesh, const unsigned int degree,
                               const SolverOptions& options) {
  RateAnalysis<dim> analysis(problem, gauge, landscape, options, false);
  auto last = analyse_on<dim>(mesh, degree, options, std::ref(analysis));
  return analysis.with(std::move(last));
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
