#include "solver/monte_carlo/excursions.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

using dealii::Point;

namespace {

constexpr std::size_t n_pilots = Walkers<1>::good_n_lanes;
constexpr double least_gap = 0.5;    // between A and Sigma
constexpr double least_height = 1.5; // of the boundary above Sigma

/// Particles with rebirth, of which each is in an excursion or not.
template <int dim>
class Pilots {
public:
  Pilots(const Problem<dim>& problem, const ReactionCoordinate<dim>& coordinate_,
         const Point<dim>& start, const RepeatSettings& settings, const RandomNumbers& random)
    : coordinate(coordinate_),
      population(problem, settings.scheme, settings.time_step, random, n_pilots, start),
      levels(n_pilots), away(n_pilots, 0) {}

  /// Begins nothing: for the burn-in.
  void step() { step({ -infinity, infinity, 0 }, nullptr); }

  void step(const Surfaces& surfaces, std::vector<Point<dim>>* const entrances) {
    for (const auto& exit : population.step())
      away[exit.particle] = away[exit.parent];
    coordinate.values(population.positions(), n_pilots, levels.data());
    for (std::size_t l = 0; l < n_pilots; ++l)
      if (away[l] != 0)
        away[l] = levels[l] > surfaces.inner;
      else if (levels[l] >= surfaces.outer) {
        away[l] = 1;
        if (entrances != nullptr) entrances->push_back(population.position(l));
      }
  }

  std::uint64_t n_steps() const { return population.n_steps() * n_pilots; }
  const std::vector<double>& get_levels() const { return levels; }

private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  const ReactionCoordinate<dim>& coordinate;
  Population<dim> population;
  std::vector<double> levels;
  std::vector<char> away; ///< whether an excursion is under way
};

std::uint64_t steps_of(const double time, const RepeatSettings& settings) {
  return static_cast<std::uint64_t>(std::ceil(time / settings.time_step));
}

[[noreturn]] void refuse_splitting(const double top) {
  if (!std::isfinite(top))
    throw NotConverged("no way from the start to an absorbing side was found on a lattice: set "
                       "Monte Carlo/Method = direct");
  throw InputError("Monte Carlo/Method", "splitting",
                   "the barrier is only " + format_rounded(top) +
                     " times the noise: direct is needed");
}

double quantile(std::vector<double>& values, const double probability) {
  const auto middle =
    values.begin() + static_cast<std::ptrdiff_t>(probability * static_cast<double>(values.size()));
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace

template <int dim>
Surfaces find_surfaces(const Problem<dim>& problem, const ReactionCoordinate<dim>& coordinate,
                       const Point<dim>& start, const RepeatSettings& settings) {
  constexpr std::size_t n_counted = 500;
  constexpr int most_periods = 100;
  const double top = coordinate.top();
  if (!(top > least_gap + least_height) || !std::isfinite(top)) refuse_splitting(top);
  Pilots<dim> pilots(problem, coordinate, start, settings,
                     RandomNumbers(settings.seed, settings.run));
  const std::uint64_t period = steps_of(settings.burn_in_time, settings);
  for (std::uint64_t step = 0; step < period; ++step)
    pilots.step();
  std::vector<double> levels;
  for (std::uint64_t step = 0; step < 4 * period; ++step) {
    pilots.step();
    if (step % 16 == 0)
      levels.insert(levels.end(), pilots.get_levels().begin(), pilots.get_levels().end());
  }
  Surfaces surfaces{};
  surfaces.inner = std::max(quantile(levels, 0.7), 0.5);
  surfaces.outer = std::max(quantile(levels, 0.95), surfaces.inner + least_gap);
  if (surfaces.outer > top - least_height) refuse_splitting(top);

  std::vector<Point<dim>> entrances;
  for (std::uint64_t step = 0; step < period; ++step) // to tell who is away
    pilots.step(surfaces, nullptr);
  for (std::uint64_t step = 0; step < most_periods * period && entrances.size() < n_counted;) {
    for (int k = 0; k < 16; ++k, ++step)
      pilots.step(surfaces, &entrances);
    surfaces.frequency = static_cast<double>(entrances.size()) /
                         (static_cast<double>((step + 1) * n_pilots) * settings.time_step);
  }
  if (entrances.empty())
    throw NotConverged("no excursion from the valley was seen: set Monte Carlo/Burn-in time to "
                       "several times the relaxation time in the valley");
  return surfaces;
}

template <int dim>
Entrances<dim> find_entrances(const Problem<dim>& problem,
                              const ReactionCoordinate<dim>& coordinate, const Surfaces& surfaces,
                              const Point<dim>& start, const RepeatSettings& settings,
                              const RandomNumbers& random, const double n_excursions,
                              const std::function<bool(std::uint64_t n_steps)>& go_on) {
  Pilots<dim> pilots(problem, coordinate, start, settings, random);
  const std::uint64_t burn_in = steps_of(settings.burn_in_time, settings);
  const std::uint64_t counted = steps_of(n_excursions / (surfaces.frequency * n_pilots), settings);
  Entrances<dim> result{};
  for (std::uint64_t step = 0; step < burn_in + counted; ++step) {
    pilots.step(surfaces, step < burn_in ? nullptr : &result.points);
    if (step % 64 == 0 && !go_on(pilots.n_steps())) {
      result.stopped = true;
      break;
    }
  }
  result.n_steps = pilots.n_steps();
  result.frequency = static_cast<double>(result.points.size()) /
                     (static_cast<double>(counted * n_pilots) * settings.time_step);
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template Surfaces find_surfaces(const Problem<dim>&, const ReactionCoordinate<dim>&,             \
                                  const Point<dim>&, const RepeatSettings&);                       \
  template Entrances<dim> find_entrances(const Problem<dim>&, const ReactionCoordinate<dim>&,      \
                                         const Surfaces&, const Point<dim>&,                       \
                                         const RepeatSettings&, const RandomNumbers&, double,      \
                                         const std::function<bool(std::uint64_t)>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
