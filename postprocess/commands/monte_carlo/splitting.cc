#include "postprocess/commands/monte_carlo/splitting.h"

#include "postprocess/commands/monte_carlo/passes.h"

namespace fokker_planck {

namespace {

constexpr double large_deviation = 1; // of repeats: Student's interval is doubtful beyond
constexpr double large_rate = 0.02;   // times the time of relaxation

std::vector<std::string> find_warnings(const SplittingEstimate& estimate, const double neglected) {
  std::vector<std::string> warnings;
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
  return warnings;
}

} // namespace

template <int dim>
MonteCarloRun<dim> run_splitting(const MonteCarloParameters& section, const Problem<dim>& problem,
                                 const SimulationContext& context) {
  const auto scales = find_scales(problem);
  const auto whole_settings = section.repeat_settings(problem, scales);
  const ReactionCoordinate<dim> coordinate(problem, scales.start);
  auto run = begin_run("splitting", section, problem, scales.start);
  simulate_passes(
    run.result, whole_settings, section.repeats_at_half_step(),
    [&](const RepeatSettings& settings, const std::string& title) {
      const auto [estimate, seconds] = watch(title, context, [&](const Watcher& go_on) {
        return simulate_splitting(problem, coordinate, scales.start, settings, context.communicator,
                                  go_on);
      });
      auto pass = pass_of(estimate, settings, seconds);
      const double neglected = estimate.estimate.rate * scales.relaxation_time;
      pass.splitting =
        SimulationPass::Splitting{ estimate, neglected, find_warnings(estimate, neglected) };
      return pass;
    });
  return run;
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_splitting(const MonteCarloParameters&, const Problem<dim>&,      \
                                            const SimulationContext&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
