// The verdict on a solution by finite elements and a simulation of the same problem.
//
// Every line compares one quantity; its deviation counts standard errors of the simulation, or,
// where a whole distribution is compared, the standard errors that a Gaussian number exceeds as
// rarely. More than three of them are a disagreement: chance alone does that once in 370 times.
#pragma once

#include "postprocess/commands/comparison/exit_distribution.h"
#include "postprocess/formulas/formulas.h"
#include "postprocess/results/simulation.h"

#include <nlohmann/json_fwd.hpp>

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

  explicit SimulatedRate(const SimulationResult& result);
};

/// What finite elements say.
struct ComputedEscape {
  double log_rate, relative_error;      ///< of the rate, an estimate
  std::vector<double> exit_probability; ///< per side of the domain
};

/// Rate and exit probabilities.
std::vector<ComparedQuantity> compare_results(const ComputedEscape& computed,
                                              const SimulationResult& simulation);

/// Whether times to exit are exponential (with any rate: that is compared by itself, and makes this
/// test conservative), and exit points, with the distribution of each of their coordinates on each
/// side; of trajectories from the quasi-stationary density.
template <int dim>
std::vector<ComparedQuantity> compare_exits(const Domain<dim>& domain,
                                            const std::vector<ExitShare<dim>>& shares,
                                            const std::vector<FirstExit<dim>>& exits);

/// The quantity that deviates most. There must be one.
const ComparedQuantity& largest_deviation(const std::vector<ComparedQuantity>& quantities);

/// A formula against the simulated rate.
struct ComparedFormula {
  std::string name;
  double rate, difference; ///< relative to the simulated rate
  double deviation;        ///< in standard errors
};

/// Those that apply.
std::vector<ComparedFormula> compare_formulas(const std::vector<Formula>& formulas,
                                              const SimulatedRate& simulated);

/// All that is compared.
struct Comparison {
  bool partial;       ///< whether the simulation was stopped before its end
  std::string method; ///< of the simulation
  SimulatedRate rate;
  std::vector<ComparedQuantity> quantities;
  std::vector<ComparedFormula> formulas;
};

/// compare.json but for where it comes from: partial, method, simulated_rate {value,
/// relative_standard_error, statistical, time_step}, quantities [{quantity, computed, simulated,
/// standard_error, deviation, agrees}], formulas [{name, rate, difference, deviation}], agree,
/// largest_deviation {quantity, standard_errors}.
nlohmann::ordered_json comparison_json(const Comparison& comparison);

void print_comparison(std::ostream& stream, const Comparison& comparison);

} // namespace fokker_planck
