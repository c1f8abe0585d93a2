// Simulating escapes in tests, with the default time step and burn-in.
#pragma once

#include "solver/monte_carlo/rare_events.h"
#include "solver/monte_carlo/start.h"
#include "tests/solve.h"

#include <limits>

namespace fokker_planck::testing {

const Watcher always = [](const SimulationProgress&) { return true; };

template <int dim>
RepeatSettings repeat_settings(const Problem<dim>& problem, const SimulationScales<dim>& scales,
                               const std::uint64_t n_particles, const std::uint64_t n_repeats,
                               const std::uint32_t seed = 1) {
  RepeatSettings settings{};
  settings.scheme = choose_scheme("automatic", problem);
  settings.time_step = scales.time_step(settings.scheme);
  settings.burn_in_time = 5 * scales.relaxation_time;
  settings.maximum_time = std::numeric_limits<double>::infinity();
  settings.seed = seed;
  settings.n_particles = n_particles;
  settings.n_repeats = n_repeats;
  return settings;
}

template <int dim>
SplittingEstimate split(const Problem<dim>& problem, const std::uint64_t n_particles,
                        const std::uint64_t n_repeats, const std::uint32_t seed = 1,
                        const MPI_Comm communicator = MPI_COMM_SELF) {
  const auto scales = find_scales(problem);
  const ReactionCoordinate<dim> coordinate(problem, scales.start);
  return simulate_splitting(problem, coordinate, scales.start,
                            repeat_settings(problem, scales, n_particles, n_repeats, seed),
                            communicator, always);
}

template <int dim>
RareEstimate rebirths(const Problem<dim>& problem, const std::uint64_t n_exits,
                      const std::uint64_t n_particles, const std::uint64_t n_repeats,
                      const MPI_Comm communicator = MPI_COMM_SELF) {
  const auto scales = find_scales(problem);
  auto settings = repeat_settings(problem, scales, n_particles, n_repeats);
  settings.n_trajectories = n_exits;
  return simulate_fleming_viot(problem, scales.start, settings, communicator, always);
}

} // namespace fokker_planck::testing
