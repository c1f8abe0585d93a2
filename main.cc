// fokker-planck: the command line.
//
// Parses, dispatches, and turns every exception into one line on stderr and an exit status:
// 0 done, 1 the input is wrong, 2 the computation did not converge, 3 a defect.
#include "postprocess/commands/comparison/compare.h"
#include "postprocess/commands/launcher.h"
#include "postprocess/commands/monte_carlo/monte_carlo.h"
#include "postprocess/commands/run.h"
#include "postprocess/commands/sweep/sweep.h"
#include "problems/base/input_error.h"
#include "problems/base/installation.h"
#include "problems/base/one_rank.h"
#include "problems/base/parameter_file.h"
#include "problems/base/text.h"
#include "problems/input/ready_problems.h"

#include <deal.II/base/mpi.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <thread>
#include <type_traits>
#include <unistd.h>

/// OpenBLAS, if that is the BLAS in use: every rank is to compute on one core.
extern "C" void openblas_set_num_threads(int n_threads) __attribute__((weak));

namespace {

using namespace fokker_planck;

void read(Parameters& parameters, const std::string& file, const std::vector<std::string>& settings,
          const std::optional<std::string>& output) {
  read_parameter_file(parameters.handler, file);
  for (const std::string& setting : settings)
    set_parameter(parameters.handler, setting);
  if (output) set_parameter(parameters.handler, "Output/Directory=" + *output);
  parameters.problem.locate_files(parameters.handler, file);
}

/// Calls command<dim> for the dimension of the problem.
template <typename Command>
std::optional<std::string> dispatch(const Parameters& parameters, const Command& command) {
  switch (parameters.problem.get_dimension()) {
    case 1:
      return command(std::integral_constant<int, 1>());
    case 2:
      return command(std::integral_constant<int, 2>());
    default:
      return command(std::integral_constant<int, 3>());
  }
}

void print_parameters(std::ostream& terminal) {
  Parameters parameters;
  parameters.handler.print_parameters(terminal, dealii::ParameterHandler::PRM |
                                                  dealii::ParameterHandler::KeepDeclarationOrder);
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

} // namespace

int main(int argc, char** argv) {
  CLI::App app(
    "Quasi-stationary densities, boundary fluxes and escape rates of Fokker-Planck equations",
    "fokker-planck");
  app.set_version_flag("--version", std::string("fokker-planck ") + program_version());
  app.require_subcommand(1);
  SweepRequest request;
  auto& [file, settings, vary, fit, output, n_jobs, together, is_terminal] = request;
  auto* const run_command = app.add_subcommand("run", "Solve the problem in a parameter file");
  auto* const monte_carlo_command =
    app.add_subcommand("monte-carlo", "Simulate the problem in a parameter file until it is left");
  auto* const compare_command =
    app.add_subcommand("compare", "Solve and simulate the problem in a parameter file, and judge");
  auto* const sweep_command =
    app.add_subcommand("sweep", "Vary parameters, fit the laws that the rates follow, draw both");
  for (auto* const command : { run_command, sweep_command, monte_carlo_command, compare_command }) {
    command->add_option("FILE", file, "parameter file (.prm or .json)")->required();
    command->add_option("--set", settings, "override a parameter: Section/Key=value (repeatable)")
      ->allow_extra_args(false);
    command->add_option("--output", output, "directory for the results");
  }
  bool verbose = false;
  for (auto* const command : { run_command, compare_command })
    command->add_flag("--verbose", verbose, "say on stderr what the solver is doing");
  sweep_command
    ->add_option("--vary", vary,
                 "values of a parameter: \"Section/Key = from:to:count[:log]\" or \"Section/Key = "
                 "v1, v2, ...\" (repeatable: the full grid; default: those of the section Sweep)")
    ->allow_extra_args(false);
  sweep_command
    ->add_option("--fit", fit,
                 "a law to fit, as \"-log_rate ~ 1/Noise.Diffusion theory: barrier\" (repeatable; "
                 "default: those of the section Sweep)")
    ->allow_extra_args(false);
  sweep_command->add_option("--jobs", n_jobs, "worker processes (default 1)")
    ->check(CLI::Range(1, 1000));
  auto* const parameters_command =
    app.add_subcommand("parameters", "Print every parameter with its default and meaning");
  auto* const list_command = app.add_subcommand("list", "List the ready problems");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) { // --help, --version
    return app.exit(request);
  } catch (const CLI::ParseError& error) {
    const bool no_command = app.get_subcommands().empty();
    return report(1, (no_command ? "got '" + std::string(argc > 1 ? argv[1] : "") +
                                     "', but a command is needed: run, compare, "
                                     "monte-carlo, sweep, parameters or list"
                                 : error.what()) +
                       std::string(" (see fokker-planck --help)"));
  }

  try {
    if (openblas_set_num_threads != nullptr) openblas_set_num_threads(1);
    together = is_launched_by_mpi();
    std::optional<dealii::Utilities::MPI::MPI_InitFinalize> mpi;
    if (!*sweep_command || together) mpi.emplace(argc, argv, 1U); // workers start MPI themselves
    const bool first = !mpi || dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
    is_terminal = first && isatty(STDOUT_FILENO) != 0;
    std::ostream silent(nullptr);
    std::ostream& terminal = first ? std::cout : silent;
    try {
      if (mpi && !file.empty()) check_launcher();
      if (*run_command || *monte_carlo_command || *compare_command) {
        Parameters parameters;
        read(parameters, file, settings, output);
        if (verbose && first)
          parameters.solver.log = [](const std::string& line) { std::cerr << line << std::endl; };
        const auto complaint = dispatch(parameters, [&](const auto dimension) {
          constexpr int dim = decltype(dimension)::value;
          return *run_command       ? run<dim>(parameters, file, terminal)
                 : *compare_command ? compare<dim>(parameters, file, terminal, is_terminal)
                                    : simulate<dim>(parameters, file, terminal, is_terminal);
        });
        if (complaint) return report(2, file + ": " + *complaint);
      } else if (*sweep_command) {
        if (const auto complaint = run_sweep(request, terminal))
          return report(2, file + ": " + *complaint);
      } else if (*parameters_command)
        print_parameters(terminal);
      else if (*list_command)
        list_ready_problems(terminal);
      return 0;
    } catch (const InputError& error) {
      return report(1, file + ": " + error.what());
    } catch (const NotConverged& error) {
      return report(2, file + ": no result: " + error.what());
    } catch (const std::exception& error) {
      return report(3, std::string("this is a defect of the program, please report it: ") +
                         error.what());
    }
  } catch (const std::exception& error) {
    return report(3, error.what());
  }
}
