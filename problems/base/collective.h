// What the ranks of a communicator have to agree on.
#pragma once

#include "problems/base/input_error.h"

#include <deal.II/base/mpi.h>

#include <string>

namespace fokker_planck {

/// Whether this is the rank that writes what all have gathered.
inline bool is_first_rank(const MPI_Comm communicator) {
  return dealii::Utilities::MPI::this_mpi_process(communicator) == 0;
}

/// Runs work, which communicates with nobody, on every rank. If it throws an Error on any rank, all
/// ranks throw it (that of the lowest rank), so that none waits for another. Collective.
template <typename Error = InputError, typename Work>
void collectively(const MPI_Comm communicator, const Work& work) {
  namespace MPI = dealii::Utilities::MPI;
  std::string message;
  const unsigned int rank = MPI::this_mpi_process(communicator);
  unsigned int failed = MPI::n_mpi_processes(communicator);
  try {
    work();
  } catch (const Error& error) {
    message = error.what();
    failed = rank;
  }
  const unsigned int first = MPI::min(failed, communicator);
  if (first < MPI::n_mpi_processes(communicator))
    throw Error(MPI::broadcast(communicator, message, first));
}

} // namespace fokker_planck
