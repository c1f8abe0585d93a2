#include "postprocess/commands/shared/launcher.h"

#include "problems/base/input_error.h"

#include <deal.II/base/mpi.h>

#include <cstdlib>
#include <string>

namespace fokker_planck {

namespace {

int n_tasks_of_srun() {
  const char* const text = std::getenv("SLURM_STEP_NUM_TASKS");
  return text == nullptr ? 0 : std::atoi(text);
}

} // namespace

bool is_launched_by_mpi() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMI_SIZE") != nullptr ||
         std::getenv("PMIX_RANK") != nullptr || n_tasks_of_srun() > 1;
}

void check_launcher(const MPI_Comm communicator) {
  const int n_tasks = n_tasks_of_srun();
  if (n_tasks > 1 && std::getenv("OMPI_COMM_WORLD_SIZE") == nullptr &&
      dealii::Utilities::MPI::n_mpi_processes(communicator) == 1)
    throw InputError("srun has started " + std::to_string(n_tasks) +
                     " tasks, but each is alone in MPI: use mpirun, or srun --mpi=pmix (srun "
                     "--mpi=list names what there is)");
}

} // namespace fokker_planck
