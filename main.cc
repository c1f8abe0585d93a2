// fokker-planck: the command line.
//
// Parses, dispatches, and turns every exception into one line on stderr and an exit status:
// 0 done, 1 the input is wrong, 2 the computation did not converge, 3 a defect.
#include "postprocess/commands/command.h"
#include "postprocess/commands/shared/launcher.h"
#include "problems/base/input_error.h"
#include "problems/base/installation.h"
#include "problems/base/one_rank.h"
#include "problems/base/text.h"

#include <deal.II/base/mpi.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <thread>
#include <unistd.h>

/// OpenBLAS, if that is the BLAS in use: every rank is to compute on one core.
extern "C" void openblas_set_num_threads(int n_threads) __attribute__((weak));

namespace {

using namespace fokker_planck;

void add_option(CLI::App& command, const Option option, Request& request) {
  switch (option) {
    case Option::file:
      command.add_option("FILE", request.file, "parameter file (.prm or .json)")->required();
      break;
    case Option::set:
      command
        .add_option("--set", request.settings,
                    "override a parameter: Section/Key=value (repeatable)")
        ->allow_extra_args(false);
      break;
    case Option::output:
      command.add_option("--output", request.output, "directory for the results");
      break;
    case Option::verbose:
      command.add_flag("--verbose", request.verbose, "say on stderr what the solver is doing");
      break;
    case Option::formulas:
      command.add_flag("--formulas", request.all_formulas,
                       "list also the formulas that do not apply, with the reasons");
      break;
    case Option::vary:
      command
        .add_option("--vary", request.vary,
                    "values of a parameter: \"Section/Key = from:to:count[:log]\" or \"Section/Key "
                    "= v1, v2, ...\" (repeatable: the full grid; default: those of the section "
                    "Sweep)")
        ->allow_extra_args(false);
      break;
    case Option::fit:
      command
        .add_option("--fit", request.fit,
                    "a law to fit, as \"-log_rate ~ 1/Noise.Diffusion theory: barrier\" "
                    "(repeatable; default: those of the section Sweep)")
        ->allow_extra_args(false);
      break;
    case Option::jobs:
      command.add_option("--jobs", request.n_jobs, "worker processes (default 1)")
        ->check(CLI::Range(1, 1000));
      break;
  }
}

/// "run, sweep or list".
std::string command_names() {
  std::string text;
  for (const Command& command : commands()) {
    const bool last = &command == &commands().back();
    text += (text.empty() ? "" : last ? " or " : ", ") + command.name;
  }
  return text;
}

int report(const int status, const std::string& message) {
  int initialized = 0, finalized = 0, rank = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  const bool parallel = initialized != 0 && finalized == 0;
  if (parallel) MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  // Of the ranks that meet the error, usually all, the first one speaks.
  const bool together = !parallel || all_arrive(MPI_COMM_WORLD);
  if (!together) std::this_thread::sleep_for(std::chrono::milliseconds(50) * std::min(rank, 100));
  if (rank == 0 || !together)
    std::cerr << "fokker-planck: " << one_line(message)
              << (together ? "" : " (on rank " + std::to_string(rank) + ", not on all)")
              << std::endl;
  if (!together) MPI_Abort(MPI_COMM_WORLD, status);
  return status;
}

/// Returns the exit status.
int perform(const Command& command, const Request& request, const Surroundings& surroundings,
            const bool has_mpi) {
  const std::string where = request.file.empty() ? "" : request.file + ": ";
  try {
    if (has_mpi && !request.file.empty()) check_launcher(surroundings.communicator);
    const std::string complaint = command.perform(request, surroundings);
    return complaint.empty() ? 0 : report(2, where + complaint);
  } catch (const InputError& error) {
    return report(1, where + error.what());
  } catch (const NotConverged& error) {
    return report(2, where + "no result: " + error.what());
  } catch (const std::exception& error) {
    return report(3, std::string("this is a defect of the program, please report it: ") +
                       error.what());
  }
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app(
    "Quasi-stationary densities, boundary fluxes and escape rates of Fokker-Planck equations",
    "fokker-planck");
  app.set_version_flag("--version", std::string("fokker-planck ") + program_version());
  app.require_subcommand(1);
  Request request;
  const Command* chosen = nullptr;
  for (const Command& command : commands()) {
    auto* const subcommand = app.add_subcommand(command.name, command.help);
    for (const Option option : command.options)
      add_option(*subcommand, option, request);
    subcommand->callback([&] { chosen = &command; });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& information) { // --help, --version
    return app.exit(information);
  } catch (const CLI::ParseError& error) {
    const bool no_command = app.get_subcommands().empty();
    return report(1, (no_command ? "got '" + std::string(argc > 1 ? argv[1] : "") +
                                     "', but a command is needed: " + command_names()
                                 : error.what()) +
                       std::string(" (see fokker-planck --help)"));
  }

  try {
    if (openblas_set_num_threads != nullptr) openblas_set_num_threads(1);
    const bool is_launched = is_launched_by_mpi();
    std::optional<dealii::Utilities::MPI::MPI_InitFinalize> mpi;
    if (!chosen->forks || is_launched) mpi.emplace(argc, argv, 1U);
    const bool is_first = !mpi || dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
    std::ostream silent(nullptr);
    return perform(*chosen, request,
                   { is_first ? std::cout : silent, is_first && isatty(STDOUT_FILENO) != 0,
                     MPI_COMM_WORLD, is_first, is_launched },
                   mpi.has_value());
  } catch (const std::exception& error) {
    return report(3, error.what());
  }
}
