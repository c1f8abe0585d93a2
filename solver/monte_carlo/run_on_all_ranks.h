// Errors of one rank that concern all.
#pragma once

#include "problems/input_error.h"

#include <deal.II/base/mpi.h>

#include <string>

namespace fokker_planck {

/// Runs work, which communicates with nobody, on every rank. If it throws NotConverged on any rank,
/// all ranks throw it, so that none waits for another. Collective.
template <typename Work>
void run_on_all_ranks(const MPI_Comm communicator, const Work& work) {
  namespace MPI = dealii::Utilities::MPI;
  std::string message;
  const unsigned int rank = MPI::this_mpi_process(communicator);
  unsigned int failed = MPI::n_mpi_processes(communicator);
  try {
    work();
  } catch (const NotConverged& error) {
    message = error.what();
    failed = rank;
  }
  const unsigned int first = MPI::min(failed, communicator);
  if (first < MPI::n_mpi_processes(communicator))
    throw NotConverged(MPI::broadcast(communicator, message, first));
}

} // namespace fokker_planck
