// The verdict on a solution by finite elements and a simulation of the same problem.
//
// Every line compares one quantity; its deviation counts standard errors of the simulation, or,
// where a whole distribution is compared, the standard errors that a Gaussian number exceeds as
// rarely. More than three of them are a disagreement: chance alone does that once in 370 times.
#pragma once

#include "postprocess/commands/comparison/exit_distribution.h"
#include "solver/monte_carlo/first_exit.h"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace fokker_planck {

struct ComparedQuantity {
  std::string name;
  double computed, simulated; ///< for distributions NaN and the Kolmogorov distance
  double standard_error;      ///< of simulated
  double deviation;           ///< in standard errors, with its sign where there is one

  static constexpr double most_deviation = 3;
  bool agrees() const { return !(deviation > most_deviation || deviation < -most_deviation); }
};

/// The rate that a simulation shows: that at half the time step, if there is one. Its relative
/// standard error then has a part for the bias of the step, sqrt(max(0, b^2 - s^2)), b being the
/// relative difference between whole and half step and s its standard error: for a method of first
/// order b estimates the bias that is left.
struct SimulatedRate {
  double value, statistical_error, step_error; ///< errors are relative standard errors
  double relative_error() const;

  /// result: see MonteCarloRun.
  static SimulatedRate of(const nlohmann::ordered_json& result);
};

/// Rate and exit probabilities. solution: as in result.json.
std::vector<ComparedQuantity> compare_results(const nlohmann::ordered_json& solution,
                                              const nlohmann::ordered_json& simulation);

/// Whether times to exit are exponential (with any rate: that is compared by itself, and makes this
/// test conservative), and exit points, with the distribution of each of their coordinates on each
/// side; of trajectories from the quasi-stationary density.
template <int dim>
std::vector<ComparedQuantity> compare_exits(const Domain<dim>& domain,
                                            const std::vector<ExitShare<dim>>& shares,
                                            const std::vector<FirstExit<dim>>& exits);

/// The quantity that deviates most. There must be one.
const ComparedQuantity& largest_deviation(const std::vector<ComparedQuantity>& quantities);

nlohmann::ordered_json describe(const std::vector<ComparedQuantity>& quantities);

/// The formulas that apply (see result.json), against the simulated rate.
nlohmann::ordered_json compare_formulas(const nlohmann::ordered_json& formulas,
                                        const SimulatedRate& simulated);

/// comparison: compare.json.
void print_comparison(std::ostream& stream, const nlohmann::ordered_json& comparison);

} // namespace fokker_planck
