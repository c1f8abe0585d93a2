#include "solver/monte_carlo/walkers.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "solver/monte_carlo/chi_square.h"

#include <cmath>

namespace fokker_planck {

using dealii::Point;

template <int dim>
Walkers<dim>::Walkers(const Problem<dim>& problem, const Scheme scheme, const double time_step_,
                      const RandomNumbers& random_, const std::size_t most_lanes_)
  : time_step(time_step_), random(random_), stepper(problem, scheme, time_step, most_lanes_),
    walls(make_walls(problem.domain, most_lanes_)), trajectories(most_lanes_),
    first_blocks(most_lanes_), numbers(most_lanes_ * block_steps * stepper.n_gaussians()) {
  for (int i = 0; i < dim; ++i) {
    x[i].resize(most_lanes_);
    y[i].resize(most_lanes_);
  }
}

template <int dim>
void Walkers<dim>::add(const std::uint64_t trajectory, const Point<dim>& position) {
  lanes.emplace_back();
  restart(lanes.size() - 1, trajectory, position);
}

template <int dim>
void Walkers<dim>::restart(const std::size_t lane, const std::uint64_t trajectory,
                           const Point<dim>& position) {
  lanes[lane] = { trajectory, 0 };
  place(lane, position);
}

template <int dim>
void Walkers<dim>::place(const std::size_t lane, const Point<dim>& position) {
  for (int i = 0; i < dim; ++i)
    x[i][lane] = position[i];
  walls->forget(lane);
}

template <int dim>
void Walkers<dim>::remove(const std::size_t lane) {
  const std::size_t last = lanes.size() - 1;
  lanes[lane] = lanes[last];
  for (int i = 0; i < dim; ++i)
    x[i][lane] = x[i][last];
  walls->move(lane, last);
  lanes.pop_back();
}

template <int dim>
void Walkers<dim>::begin_block() {
  const std::uint64_t n_blocks = block_steps * stepper.n_gaussians() / 4;
  for (std::size_t l = 0; l < lanes.size(); ++l) {
    trajectories[l] = lanes[l].trajectory;
    first_blocks[l] = lanes[l].first_step / block_steps * n_blocks;
  }
  random.gaussians(trajectories.data(), first_blocks.data(), lanes.size(), n_blocks,
                   numbers.data());
}

template <int dim>
const std::vector<typename Walkers<dim>::Exit>& Walkers<dim>::step() {
  const std::size_t n = lanes.size();
  const auto remainder = [&](const std::size_t l) {
    return chi_square(stepper.get_remaining_freedom(), random, lanes[l].trajectory, n_steps(l));
  };
  stepper.step(x, n, numbers.data() + offset * stepper.n_gaussians() * n, remainder, y);
  walls->find_suspects(x, y, stepper.get_variance(), n, suspects);
  exits.clear();
  if (!suspects.empty()) meet_walls();
  std::swap(x, y);
  if (++offset == block_steps) {
    offset = 0;
    for (Lane& lane : lanes)
      lane.first_step += block_steps;
  }
  return exits;
}

template <int dim>
void Walkers<dim>::meet_walls() {
  for (const std::size_t l : suspects) {
    check(l);
    const Point<dim> from = position(l);
    Point<dim> to;
    for (int i = 0; i < dim; ++i)
      to[i] = y[i][l];
    const auto uniforms = [&](const unsigned int k) {
      return random.uniforms(lanes[l].trajectory, 4 * n_steps(l) + k, RandomPurpose::exit);
    };
    if (const auto exit = walls->meet(l, from, to, stepper.diffusion(l), uniforms)) {
      exits.push_back({ l, *exit });
      to = from;
      walls->forget(l);
    }
    for (int i = 0; i < dim; ++i)
      y[i][l] = to[i];
  }
}

template <int dim>
void Walkers<dim>::check(const std::size_t lane) const {
  for (int i = 0; i < dim; ++i)
    if (!std::isfinite(y[i][lane])) {
      const Point<dim> from = position(lane);
      throw NotConverged("a step from " + format_point(&from[0], dim) +
                         " leads to infinity: Monte Carlo/Time step = " + format_number(time_step) +
                         " is too large");
    }
}

template <int dim>
Point<dim> Walkers<dim>::position(const std::size_t lane) const {
  Point<dim> point;
  for (int i = 0; i < dim; ++i)
    point[i] = x[i][lane];
  return point;
}

template class Walkers<1>;
template class Walkers<2>;
template class Walkers<3>;

} // namespace fokker_planck
