#include "solver/monte_carlo/first_exit.h"

#include "problems/base/collective.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "solver/monte_carlo/gather.h"
#include "solver/monte_carlo/walkers.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;

namespace {

/// The trajectories of one rank: rank, rank + n_ranks, ... They begin and end their phases with
/// blocks of steps.
template <int dim>
class Simulation {
public:
  Simulation(const Problem<dim>& problem, const Point<dim>& start,
             const FirstExitSettings& settings, unsigned int rank, unsigned int n_ranks);

  void run(const std::function<bool(const SimulationProgress&)>& go_on);

  FirstExits<dim> result{};

private:
  struct Lane {
    std::uint64_t begin = 0; ///< the step at which the present phase began
    bool burning_in = false;
    std::uint64_t n_rejected = 0;
    bool left = false; ///< in this block, after
    double time = 0;
    WallExit<dim> exit{};
  };

  void run_block();
  void settle(std::size_t l);
  void end(std::size_t l, double time, int side, const Point<dim>& where);
  Lane next_lane();
  double elapsed(std::size_t l) const;

  const FirstExitSettings settings;
  const Point<dim> start;
  const std::uint64_t n_ranks, rank;
  const std::uint64_t burn_in_steps;
  Walkers<dim> walkers;
  std::uint64_t next; ///< trajectory
  std::vector<Lane> lanes;
};

template <int dim>
std::uint64_t burn_in_blocks(const FirstExitSettings& settings) {
  return static_cast<std::uint64_t>(
    std::ceil(settings.burn_in_time / (settings.time_step * Walkers<dim>::block_steps)));
}

template <int dim>
Simulation<dim>::Simulation(const Problem<dim>& problem, const Point<dim>& start_,
                            const FirstExitSettings& settings_, const unsigned int rank_,
                            const unsigned int n_ranks_)
  : settings(settings_), start(start_), n_ranks(n_ranks_), rank(rank_),
    burn_in_steps(burn_in_blocks<dim>(settings) * Walkers<dim>::block_steps),
    walkers(problem, settings.scheme, settings.time_step,
            RandomNumbers(settings.seed, settings.run), Walkers<dim>::good_n_lanes),
    next(rank_) {
  result.burn_in_time = static_cast<double>(burn_in_steps) * settings.time_step;
  while (lanes.size() < walkers.most_lanes() && next < settings.n_trajectories) {
    walkers.add(next, start);
    lanes.push_back(next_lane());
  }
}

template <int dim>
typename Simulation<dim>::Lane Simulation<dim>::next_lane() {
  next += n_ranks;
  Lane lane;
  lane.burning_in = burn_in_steps > 0;
  return lane;
}

template <int dim>
double Simulation<dim>::elapsed(const std::size_t l) const {
  return static_cast<double>(walkers.n_steps(l) - lanes[l].begin) * settings.time_step;
}

template <int dim>
void Simulation<dim>::run(const std::function<bool(const SimulationProgress&)>& go_on) {
  while (!lanes.empty()) {
    SimulationProgress progress;
    progress.n_done = result.exits.size();
    progress.n_all = n_trajectories_of_rank(settings.n_trajectories, rank, n_ranks);
    progress.n_steps = result.n_steps;
    if (!go_on(progress)) {
      result.stopped = true;
      for (std::size_t l = 0; l < lanes.size(); ++l)
        if (!lanes[l].burning_in) end(l, elapsed(l), FirstExit<dim>::censored, walkers.position(l));
      return;
    }
    run_block();
    for (std::size_t l = lanes.size(); l-- > 0;)
      settle(l);
  }
}

template <int dim>
void Simulation<dim>::run_block() {
  walkers.begin_block();
  for (std::uint64_t step = 0; step < Walkers<dim>::block_steps; ++step)
    for (const auto& exit : walkers.step()) {
      Lane& lane = lanes[exit.lane];
      // What it does until the end of the block does not matter.
      walkers.place(exit.lane, start);
      if (lane.left) continue;
      lane.left = true;
      lane.exit = exit.wall;
      lane.time =
        (static_cast<double>(walkers.n_steps(exit.lane) - 1 - lane.begin) + exit.wall.fraction) *
        settings.time_step;
    }
  result.n_steps += lanes.size() * Walkers<dim>::block_steps;
}

/// What becomes of a lane after a block.
template <int dim>
void Simulation<dim>::settle(const std::size_t l) {
  Lane& lane = lanes[l];
  if (lane.burning_in) {
    if (lane.left) {
      ++result.n_rejected;
      check_burn_in(++lane.n_rejected, result.burn_in_time);
      lane.left = false;
      lane.begin = walkers.n_steps(l);
      walkers.place(l, start);
    } else if (walkers.n_steps(l) - lane.begin == burn_in_steps) {
      lane.burning_in = false;
      lane.begin = walkers.n_steps(l);
    }
    return;
  }
  if (lane.left && lane.time <= settings.maximum_time)
    end(l, lane.time, static_cast<int>(lane.exit.side), lane.exit.position);
  else if (elapsed(l) >= settings.maximum_time)
    end(l, settings.maximum_time, FirstExit<dim>::censored,
        lane.left ? lane.exit.position : walkers.position(l));
  else
    return;
  if (next < settings.n_trajectories) {
    walkers.restart(l, next, start);
    lane = next_lane();
  } else {
    lanes[l] = lanes.back();
    lanes.pop_back();
    walkers.remove(l);
  }
}

template <int dim>
void Simulation<dim>::end(const std::size_t l, const double time, const int side,
                          const Point<dim>& where) {
  result.exits.push_back({ walkers.trajectory(l), time, side, where });
}

} // namespace

void check_burn_in(const std::uint64_t n_rejected, const double burn_in_time) {
  constexpr std::uint64_t most_rejected = 100000;
  if (n_rejected > most_rejected)
    throw NotConverged("trajectories leave before the end of the burn-in, time " +
                       format_rounded(burn_in_time) +
                       ": reduce Monte Carlo/Burn-in time, or set Start = minimum");
}

template <int dim>
FirstExits<dim> simulate_first_exits(const Problem<dim>& problem, const Point<dim>& start,
                                     const FirstExitSettings& settings, const MPI_Comm communicator,
                                     const std::function<bool(const SimulationProgress&)>& go_on) {
  namespace MPI = dealii::Utilities::MPI;
  Simulation<dim> simulation(problem, start, settings, MPI::this_mpi_process(communicator),
                             MPI::n_mpi_processes(communicator));
  collectively<NotConverged>(communicator, [&] { simulation.run(go_on); });
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
