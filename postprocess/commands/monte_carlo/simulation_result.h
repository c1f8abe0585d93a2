// What a simulation shows, as monte_carlo.json, exit_times.csv and text.
#pragma once

#include "solver/monte_carlo/estimate.h"
#include "solver/monte_carlo/parameters.h"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <string>

namespace fokker_planck {

/// A simulation with its estimates.
template <int dim>
struct Simulated {
  FirstExitSettings settings;
  FirstExits<dim> exits;
  EscapeEstimate estimate;
  double seconds;
};

/// The part of the result that all methods have: rate and exit probabilities.
template <int dim>
nlohmann::ordered_json describe_estimate(const Problem<dim>& problem,
                                         const EscapeEstimate& estimate);

/// The part about the work that was done.
nlohmann::ordered_json describe_work(const FirstExitSettings& settings, std::uint64_t n_steps,
                                     double seconds);

/// The part of the result about one simulation: rate, exits, counts.
template <int dim>
nlohmann::ordered_json describe_simulation(const Problem<dim>& problem,
                                           const Simulated<dim>& simulated);

/// How trajectories start, and where.
template <int dim>
nlohmann::ordered_json describe_start(const MonteCarloParameters& section,
                                      const dealii::Point<dim>& start);

nlohmann::ordered_json describe_bias(const StepBias& bias);

/// One line per trajectory: number, time, (if an iteration takes some) iterations, status (side, or
/// censored), position.
template <int dim>
std::string exit_table(const Domain<dim>& domain, const std::vector<FirstExit<dim>>& exits,
                       double time_per_iteration = 0);

/// result: as it is written.
void print_simulation(std::ostream& stream, const nlohmann::ordered_json& result);

} // namespace fokker_planck
