// Section Monte Carlo: what the user says about a simulation.
#pragma once

#include "solver/monte_carlo/repeats.h"
#include "solver/monte_carlo/start.h"

#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

class MonteCarloParameters {
public:
  /// Declares the section and binds its values to this object, which must outlive the handler.
  void declare(dealii::ParameterHandler& handler);

  const std::string& get_method() const { return method; }

  /// Whether trajectories start from the quasi-stationary density.
  bool starts_quasi_stationary() const { return start == "quasi-stationary"; }

  /// Method = sgd: whether a sample may occur several times in a batch.
  bool draws_with_replacement() const { return batches == "with replacement"; }

  /// Whether the simulation is repeated at half the time step.
  bool repeats_at_half_step() const { return half_step; }

  /// What a simulation needs to know, with defaults for what is empty. Throws InputError.
  template <int dim>
  FirstExitSettings settings(const Problem<dim>& problem,
                             const SimulationScales<dim>& scales) const;

  /// The same for methods of independent repeats, which need the quasi-stationary start.
  template <int dim>
  RepeatSettings repeat_settings(const Problem<dim>& problem,
                                 const SimulationScales<dim>& scales) const;

private:
  void declare_method(dealii::ParameterHandler& handler);
  void declare_time(dealii::ParameterHandler& handler);
  void declare_start(dealii::ParameterHandler& handler);

  std::string method = "automatic";
  std::string trajectories = "10000";
  std::string particles = "1000";
  std::string repeats = "20";
  std::string time_step;
  std::string scheme = "automatic";
  std::string seed = "1";
  std::string maximum_time;
  std::string start = "quasi-stationary";
  std::string burn_in_time;
  bool half_step = true;
  std::string batches = "without replacement";
};

} // namespace fokker_planck
