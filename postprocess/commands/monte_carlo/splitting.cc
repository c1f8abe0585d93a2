#include "postprocess/commands/monte_carlo/splitting.h"

#include "postprocess/commands/monte_carlo/whole_and_half.h"

#include <cmath>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

constexpr double large_deviation = 1; // of repeats: Student's interval is doubtful beyond
constexpr double large_rate = 0.02;   // times the time of relaxation

Json number_or_null(const double number) {
  return std::isfinite(number) ? Json(number) : Json(nullptr);
}

Json describe(const SplittingEstimate& estimate, const double relaxation_time) {
  Json json;
  auto& splitting = json["splitting"];
  splitting["barrier"] = estimate.top;
  splitting["inner_level"] = estimate.inner;
  splitting["outer_level"] = estimate.outer;
  splitting["excursion_frequency"] = number_or_null(estimate.frequency);
  splitting["exit_probability"] = number_or_null(estimate.exit_probability);
  splitting["iterations"] = number_or_null(estimate.n_iterations);
  splitting["deviation_of_repeats"] = number_or_null(estimate.repeat_deviation);
  splitting["extinct_repeats"] = estimate.n_extinct;
  const double neglected = estimate.estimate.rate * relaxation_time;
  splitting["rate_times_relaxation_time"] = number_or_null(neglected);

  Json warnings = Json::array();
  if (estimate.n_extinct > 0)
    warnings.push_back(std::to_string(estimate.n_extinct) + " of " +
                       std::to_string(estimate.n_finished) +
                       " repeats lost all particles and count as rate 0: increase Monte "
                       "Carlo/Particles");
  if (estimate.repeat_deviation > large_deviation)
    warnings.push_back("the rates of the repeats differ by more than their mean, and the interval "
                       "may be too small: increase Monte Carlo/Particles");
  if (neglected > large_rate)
    warnings.push_back("the escape takes only " + format_rounded(1 / neglected) +
                       " relaxation times, and splitting neglects the inverse of that: use Method "
                       "= direct");
  if (!warnings.empty()) json["warnings"] = warnings;
  return json;
}

} // namespace

template <int dim>
MonteCarloRun<dim> run_splitting(const MonteCarloParameters& section, const Problem<dim>& problem,
                                 const SimulationContext& context) {
  const auto scales = find_scales(problem);
  const auto settings = section.repeat_settings(problem, scales);
  const ReactionCoordinate<dim> coordinate(problem, scales.start);
  return run_whole_and_half(
    "splitting", section, problem, scales.start, settings, context,
    [&](const RepeatSettings& these, const Watcher& watcher) {
      return simulate_splitting(problem, coordinate, scales.start, these, MPI_COMM_WORLD, watcher);
    },
    [&](const SplittingEstimate& estimate) { return describe(estimate, scales.relaxation_time); });
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_splitting(const MonteCarloParameters&, const Problem<dim>&,      \
                                            const SimulationContext&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
