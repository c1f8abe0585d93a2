#include "problems/base/input_error.h"
#include "solver/monte_carlo/branching.h"
#include "solver/monte_carlo/excursions.h"
#include "solver/monte_carlo/rare_events.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fokker_planck {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What a repeat tells: frequency of excursions, iterations, whether it is extinct, then the rates
/// through the sides and the numbers of exits.
using Row = std::vector<double>;

template <int dim>
class Repeats {
public:
  Repeats(const Problem<dim>& problem_, const ReactionCoordinate<dim>& coordinate_,
          const dealii::Point<dim>& start_, const RepeatSettings& settings_,
          const Surfaces& surfaces_, const Watcher& go_on_)
    : problem(problem_), coordinate(coordinate_), start(start_), settings(settings_),
      surfaces(surfaces_), go_on(go_on_) {}

  /// Empty if it was stopped.
  Row run(std::uint64_t repeat);

  std::uint64_t n_steps = 0;
  bool stopped = false;

private:
  bool goes_on(std::uint64_t repeat, std::uint64_t n_steps_of_part, double level) const;

  const Problem<dim>& problem;
  const ReactionCoordinate<dim>& coordinate;
  const dealii::Point<dim> start;
  const RepeatSettings& settings;
  const Surfaces& surfaces;
  const Watcher& go_on;
};

template <int dim>
bool Repeats<dim>::goes_on(const std::uint64_t repeat, const std::uint64_t n_steps_of_part,
                           const double level) const {
  SimulationProgress progress;
  progress.n_steps = n_steps + n_steps_of_part;
  progress.repeat = repeat + 1;
  progress.n_repeats = settings.n_repeats;
  progress.level = level;
  progress.top = coordinate.top();
  return go_on(progress);
}

template <int dim>
Row Repeats<dim>::run(const std::uint64_t repeat) {
  const RandomNumbers random = random_numbers_of(settings, repeat);
  const auto entrances =
    find_entrances<dim>(problem, coordinate, surfaces, start, settings, random,
                        static_cast<double>(settings.n_particles),
                        [&](const std::uint64_t n) { return goes_on(repeat, n, surfaces.inner); });
  n_steps += entrances.n_steps;
  stopped = stopped || entrances.stopped;
  if (stopped) return {};
  Row row = { entrances.frequency, 0., 1. };
  row.resize(row.size() + 2 * problem.domain.n_sides(), 0.);
  if (entrances.points.empty()) return row; // zero is the unbiased estimate
  const BranchingSettings branching{ settings.time_step, settings.scheme, settings.n_particles,
                                     surfaces.inner };
  const auto result = branch<dim>(
    problem, coordinate, entrances.points, branching, random,
    [&](const std::uint64_t n, const double level) { return goes_on(repeat, n, level); });
  n_steps += result.n_steps;
  stopped = stopped || result.stopped;
  if (stopped) return {};
  row[1] = static_cast<double>(result.n_iterations);
  row[2] = result.extinct ? 1. : 0.;
  const std::size_t n_sides = problem.domain.n_sides();
  for (std::size_t side = 0; side < n_sides; ++side) {
    row[3 + side] = entrances.frequency * result.probability[side];
    row[3 + n_sides + side] = static_cast<double>(result.n_exits[side]);
  }
  return row;
}

std::vector<double> column(const std::vector<Row>& rows, const std::size_t index) {
  std::vector<double> numbers;
  for (const Row& row : rows)
    numbers.push_back(row[index]);
  return numbers;
}

double sum(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.);
}

/// The share of a side in the rates. If all repeats agree on none or all, each counts as one
/// independent exit.
ExitEstimate estimate_exit(const std::size_t n_exits, const std::vector<double>& rates_of_side,
                           const std::vector<double>& rates) {
  if (sum(rates) == 0) return { 0, 0, { 0, 1 } };
  const auto share = repeated_ratio(rates_of_side, rates);
  ExitEstimate exit{ n_exits, share.value, share.interval };
  exit.interval.upper = std::min(exit.interval.upper, 1.);
  if (n_exits == 0) exit.interval = probability_interval(0, rates.size());
  if (sum(rates_of_side) == sum(rates))
    exit.interval = probability_interval(rates.size(), rates.size());
  return exit;
}

template <int dim>
void estimate(const std::vector<Row>& rows, const Domain<dim>& domain, SplittingEstimate& result) {
  const unsigned int n_sides = domain.n_sides();
  std::vector<double> rates(rows.size(), 0.);
  for (std::size_t k = 0; k < rows.size(); ++k)
    rates[k] = std::accumulate(rows[k].begin() + 3, rows[k].begin() + 3 + n_sides, 0.);
  const double n = static_cast<double>(rows.size());
  const auto rate = repeated_ratio(rates, std::vector<double>(rows.size(), 1.));
  result.n_finished = rows.size();
  result.n_extinct = static_cast<std::uint64_t>(sum(column(rows, 2)));
  result.estimate.rate = rate.value;
  result.estimate.relative_error = rate.standard_error / rate.value;
  result.estimate.interval = rate.interval;
  result.estimate.variation = result.estimate.variation_error = nan;
  result.repeat_deviation = result.estimate.relative_error * std::sqrt(n);
  result.frequency = sum(column(rows, 0)) / n;
  result.exit_probability = rate.value / result.frequency;
  result.n_iterations = sum(column(rows, 1)) / n;
  for (unsigned int side = 0; side < n_sides; ++side)
    result.estimate.exits.push_back(
      estimate_exit(static_cast<std::size_t>(sum(column(rows, 3 + n_sides + side))),
                    column(rows, 3 + side), rates));
  if (std::count(domain.boundary.begin(), domain.boundary.end(), BoundaryKind::absorbing) == 1)
    for (unsigned int side = 0; side < n_sides; ++side) // there is no choice
      result.estimate.exits[side].interval = { domain.absorbs(side) ? 1. : 0.,
                                               domain.absorbs(side) ? 1. : 0. };
}

} // namespace

template <int dim>
SplittingEstimate simulate_splitting(const Problem<dim>& problem,
                                     const ReactionCoordinate<dim>& coordinate,
                                     const dealii::Point<dim>& start,
                                     const RepeatSettings& settings, const MPI_Comm communicator,
                                     const Watcher& go_on) {
  namespace MPI = dealii::Utilities::MPI;
  const Surfaces surfaces = find_surfaces(problem, coordinate, start, settings);
  Repeats<dim> repeats(problem, coordinate, start, settings, surfaces, go_on);
  const auto rows = run_repeats(settings, communicator,
                                [&](const std::uint64_t repeat) { return repeats.run(repeat); });
  SplittingEstimate result{};
  estimate(rows, problem.domain, result);
  result.inner = surfaces.inner;
  result.outer = surfaces.outer;
  result.top = coordinate.top();
  result.n_steps = MPI::sum(repeats.n_steps, communicator);
  result.stopped = MPI::max(repeats.stopped ? 1 : 0, communicator) == 1;
  if (!result.stopped && result.n_extinct == result.n_finished)
    throw NotConverged(
      "splitting lost all replicas on the way in each of " + std::to_string(result.n_finished) +
      " repeats: increase Monte Carlo/Particles = " + std::to_string(settings.n_particles));
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template SplittingEstimate simulate_splitting(                                                   \
    const Problem<dim>&, const ReactionCoordinate<dim>&, const dealii::Point<dim>&,                \
    const RepeatSettings&, MPI_Comm, const Watcher&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
