// Excursions from the valley: how often the quasi-stationary state sends them out, and where they
// begin.
//
// In the coordinate xi (see reaction_coordinate.h) the valley is A = {xi <= inner}. An excursion
// begins with the first state beyond Sigma, xi >= outer > inner, after a state in A, and ends with
// the next state in A or an exit. Every exit ends an excursion, so that
//   gamma = (frequency of excursions) * (probability that one ends with an exit).
// The frequency and the first states come from particles with rebirth (population.h), simulated for
// a time that was fixed beforehand: then the product is unbiased. What is left out are excursions
// that are already under way at rebirth, of relative size gamma times the time of relaxation.
// References: Hill, Free Energy Transduction in Biology, 1977; Baudel, Guyader, Lelievre, On the
// Hill relation and the mean reaction time for metastable processes, Stoch. Proc. Appl., 2023.
#pragma once

#include "solver/monte_carlo/population.h"
#include "solver/monte_carlo/reaction_coordinate.h"
#include "solver/monte_carlo/repeats.h"

namespace fokker_planck {

struct Surfaces {
  double inner, outer;
  double frequency; ///< excursions per particle and time, roughly
};

/// Chooses A and Sigma by the values of xi in the quasi-stationary state: A holds most of it, Sigma
/// is passed seldom. The same on all ranks. Throws InputError if the boundary is not well beyond,
/// and NotConverged if no excursions are seen.
template <int dim>
Surfaces find_surfaces(const Problem<dim>& problem, const ReactionCoordinate<dim>& coordinate,
                       const dealii::Point<dim>& start, const RepeatSettings& settings);

template <int dim>
struct Entrances {
  std::vector<dealii::Point<dim>> points; ///< the first states of all excursions
  double frequency;                       ///< excursions per particle and time
  std::uint64_t n_steps;
  bool stopped;
};

/// Simulates until about n_excursions have begun.
template <int dim>
Entrances<dim> find_entrances(const Problem<dim>& problem,
                              const ReactionCoordinate<dim>& coordinate, const Surfaces& surfaces,
                              const dealii::Point<dim>& start, const RepeatSettings& settings,
                              const RandomNumbers& random, double n_excursions,
                              const std::function<bool(std::uint64_t n_steps)>& go_on);

} // namespace fokker_planck
