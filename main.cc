// fokker-planck: the command line.
//
// Parses, dispatches, and turns every exception into one line on stderr and an exit status:
// 0 done, 1 the input is wrong, 2 the computation did not converge, 3 a defect.
#include "postprocess/convergence.h"
#include "postprocess/exit_points.h"
#include "postprocess/fields.h"
#include "postprocess/monte_carlo/monte_carlo.h"
#include "postprocess/paths.h"
#include "postprocess/pictures.h"
#include "postprocess/result.h"
#include "postprocess/solved_problem.h"
#include "postprocess/sweep/sweep.h"
#include "problems/input_error.h"
#include "problems/parameter_file.h"
#include "problems/ready_problems.h"
#include "problems/text.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <optional>
#include <sstream>
#include <unistd.h>

/// OpenBLAS, if that is the BLAS in use: every rank is to compute on one core.
extern "C" void openblas_set_num_threads(int n_threads) __attribute__((weak));

namespace {

using namespace fokker_planck;

/// Solves, and writes everything into the output directory. Returns a complaint if the result is
/// not as accurate as it was to be, otherwise nothing.
template <int dim>
std::optional<std::string> solve(const Parameters& parameters, const std::string& file,
                                 std::ostream& terminal) {
  const dealii::Timer total;
  OutputDirectory directory(parameters.output.directory);
  const SolvedProblem<dim> solved(parameters);
  const Problem<dim>& problem = solved.problem;
  const Gauge<dim>& gauge = solved.gauge;
  const Landscape<dim>& landscape = solved.landscape;
  const auto& discretization = *solved.adaptive.discretization;
  const auto& solution = solved.adaptive.solution;
  const auto paths = minimum_energy_paths(problem, gauge, landscape, gauge.detailed_balance());

  const double before_output = total.wall_time();
  directory.open();
  const Density<dim> density(problem, gauge, solution.log_mass);
  write_exit_points(directory, problem, landscape, discretization, solution);
  write_samples(directory, problem, density, landscape, discretization, solution);
  if (parameters.output.fields) write_vtu(directory, problem, density, discretization, solution);

  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0) {
    nlohmann::ordered_json result;
    result["schema"] = 1;
    result["program"] = { { "name", "fokker-planck" },
                          { "version", FOKKER_PLANCK_VERSION },
                          { "deal.II", DEAL_II_PACKAGE_VERSION },
                          { "mpi_ranks",
                            dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) } };
    result["problem"] = resolved_parameters(parameters.handler);
    result["problem"]["file"] = file;
    result.update(make_result(problem, gauge, landscape, solved.adaptive, solved.formulas));
    result["paths"] = write_paths(directory, problem.domain, landscape, paths);
    result["time_seconds"]["exploration"] = solved.exploration_seconds;
    result["time_seconds"]["output"] = total.wall_time() - before_output;
    result["time_seconds"]["total"] = total.wall_time();
    std::ostringstream resolved;
    parameters.handler.print_parameters(resolved, dealii::ParameterHandler::ShortPRM |
                                                    dealii::ParameterHandler::KeepDeclarationOrder);
    directory.write("parameters.prm", resolved.str());
    directory.write("convergence.csv", convergence_table(solved.adaptive.levels));
    directory.write("result.json",
                    result.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    terminal << "\n" << file << "\n\n";
    print_report(terminal, result);
  }
  directory.publish("result.json");
  if (parameters.output.pictures && dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    draw_pictures(directory.get_path(), std::cerr);
  terminal << "  results in " << directory.get_path() << "\n";
  if (solved.adaptive.converged) return {};
  return solved.complaint() + "; the best estimate was written to " + directory.get_path();
}

void read(Parameters& parameters, const std::string& file, const std::vector<std::string>& settings,
          const std::optional<std::string>& output) {
  read_parameter_file(parameters.handler, file);
  for (const std::string& setting : settings)
    set_parameter(parameters.handler, setting);
  if (output) set_parameter(parameters.handler, "Output/Directory=" + *output);
  parameters.problem.locate_files(parameters.handler, file);
}

std::optional<std::string> run(const Parameters& parameters, const std::string& file,
                               std::ostream& terminal) {
  switch (parameters.problem.get_dimension()) {
    case 1:
      return solve<1>(parameters, file, terminal);
    case 2:
      return solve<2>(parameters, file, terminal);
    default:
      return solve<3>(parameters, file, terminal);
  }
}

std::optional<std::string> run_monte_carlo(const Parameters& parameters, const std::string& file,
                                           std::ostream& terminal, const bool is_terminal) {
  switch (parameters.problem.get_dimension()) {
    case 1:
      return simulate<1>(parameters, file, terminal, is_terminal);
    case 2:
      return simulate<2>(parameters, file, terminal, is_terminal);
    default:
      return simulate<3>(parameters, file, terminal, is_terminal);
  }
}

void print_parameters(std::ostream& terminal) {
  Parameters parameters;
  parameters.handler.print_parameters(terminal, dealii::ParameterHandler::PRM |
                                                  dealii::ParameterHandler::KeepDeclarationOrder);
}

int report(const int status, const std::string& message) {
  // Every rank meets the same error; the first one speaks.
  int initialized = 0, rank = 0;
  MPI_Initialized(&initialized);
  if (initialized != 0) MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 0) std::cerr << "fokker-planck: " << one_line(message) << std::endl;
  return status;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app(
    "Quasi-stationary densities, boundary fluxes and escape rates of Fokker-Planck equations",
    "fokker-planck");
  app.set_version_flag("--version", std::string("fokker-planck ") + FOKKER_PLANCK_VERSION);
  app.require_subcommand(1);
  SweepRequest request;
  auto& [file, settings, vary, fit, output, n_jobs, together, is_terminal] = request;
  auto* const run_command = app.add_subcommand("run", "Solve the problem in a parameter file");
  auto* const monte_carlo_command =
    app.add_subcommand("monte-carlo", "Simulate the problem in a parameter file until it is left");
  auto* const sweep_command =
    app.add_subcommand("sweep", "Vary parameters, fit the laws that the rates follow, draw both");
  for (auto* const command : { run_command, sweep_command, monte_carlo_command }) {
    command->add_option("FILE", file, "parameter file (.prm or .json)")->required();
    command->add_option("--set", settings, "override a parameter: Section/Key=value (repeatable)")
      ->allow_extra_args(false);
    command->add_option("--output", output, "directory for the results");
  }
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
                                     "', but a command is needed: run, sweep, "
                                     "monte-carlo, parameters or list"
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
      if (*run_command || *monte_carlo_command) {
        Parameters parameters;
        read(parameters, file, settings, output);
        const auto complaint = *run_command
                                 ? run(parameters, file, terminal)
                                 : run_monte_carlo(parameters, file, terminal, is_terminal);
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
