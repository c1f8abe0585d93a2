#include "solver/monte_carlo/first_exit.h"

#include "problems/input_error.h"
#include "problems/text.h"
#include "solver/monte_carlo/chi_square.h"
#include "solver/monte_carlo/gather.h"
#include "solver/monte_carlo/run_on_all_ranks.h"
#include "solver/monte_carlo/walls.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;

namespace {

constexpr std::size_t most_lanes = 256;   // their numbers stay in the cache
constexpr std::uint64_t block_steps = 16; // trajectories begin and end their phases with blocks
constexpr std::uint64_t most_burn_ins = 100000;

/// The trajectories of one rank: rank, rank + n_ranks, ...
template <int dim>
class Simulation {
public:
  Simulation(const Problem<dim>& problem, const Point<dim>& start,
             const FirstExitSettings& settings, unsigned int rank, unsigned int n_ranks);

  void run(const std::function<bool(const SimulationProgress&)>& go_on);

  FirstExits<dim> result{};

private:
  struct Lane {
    std::uint64_t trajectory;
    std::uint64_t step;  ///< steps since the trajectory began: the counter of its random numbers
    std::uint64_t begin; ///< the step at which the present phase began
    bool burning_in;
    std::uint64_t n_rejected;
    bool left; ///< in this block, after
    double time;
    WallExit<dim> exit;
  };

  void fill(std::size_t l);
  void place(std::size_t l);
  void run_block();
  void take_step(const double* gaussians, std::uint64_t offset);
  void meet_walls(std::uint64_t offset);
  void settle(std::size_t l);
  void end(std::size_t l, double time, int side, const Point<dim>& where);
  Point<dim> position(std::size_t l) const;
  void remove(std::size_t l);
  void check(std::size_t l) const;
  std::uint64_t n_mine() const;

  const FirstExitSettings settings;
  const Point<dim> start;
  const std::uint64_t n_ranks, rank;
  const std::uint64_t burn_in_steps;
  const RandomNumbers random;
  Stepper<dim> stepper;
  std::unique_ptr<Walls<dim>> walls;
  std::uint64_t next; ///< trajectory
  std::vector<Lane> lanes;
  Lanes<dim> x, y;
  std::vector<std::uint64_t> trajectories, first_blocks;
  std::vector<double> numbers;
  std::vector<std::size_t> suspects;
};

std::uint64_t burn_in_blocks(const FirstExitSettings& settings) {
  return static_cast<std::uint64_t>(
    std::ceil(settings.burn_in_time / (settings.time_step * block_steps)));
}

template <int dim>
Simulation<dim>::Simulation(const Problem<dim>& problem, const Point<dim>& start_,
                            const FirstExitSettings& settings_, const unsigned int rank_,
                            const unsigned int n_ranks_)
  : settings(settings_), start(start_), n_ranks(n_ranks_), rank(rank_),
    burn_in_steps(burn_in_blocks(settings) * block_steps), random(settings.seed, settings.run),
    stepper(problem, settings.scheme, settings.time_step, most_lanes),
    walls(make_walls(problem.domain, most_lanes)), next(rank_), trajectories(most_lanes),
    first_blocks(most_lanes), numbers(most_lanes * block_steps * stepper.n_gaussians()) {
  for (int i = 0; i < dim; ++i) {
    x[i].resize(most_lanes);
    y[i].resize(most_lanes);
  }
  result.burn_in_time = static_cast<double>(burn_in_steps) * settings.time_step;
  while (lanes.size() < most_lanes && next < settings.n_trajectories) {
    lanes.emplace_back();
    fill(lanes.size() - 1);
  }
}

template <int dim>
std::uint64_t Simulation<dim>::n_mine() const {
  return settings.n_trajectories > rank ? (settings.n_trajectories - rank - 1) / n_ranks + 1 : 0;
}

/// The lane takes the next trajectory.
template <int dim>
void Simulation<dim>::fill(const std::size_t l) {
  lanes[l] = Lane();
  lanes[l].trajectory = next;
  lanes[l].burning_in = burn_in_steps > 0;
  next += n_ranks;
  place(l);
}

/// The lane starts, or starts again.
template <int dim>
void Simulation<dim>::place(const std::size_t l) {
  for (int i = 0; i < dim; ++i)
    x[i][l] = start[i];
  walls->forget(l);
}

template <int dim>
void Simulation<dim>::remove(const std::size_t l) {
  const std::size_t last = lanes.size() - 1;
  lanes[l] = lanes[last];
  for (int i = 0; i < dim; ++i)
    x[i][l] = x[i][last];
  walls->move(l, last);
  lanes.pop_back();
}

template <int dim>
void Simulation<dim>::run(const std::function<bool(const SimulationProgress&)>& go_on) {
  while (!lanes.empty()) {
    if (!go_on({ result.exits.size(), n_mine() })) {
      result.stopped = true;
      for (std::size_t l = 0; l < lanes.size(); ++l)
        if (!lanes[l].burning_in)
          end(l, static_cast<double>(lanes[l].step - lanes[l].begin) * settings.time_step,
              FirstExit<dim>::censored, position(l));
      return;
    }
    run_block();
    for (std::size_t l = lanes.size(); l-- > 0;)
      settle(l);
  }
}

template <int dim>
void Simulation<dim>::run_block() {
  const std::size_t n = lanes.size();
  const std::uint64_t n_blocks = block_steps * stepper.n_gaussians() / 4;
  for (std::size_t l = 0; l < n; ++l) {
    trajectories[l] = lanes[l].trajectory;
    first_blocks[l] = lanes[l].step / block_steps * n_blocks;
  }
  random.gaussians(trajectories.data(), first_blocks.data(), n, n_blocks, numbers.data());
  for (std::uint64_t offset = 0; offset < block_steps; ++offset)
    take_step(numbers.data() + offset * stepper.n_gaussians() * n, offset);
  result.n_steps += n * block_steps;
}

template <int dim>
void Simulation<dim>::take_step(const double* const gaussians, const std::uint64_t offset) {
  const auto remainder = [&](const std::size_t l) {
    return chi_square(stepper.get_remaining_freedom(), random, lanes[l].trajectory,
                      lanes[l].step + offset);
  };
  stepper.step(x, lanes.size(), gaussians, remainder, y);
  walls->find_suspects(x, y, stepper.get_variance(), lanes.size(), suspects);
  if (!suspects.empty()) meet_walls(offset);
  std::swap(x, y);
}

template <int dim>
void Simulation<dim>::meet_walls(const std::uint64_t offset) {
  for (const std::size_t l : suspects) {
    Lane& lane = lanes[l];
    if (lane.left) { // what it does until the end of the block does not matter
      for (int i = 0; i < dim; ++i)
        y[i][l] = start[i];
      walls->forget(l);
      continue;
    }
    check(l);
    Point<dim> to;
    for (int i = 0; i < dim; ++i)
      to[i] = y[i][l];
    const auto uniforms = [&](const unsigned int k) {
      return random.uniforms(lane.trajectory, 4 * (lane.step + offset) + k, RandomPurpose::exit);
    };
    if (const auto exit = walls->meet(l, position(l), to, stepper.diffusion(l), uniforms)) {
      lane.left = true;
      lane.exit = *exit;
      lane.time = (static_cast<double>(lane.step + offset - lane.begin) + exit->fraction) *
                  settings.time_step;
      to = start;
      walls->forget(l);
    }
    for (int i = 0; i < dim; ++i)
      y[i][l] = to[i];
  }
}

template <int dim>
void Simulation<dim>::check(const std::size_t l) const {
  for (int i = 0; i < dim; ++i)
    if (!std::isfinite(y[i][l])) {
      const Point<dim> from = position(l);
      throw NotConverged("a step from " + format_point(&from[0], dim) +
                         " leads to infinity: Monte Carlo/Time step = " +
                         format_number(settings.time_step) + " is too large");
    }
}

/// What becomes of a lane after a block.
template <int dim>
void Simulation<dim>::settle(const std::size_t l) {
  Lane& lane = lanes[l];
  lane.step += block_steps;
  const double elapsed = static_cast<double>(lane.step - lane.begin) * settings.time_step;
  if (lane.burning_in) {
    if (lane.left) {
      ++result.n_rejected;
      if (++lane.n_rejected > most_burn_ins)
        throw NotConverged("trajectories leave before the end of the burn-in, time " +
                           format_rounded(result.burn_in_time) +
                           ": reduce Monte Carlo/Burn-in time, or set Start = minimum");
      lane.left = false;
      lane.begin = lane.step;
      place(l);
    } else if (lane.step - lane.begin == burn_in_steps) {
      lane.burning_in = false;
      lane.begin = lane.step;
    }
    return;
  }
  if (lane.left && lane.time <= settings.maximum_time)
    end(l, lane.time, static_cast<int>(lane.exit.side), lane.exit.position);
  else if (elapsed >= settings.maximum_time)
    end(l, settings.maximum_time, FirstExit<dim>::censored,
        lane.left ? lane.exit.position : position(l));
  else
    return;
  if (next < settings.n_trajectories)
    fill(l);
  else
    remove(l);
}

template <int dim>
void Simulation<dim>::end(const std::size_t l, const double time, const int side,
                          const Point<dim>& where) {
  result.exits.push_back({ lanes[l].trajectory, time, side, where });
}

template <int dim>
Point<dim> Simulation<dim>::position(const std::size_t l) const {
  Point<dim> point;
  for (int i = 0; i < dim; ++i)
    point[i] = x[i][l];
  return point;
}

} // namespace

template <int dim>
FirstExits<dim> simulate_first_exits(const Problem<dim>& problem, const Point<dim>& start,
                                     const FirstExitSettings& settings, const MPI_Comm communicator,
                                     const std::function<bool(const SimulationProgress&)>& go_on) {
  namespace MPI = dealii::Utilities::MPI;
  Simulation<dim> simulation(problem, start, settings, MPI::this_mpi_process(communicator),
                             MPI::n_mpi_processes(communicator));
  run_on_all_ranks(communicator, [&] { simulation.run(go_on); });
  return gather(communicator, std::move(simulation.result));
}

#define INSTANTIATE(dim)                                                                           \
  template FirstExits<dim> simulate_first_exits(                                                   \
    const Problem<dim>&, const Point<dim>&, const FirstExitSettings&, MPI_Comm,                    \
    const std::function<bool(const SimulationProgress&)>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
