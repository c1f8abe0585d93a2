// The commands of the program, as a table.
#pragma once

#include <mpi.h>

#include <functional>
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

enum class Option { file, set, output, verbose, formulas, vary, fit, jobs };

/// Where a command runs and speaks.
struct Surroundings {
  std::ostream& terminal; ///< silent on all ranks but the first
  bool is_terminal;       ///< whether a line of progress can be rewritten
  MPI_Comm communicator;  ///< of all ranks; not to be used before MPI is started
  bool is_first_rank;
  bool is_launched; ///< by mpirun or the like: all ranks do the same
};

struct Command {
  std::string name, help;
  std::vector<Option> options;

  /// Whether MPI is started by the command, in processes of its own, unless these are launched.
  bool forks;

  /// Returns a complaint, empty if the result is what it was to be. Throws InputError,
  /// NotConverged. Collective.
  std::function<std::string(const Request&, const Surroundings&)> perform;
};

/// All commands, in the order in which they are shown.
const std::vector<Command>& commands();

} // namespace fokker_planck
