// The command sweep: many problems, one table, and the laws that they follow.
//
// Every point of the grid is solved by itself and kept in DIR/points. What is known from before is
// not solved again, so that a sweep can be interrupted at any time and run again; tables and fits
// are made from the kept records alone and are the same however often that happened.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace fokker_planck {

/// What the command line says.
struct SweepRequest {
  std::string file;
  std::vector<std::string> settings;  ///< --set
  std::vector<std::string> vary, fit; ///< if empty, what the section Sweep says
  std::optional<std::string> output;  ///< if none, Output/Directory
  unsigned int n_jobs = 1;            ///< worker processes
  bool together = false;              ///< all ranks of MPI work on each point instead
  bool is_terminal = false;           ///< whether a line of progress can be rewritten
};

/// Runs the sweep; with together = false in worker processes, and then MPI must not have been
/// started in this one. Writes points/, sweep.csv, sweep.json and pictures. Returns a complaint if
/// points have failed or are less accurate than they were to be, otherwise nothing. Throws
/// InputError.
std::optional<std::string> run_sweep(const SweepRequest& request, std::ostream& terminal);

} // namespace fokker_planck
