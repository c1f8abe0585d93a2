#include "solver/monte_carlo/rare_events.h"

#include "solver/monte_carlo/population.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fokker_planck {

namespace {

/// Exits of one repeat.
struct Count {
  double trials = 0; ///< particles times steps
  double n_exits = 0;
  bool complete = false; ///< as many exits as were asked for
  std::vector<double> sides;

  std::vector<double> row() const {
    std::vector<double> numbers = { trials, n_exits, complete ? 1. : 0. };
    numbers.insert(numbers.end(), sides.begin(), sides.end());
    return numbers;
  }
};

std::uint64_t exits_per_repeat(const RepeatSettings& settings) {
  return std::max<std::uint64_t>(2, (settings.n_trajectories + settings.n_repeats - 1) /
                                      settings.n_repeats);
}

template <int dim>
class Repeat {
public:
  Repeat(const Problem<dim>& problem, const dealii::Point<dim>& start,
         const RepeatSettings& settings_, const RandomNumbers& random)
    : settings(settings_), goal(exits_per_repeat(settings)),
      population(problem, settings.scheme, settings.time_step, random, settings.n_particles,
                 start) {
    count.sides.assign(problem.domain.n_sides(), 0.);
  }

  /// go_on is asked from time to time. Returns whether it came to the end.
  bool run(const std::function<bool()>& go_on) {
    const auto burn_in =
      static_cast<std::uint64_t>(std::ceil(settings.burn_in_time / settings.time_step));
    while (population.n_steps() < burn_in) {
      if (population.n_steps() % 64 == 0 && !go_on()) return false;
      population.step();
    }
    while (!count.complete) {
      const std::uint64_t steps = population.n_steps() - burn_in;
      if (static_cast<double>(steps) * settings.time_step >= settings.maximum_time) break;
      if (steps % 64 == 0 && !go_on()) return false;
      step();
    }
    return true;
  }

  std::uint64_t n_steps() const { return population.n_steps() * population.n_particles(); }

  Count count;

private:
  void step() {
    for (const auto& exit : population.step()) {
      ++count.sides[exit.side];
      ++count.n_exits;
      if (count.n_exits < static_cast<double>(goal)) continue;
      count.trials += static_cast<double>(exit.particle + 1);
      count.complete = true;
      return;
    }
    count.trials += static_cast<double>(population.n_particles());
  }

  const RepeatSettings& settings;
  const std::uint64_t goal;
  Population<dim> population;
};

/// Of rows (see Count), each of them independent.
EscapeEstimate estimate_exits(const std::vector<std::vector<double>>& rows,
                              const unsigned int n_sides, const double time_step) {
  EscapeEstimate result{};
  std::vector<double> exits, trials;
  bool complete = true;
  for (const auto& row : rows) {
    trials.push_back(row[0]);
    exits.push_back(row[1]);
    complete = complete && row[2] == 1;
  }
  const double all_trials = std::accumulate(trials.begin(), trials.end(), 0.);
  const double all_exits = std::accumulate(exits.begin(), exits.end(), 0.);
  result.n_exits = static_cast<std::size_t>(all_exits);
  result.total_time = all_trials * time_step;
  const double less = complete ? 1 : 0;
  const double q = all_trials > less ? std::max(0., all_exits - less) / (all_trials - less) : 0.;
  result.rate = -std::log1p(-q) / time_step;
  result.variation = result.variation_error = std::numeric_limits<double>::quiet_NaN();
  if (all_exits > 0) {
    const auto ratio = repeated_ratio(exits, trials);
    result.relative_error = ratio.standard_error / ratio.value;
    result.interval = { result.rate * ratio.interval.lower / ratio.value,
                        result.rate * ratio.interval.upper / ratio.value };
  } else {
    result.relative_error = std::numeric_limits<double>::infinity();
    result.interval = rate_interval(0, result.total_time, true);
  }
  for (unsigned int side = 0; side < n_sides; ++side) {
    double n = 0;
    for (const auto& row : rows)
      n += row[3 + side];
    const auto hits = static_cast<std::size_t>(n);
    result.exits.push_back(
      { hits, all_exits > 0 ? n / all_exits : 0., probability_interval(hits, result.n_exits) });
  }
  return result;
}

} // namespace

template <int dim>
RareEstimate simulate_fleming_viot(const Problem<dim>& problem, const dealii::Point<dim>& start,
                                   const RepeatSettings& settings, const MPI_Comm communicator,
                                   const Watcher& go_on) {
  namespace MPI = dealii::Utilities::MPI;
  RareEstimate result{};
  std::uint64_t n_steps = 0;
  bool stopped = false;
  const auto rows = run_repeats(settings, communicator, [&](const std::uint64_t k) {
    if (stopped) return std::vector<double>();
    Repeat<dim> repeat(problem, start, settings, random_numbers_of(settings, k));
    stopped = !repeat.run([&] {
      SimulationProgress progress;
      progress.n_done = static_cast<std::uint64_t>(repeat.count.n_exits);
      progress.n_all = exits_per_repeat(settings);
      progress.n_steps = n_steps + repeat.n_steps();
      progress.repeat = k + 1;
      progress.n_repeats = settings.n_repeats;
      return go_on(progress);
    });
    n_steps += repeat.n_steps();
    return repeat.count.trials > 0 ? repeat.count.row() : std::vector<double>();
  });
  result.estimate = estimate_exits(rows, problem.domain.n_sides(), settings.time_step);
  result.n_finished = rows.size();
  result.n_steps = MPI::sum(n_steps, communicator);
  result.stopped = MPI::max(stopped ? 1 : 0, communicator) == 1;
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template RareEstimate simulate_fleming_viot(const Problem<dim>&, const dealii::Point<dim>&,      \
                                              const RepeatSettings&, MPI_Comm, const Watcher&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
