// Particles that share the fate of the survivors: the process of Fleming and Viot.
//
// Method: N particles move independently; one that leaves the domain goes on where another one is
// that has survived the step, chosen uniformly. For N to infinity their distribution at time t is
// that of the process given that it has not left until t, and so tends to the quasi-stationary
// density; N particles deviate by O(1/N). Reference: Burdzy, Holyst, March, Commun. Math. Phys. 214
// (2000) 679.
#pragma once

#include "solver/monte_carlo/walkers.h"

namespace fokker_planck {

template <int dim>
class Population {
public:
  struct Exit {
    std::size_t particle, parent; ///< the particle now is where its parent is
    unsigned int side;
  };

  /// All particles begin at the same point.
  Population(const Problem<dim>& problem, Scheme scheme, double time_step,
             const RandomNumbers& random, std::size_t n_particles, const dealii::Point<dim>& start);

  /// One step of all particles. Returns those that left, ascending. Throws NotConverged if all left
  /// at once.
  const std::vector<Exit>& step();

  const Lanes<dim>& positions() const { return walkers.positions(); }
  dealii::Point<dim> position(std::size_t particle) const { return walkers.position(particle); }
  std::size_t n_particles() const { return walkers.n_lanes(); }
  std::uint64_t n_steps() const { return steps; } ///< of each particle

private:
  const RandomNumbers random;
  Walkers<dim> walkers;
  std::uint64_t steps = 0;
  std::vector<Exit> exits;
};

} // namespace fokker_planck
