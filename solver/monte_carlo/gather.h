// How trajectories are shared out to ranks, and the first exits of all ranks together.
#pragma once

#include "solver/monte_carlo/first_exit.h"

namespace fokker_planck {

/// The number of trajectories of a rank, which are rank, rank + n_ranks, ...
std::uint64_t n_trajectories_of_rank(std::uint64_t n_all, std::uint64_t rank,
                                     std::uint64_t n_ranks);

/// From what each rank has simulated: the exits on the first rank, in the order of trajectories,
/// and sums of what was counted. Collective.
template <int dim>
FirstExits<dim> gather(MPI_Comm communicator, FirstExits<dim> mine);

} // namespace fokker_planck
