// Trajectories side by side, step by step, with the boundary.
#pragma once

#include "solver/monte_carlo/stepper.h"
#include "solver/monte_carlo/walls.h"

namespace fokker_planck {

/// Trajectories in lanes 0, 1, ..., so that the models are evaluated for many points at once.
/// Random numbers are drawn for blocks of steps; between blocks lanes may be added and removed.
template <int dim>
class Walkers {
public:
  static constexpr std::uint64_t block_steps = 16;

  /// That many lanes keep their numbers in the cache.
  static constexpr std::size_t good_n_lanes = 256;

  struct Exit {
    std::size_t lane;
    WallExit<dim> wall;
  };

  Walkers(const Problem<dim>& problem, Scheme scheme, double time_step, const RandomNumbers& random,
          std::size_t most_lanes);

  std::size_t n_lanes() const { return lanes.size(); }
  std::size_t most_lanes() const { return x[0].size(); }

  /// A new lane; the trajectory counts its steps from 0.
  void add(std::uint64_t trajectory, const dealii::Point<dim>& position);

  /// The lane takes another trajectory.
  void restart(std::size_t lane, std::uint64_t trajectory, const dealii::Point<dim>& position);

  /// The last lane takes the place of this one.
  void remove(std::size_t lane);

  /// The trajectory goes on elsewhere; at any time.
  void place(std::size_t lane, const dealii::Point<dim>& position);

  /// Draws the numbers for the next block_steps steps of all lanes.
  void begin_block();

  /// One step of all lanes. Returns those that left the domain, by ascending lane; they stay where
  /// they were before. Throws NotConverged if a step leads to infinity.
  const std::vector<Exit>& step();

  const Lanes<dim>& positions() const { return x; }
  dealii::Point<dim> position(std::size_t lane) const;
  std::uint64_t trajectory(std::size_t lane) const { return lanes[lane].trajectory; }

  /// Steps of the trajectory until now.
  std::uint64_t n_steps(std::size_t lane) const { return lanes[lane].first_step + offset; }

private:
  struct Lane {
    std::uint64_t trajectory;
    std::uint64_t first_step; ///< of the block: the counter of its random numbers
  };

  void meet_walls();
  void check(std::size_t lane) const;

  const double time_step;
  const RandomNumbers random;
  Stepper<dim> stepper;
  std::unique_ptr<Walls<dim>> walls;
  std::vector<Lane> lanes;
  std::uint64_t offset = 0; ///< steps done in the block
  Lanes<dim> x, y;
  std::vector<std::uint64_t> trajectories, first_blocks;
  std::vector<double> numbers;
  std::vector<std::size_t> suspects;
  std::vector<Exit> exits;
};

} // namespace fokker_planck
