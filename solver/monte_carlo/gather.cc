#include "solver/monte_carlo/gather.h"

#include <deal.II/base/mpi.h>

#include <algorithm>

namespace fokker_planck {

namespace MPI = dealii::Utilities::MPI;
using dealii::Point;

namespace {

template <int dim>
std::vector<FirstExit<dim>> gather_exits(const MPI_Comm communicator,
                                         const std::vector<FirstExit<dim>>& mine) {
  std::vector<double> numbers; // exact: there are fewer than 2^53 trajectories
  for (const auto& exit : mine) {
    numbers.push_back(static_cast<double>(exit.trajectory));
    numbers.push_back(exit.time);
    numbers.push_back(exit.side);
    for (int i = 0; i < dim; ++i)
      numbers.push_back(exit.position[i]);
  }
  std::vector<FirstExit<dim>> all;
  for (const auto& part : MPI::gather(communicator, numbers, 0))
    for (std::size_t k = 0; k < part.size(); k += 3 + dim) {
      Point<dim> position;
      for (int i = 0; i < dim; ++i)
        position[i] = part[k + 3 + i];
      all.push_back({ static_cast<std::uint64_t>(part[k]), part[k + 1],
                      static_cast<int>(part[k + 2]), position });
    }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.trajectory < b.trajectory; });
  return all;
}

} // namespace

std::uint64_t n_trajectories_of_rank(const std::uint64_t n_all, const std::uint64_t rank,
                                     const std::uint64_t n_ranks) {
  return n_all > rank ? (n_all - rank - 1) / n_ranks + 1 : 0;
}

template <int dim>
FirstExits<dim> gather(const MPI_Comm communicator, FirstExits<dim> mine) {
  mine.exits = gather_exits(communicator, mine.exits);
  mine.n_steps = MPI::sum(mine.n_steps, communicator);
  mine.n_rejected = MPI::sum(mine.n_rejected, communicator);
  mine.stopped = MPI::max(mine.stopped ? 1 : 0, communicator) == 1;
  return mine;
}

#define INSTANTIATE(dim) template FirstExits<dim> gather(MPI_Comm, FirstExits<dim>);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
