// The probability that an excursion ends with an exit, however small.
//
// Method: adaptive multilevel splitting of Markov chains in discrete time. N replicas of an
// excursion are simulated until they return to A = {xi <= inner} or leave the domain; the level of
// a replica is the largest xi on its way, infinite if it left. Again and again the replicas whose
// level does not exceed Z, the k-th smallest of all, are given up (K of them, more than k if some
// are equal), the probability is multiplied by 1 - K/N, and each is replaced by a copy of another
// one up to its first state with xi > Z, which goes on with new random numbers. It ends when fewer
// than k levels are finite; the share of exits is the last factor. The expectation is the
// probability for any N, k and xi, and so is that of the part of each side. If no replica exceeds Z
// the estimate is 0 ("extinct").
// References: Cerou, Guyader, Stoch. Anal. Appl. 25 (2007) 417; Brehier, Gazeau, Goudenege,
// Lelievre, Rousset, Ann. Appl. Probab. 26 (2016) 3559 (unbiasedness in discrete time).
#pragma once

#include "solver/monte_carlo/reaction_coordinate.h"
#include "solver/monte_carlo/walkers.h"

namespace fokker_planck {

struct BranchingSettings {
  double time_step;
  Scheme scheme;
  std::uint64_t n_replicas;
  double inner; ///< A = {xi <= inner}
};

struct BranchingResult {
  std::vector<double> probability;    ///< to leave, per side
  std::vector<std::uint64_t> n_exits; ///< replicas that left, per side
  std::uint64_t n_steps, n_iterations;
  bool extinct, stopped;
};

/// The probability that an excursion leaves the domain, on average over first states, which need
/// xi > inner. go_on is told the steps and the lowest level; if it returns false the result is
/// stopped. Throws NotConverged if an excursion does not end.
template <int dim>
BranchingResult branch(const Problem<dim>& problem, const ReactionCoordinate<dim>& coordinate,
                       const std::vector<dealii::Point<dim>>& first_states,
                       const BranchingSettings& settings, const RandomNumbers& random,
                       const std::function<bool(std::uint64_t n_steps, double level)>& go_on);

} // namespace fokker_planck
