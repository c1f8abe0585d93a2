// First exits of all ranks together.
#pragma once

#include "solver/monte_carlo/first_exit.h"

namespace fokker_planck {

/// From what each rank has simulated: the exits on the first rank, in the order of trajectories,
/// and sums of what was counted. Collective.
template <int dim>
FirstExits<dim> gather(MPI_Comm communicator, FirstExits<dim> mine);

} // namespace fokker_planck
