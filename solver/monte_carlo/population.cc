#include "solver/monte_carlo/population.h"

#include "problems/base/input_error.h"

namespace fokker_planck {

template <int dim>
Population<dim>::Population(const Problem<dim>& problem, const Scheme scheme,
                            const double time_step, const RandomNumbers& random_,
                            const std::size_t n_particles, const dealii::Point<dim>& start)
  : random(random_), walkers(problem, scheme, time_step, random, n_particles) {
  for (std::size_t particle = 0; particle < n_particles; ++particle)
    walkers.add(particle, start);
}

template <int dim>
const std::vector<typename Population<dim>::Exit>& Population<dim>::step() {
  if (steps % Walkers<dim>::block_steps == 0) walkers.begin_block();
  const auto& left = walkers.step();
  exits.clear();
  if (!left.empty()) {
    const std::size_t n_survivors = n_particles() - left.size();
    if (n_survivors == 0)
      throw NotConverged("all particles leave in the same step: there is no quasi-stationary state "
                         "to simulate; reduce Monte Carlo/Time step, or set Method = direct");
    for (const auto& exit : left) {
      const double u = random.uniforms(exit.lane, steps, RandomPurpose::choice)[0];
      auto parent = static_cast<std::size_t>(u * static_cast<double>(n_survivors));
      for (const auto& other : left) // by ascending lane: counts the survivors only
        if (parent >= other.lane) ++parent;
      exits.push_back({ exit.lane, parent, exit.wall.side });
    }
    for (const Exit& exit : exits)
      walkers.place(exit.particle, walkers.position(exit.parent));
  }
  ++steps;
  return exits;
}

template class Population<1>;
template class Population<2>;
template class Population<3>;

} // namespace fokker_planck
