// Who has started this process.
#pragma once

#include <mpi.h>

namespace fokker_planck {

/// Whether this process was started by mpirun, srun or the like.
bool is_launched_by_mpi();

/// Throws InputError if srun has started several tasks that MPI does not connect in the
/// communicator of all: each of them would solve everything by itself. To be called when MPI has
/// been started.
void check_launcher(MPI_Comm communicator);

} // namespace fokker_planck
