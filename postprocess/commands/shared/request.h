// What a command is given.
#pragma once

#include <mpi.h>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace fokker_planck {

/// What the command line says.
struct Request {
  std::string file;                   ///< with parameters; empty if the command takes none
  std::vector<std::string> settings;  ///< --set
  std::optional<std::string> output;  ///< if none, Output/Directory
  bool verbose = false;               ///< whether the solver says on stderr what it does
  bool all_formulas = false;          ///< whether formulas that do not apply are reported, too
  std::vector<std::string> vary, fit; ///< if empty, what the section Sweep says
  unsigned int n_jobs = 1;            ///< worker processes
};

/// Where a command runs and speaks.
struct Surroundings {
  std::ostream& terminal; ///< silent on all ranks but the first
  bool is_terminal;       ///< whether a line of progress can be rewritten
  MPI_Comm communicator;  ///< of all ranks; not to be used before MPI is started
  bool is_first_rank;
  bool is_launched; ///< by mpirun or the like: all ranks do the same
};

} // namespace fokker_planck
