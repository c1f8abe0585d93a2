// What a simulation shows, as values, as monte_carlo.json and as exit_times.csv.
#pragma once

#include "solver/monte_carlo/estimate.h"
#include "solver/monte_carlo/minibatch_sgd.h"
#include "solver/monte_carlo/rare_events.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace fokker_planck {

/// One simulation with one time step.
struct SimulationPass {
  EscapeEstimate estimate; ///< rate and exits
  FirstExitSettings settings;
  std::uint64_t n_steps; ///< of all trajectories
  double seconds;
  bool stopped; ///< before its end

  /// Of methods that watch each trajectory by itself.
  struct Trajectories {
    double burn_in_time;
    std::uint64_t n_rejected; ///< burn-ins that ended in an exit
  };
  std::optional<Trajectories> trajectories = {};

  /// Of methods of independent repeats.
  struct Repeats {
    std::uint64_t n_asked, n_finished, n_particles;
  };
  std::optional<Repeats> repeats = {};

  struct Splitting {
    SplittingEstimate estimate;
    double rate_times_relaxation_time; ///< what the method neglects
    std::vector<std::string> warnings;
  };
  std::optional<Splitting> splitting = {};
};

/// A whole simulation.
struct SimulationResult {
  std::string method;
  std::uint32_t seed = 0;
  bool starts_quasi_stationary = true; ///< or at the minimum
  std::vector<double> start;           ///< its position

  /// The absorbing sides: their numbers and names.
  std::vector<std::pair<unsigned int, std::string>> sides;

  SimulationPass whole;                    ///< with the time step
  std::optional<SimulationPass> half = {}; ///< with half of it
  std::optional<StepBias> bias = {};       ///< what both show together

  /// Method = automatic: why this method was chosen.
  struct Choice {
    double barrier;
    std::string reason;
  };
  std::optional<Choice> choice = {};

  struct Sgd {
    SgdSettings settings;
    std::size_t n_samples;
  };
  std::optional<Sgd> sgd = {}; ///< of the method sgd, the time step of which is eta

  /// The pass that is believed most.
  const SimulationPass& best() const { return half ? *half : whole; }

  /// Whether the simulation was stopped before its end.
  bool partial() const { return best().stopped; }
};

/// The absorbing sides of a domain, for SimulationResult.
template <int dim>
std::vector<std::pair<unsigned int, std::string>> absorbing_sides(const Domain<dim>& domain);

/// The keys method, seed, start {kind, position}; escape_rate {value, log, relative_standard_error,
/// interval_95}, mean_escape_time, exit [{boundary, exits, probability, interval_95}], time_step,
/// scheme, steps, time_seconds, steps_per_second, partial and what belongs to the method; half_step
/// (the same of a second run) and step_bias {relative, standard_error, significant,
/// extrapolated_rate, extrapolated_relative_standard_error}; choice {asked, barrier, reason}. Of
/// methods of independent repeats also repeats {asked, finished, particles}; of sgd
/// rate_per_iteration, mean_iterations, sgd {learning_rate, batch_size, batches,
/// injected_diffusion, data_set_size}.
nlohmann::ordered_json simulation_json(const SimulationResult& result);

/// One line per trajectory: number, time, (of sgd) iterations, status (side, or censored),
/// position. time_per_iteration: zero if there are none.
template <int dim>
std::string exit_table(const Domain<dim>& domain, const std::vector<FirstExit<dim>>& exits,
                       double time_per_iteration = 0);

} // namespace fokker_planck
