#include "solver/monte_carlo/sgd_exits.h"

#include "problems/base/collective.h"
#include "solver/monte_carlo/gather.h"

#include <deal.II/base/mpi.h>

#include <cmath>

namespace fokker_planck {

using dealii::Point;

namespace {

constexpr std::uint64_t block = 1024; // iterations between questions whether to go on

/// Iterations that take a time; at most 2^62.
std::uint64_t iterations_of(const double time, const double learning_rate) {
  const double exact = time / learning_rate, whole = std::round(exact);
  // A time that is a multiple of eta up to rounding is meant to be one.
  const double n = std::fabs(exact - whole) <= 1e-9 * whole ? whole : std::ceil(exact);
  return n < 0x1p62 ? static_cast<std::uint64_t>(n) : std::uint64_t{ 1 } << 62U;
}

/// The trajectories of one rank: rank, rank + n_ranks, ...
template <int dim>
class SgdSimulation {
public:
  SgdSimulation(const MinibatchSgd<dim>& sgd_, const Point<dim>& start_,
                const FirstExitSettings& settings,
                const std::function<bool(const SimulationProgress&)>& go_on_)
    : sgd(sgd_), start(start_), eta(sgd.get_settings().learning_rate),
      burn_in(iterations_of(settings.burn_in_time, eta)),
      most(iterations_of(settings.maximum_time, eta)), go_on(go_on_) {
    result.burn_in_time = static_cast<double>(burn_in) * eta;
  }

  /// Every n_ranks-th of n_all trajectories.
  void run(const std::uint64_t first, const std::uint64_t n_ranks, const std::uint64_t n_all) {
    progress = { 0, n_trajectories_of_rank(n_all, first, n_ranks) };
    for (std::uint64_t number = first; number < n_all && !result.stopped; number += n_ranks) {
      Trajectory path(sgd, start, number);
      if (settle(path)) watch(path, number);
      progress.n_done = result.exits.size();
    }
  }

  FirstExits<dim> result{};

private:
  using Trajectory = typename MinibatchSgd<dim>::Trajectory;

  /// Iterates until the trajectory leaves, n iterations are done, or the watcher stops it.
  void iterate(Trajectory& path, const std::uint64_t n) {
    const auto& state = path.state();
    while (!state.left && state.iterations < n) {
      if (!go_on(progress)) {
        result.stopped = true;
        return;
      }
      const std::uint64_t before = state.iterations, end = std::min(n, before + block);
      while (state.iterations < end && !path.step())
        ;
      result.n_steps += state.iterations - before;
    }
  }

  /// The burn-in; false if it was stopped.
  bool settle(Trajectory& path) {
    for (std::uint64_t n_rejected = 0;; check_burn_in(++n_rejected, result.burn_in_time)) {
      iterate(path, burn_in);
      if (result.stopped) return false;
      const bool survived = !path.state().left;
      path.restart(survived ? path.state().position : start);
      if (survived) return true;
      ++result.n_rejected;
    }
  }

  void watch(Trajectory& path, const std::uint64_t number) {
    iterate(path, most);
    const auto& state = path.state();
    result.exits.push_back({ number, static_cast<double>(state.iterations) * eta,
                             state.left ? static_cast<int>(state.side) : FirstExit<dim>::censored,
                             state.position });
  }

  const MinibatchSgd<dim>& sgd;
  const Point<dim> start;
  const double eta;
  const std::uint64_t burn_in, most; ///< iterations
  const std::function<bool(const SimulationProgress&)>& go_on;
  SimulationProgress progress{};
};

} // namespace

template <int dim>
FirstExits<dim> simulate_sgd_exits(const MinibatchSgd<dim>& sgd, const Point<dim>& start,
                                   const FirstExitSettings& settings, const MPI_Comm communicator,
                                   const std::function<bool(const SimulationProgress&)>& go_on) {
  namespace MPI = dealii::Utilities::MPI;
  SgdSimulation<dim> simulation(sgd, start, settings, go_on);
  collectively<NotConverged>(communicator, [&] {
    simulation.run(MPI::this_mpi_process(communicator), MPI::n_mpi_processes(communicator),
                   settings.n_trajectories);
  });
  return gather(communicator, std::move(simulation.result));
}

#define INSTANTIATE(dim)                                                                           \
  template FirstExits<dim> simulate_sgd_exits(                                                     \
    const MinibatchSgd<dim>&, const Point<dim>&, const FirstExitSettings&, MPI_Comm,               \
    const std::function<bool(const SimulationProgress&)>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
