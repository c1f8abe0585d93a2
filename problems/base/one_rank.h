// Work that one rank does alone, and errors that one rank may meet alone.
//
// MPI libraries wait for a message by asking for it again and again. That takes the whole time of a
// core, also from the rank that works, if they share one. Ranks that may have to wait long sleep
// between two questions instead.
#pragma once

#include <mpi.h>

#include <functional>
#include <string>

namespace fokker_planck {

/// Calls work, which returns a message, on the first rank of a communicator while the others sleep.
/// All ranks return the message, or throw what work throws: InputError and NotConverged as such, on
/// the others everything else as std::runtime_error. Collective.
std::string on_first_rank(MPI_Comm communicator, const std::function<std::string()>& work);

/// Calls work(communicator), which solves a problem and returns a message, on as many ranks of a
/// communicator as there is work for: in one dimension on the first one (MPI_COMM_SELF), otherwise
/// on all. All ranks return the message. Collective.
template <int dim>
std::string on_suitable_ranks(const MPI_Comm communicator,
                              const std::function<std::string(MPI_Comm)>& work) {
  if (dim > 1) return work(communicator);
  return on_first_rank(communicator, [&] { return work(MPI_COMM_SELF); });
}

/// Whether all ranks of a communicator call this within some seconds: for errors of which a rank
/// does not know whether the others meet them, too. If not, they may wait for this one forever, and
/// the program must be ended with MPI_Abort().
bool all_arrive(MPI_Comm communicator);

} // namespace fokker_planck
