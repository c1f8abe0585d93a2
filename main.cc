// fokker-planck: the command line.
//
// Parses, dispatches, and turns every exception into one line on stderr and an exit status:
// 0 done, 1 the input is wrong, 2 the computation did not converge, 3 a defect.
#include "meshes/layers.h"
#include "meshes/parameters.h"
#include "postprocess/convergence.h"
#include "postprocess/exit_points.h"
#include "postprocess/fields.h"
#include "postprocess/formulas.h"
#include "postprocess/output_directory.h"
#include "postprocess/paths.h"
#include "postprocess/pictures.h"
#include "postprocess/result.h"
#include "problems/input_error.h"
#include "problems/parameter_file.h"
#include "problems/parameters.h"
#include "problems/ready_problems.h"
#include "problems/text.h"
#include "solver/adaptive.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/timer.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>

/// OpenBLAS, if that is the BLAS in use: every rank is to compute on one core.
extern "C" void openblas_set_num_threads(int n_threads) __attribute__((weak));

namespace {

using namespace fokker_planck;

/// All sections of a parameter file.
struct Parameters {
  ProblemParameters problem;
  DiscretizationParameters discretization;
  OutputParameters output;
  dealii::ParameterHandler handler;

  Parameters() {
    problem.declare(handler);
    discretization.declare(handler);
    output.declare(handler);
  }
};

/// What is wrong with a solution that has not converged.
template <int dim>
std::string not_converged(const AdaptiveSolution<dim>& adaptive, const AccuracyGoal& goal,
                          const std::string& directory) {
  std::ostringstream text;
  text << std::setprecision(2) << "not converged: estimated relative error "
       << adaptive.relative_error
       << " exceeds Discretization/Tolerance = " << format_rounded(goal.tolerance) << " with "
       << adaptive.discretization->get_dof_handler().n_dofs()
       << " unknowns (Maximum unknowns = " << goal.maximum_unknowns
       << "); the best estimate was written to " << directory;
  return text.str();
}

/// The recipe: make the problem, explore its landscape, mesh, solve, compare with theory, write.
/// Returns a complaint if the result is not as accurate as it was to be, otherwise nothing.
template <int dim>
std::optional<std::string> solve(Parameters& parameters, const std::string& file,
                                 dealii::Timer& total, std::ostream& terminal) {
  const MPI_Comm communicator = MPI_COMM_WORLD;
  const Problem<dim> problem = parameters.problem.make_problem<dim>();
  const auto& settings = parameters.discretization;
  typename Mesh<dim>::Layout layout{ settings.n_cells<dim>(problem.domain.is_box()) };
  const double gauge_scale = settings.get_gauge_scale();
  const AccuracyGoal goal{ settings.get_tolerance(), settings.get_maximum_unknowns() };
  OutputDirectory directory(parameters.output.directory);

  const Gauge<dim> gauge(problem, gauge_scale);
  const Landscape<dim> landscape = explore(problem, gauge, gauge.cutoff());
  const auto paths = minimum_energy_paths(problem, gauge, landscape, gauge.detailed_balance());
  const double exploration = total.wall_time();
  if (settings.is_adaptive()) {
    const unsigned int degree = settings.get_degree();
    layout.steps =
      graded_steps<dim>(problem.domain, gauge, landscape, degree, goal.tolerance, layout.n_cells);
    layout.depths = boundary_layers(problem.domain, gauge, landscape, degree, goal.tolerance);
  }
  layout.equal_cells = !settings.is_adaptive();
  const auto mesh = std::make_shared<Mesh<dim>>(problem.domain, layout, communicator);
  const auto adaptive =
    settings.is_adaptive()
      ? solve_adaptively(problem, gauge, landscape, mesh, settings.get_degree(), goal)
      : solve_on(problem, gauge, landscape, mesh, settings.get_degree());
  const auto& discretization = *adaptive.discretization;
  const auto& solution = adaptive.solution;
  const auto formulas = escape_formulas(problem, gauge, landscape);

  const double before_output = total.wall_time();
  directory.open();
  const Density<dim> density(problem, gauge, solution.log_mass);
  write_exit_points(directory, problem, gauge, landscape, discretization, solution);
  write_samples(directory, problem, density, landscape, discretization, solution);
  if (parameters.output.fields) write_vtu(directory, problem, density, discretization, solution);

  if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0) {
    nlohmann::ordered_json result;
    result["schema"] = 1;
    result["program"] = { { "name", "fokker-planck" },
                          { "version", FOKKER_PLANCK_VERSION },
                          { "deal.II", DEAL_II_PACKAGE_VERSION },
                          { "mpi_ranks", dealii::Utilities::MPI::n_mpi_processes(communicator) } };
    result["problem"] = resolved_parameters(parameters.handler);
    result["problem"]["file"] = file;
    result.update(make_result(problem, gauge, landscape, adaptive, formulas));
    result["paths"] = write_paths(directory, problem.domain, landscape, paths);
    result["time_seconds"]["exploration"] = exploration;
    result["time_seconds"]["output"] = total.wall_time() - before_output;
    result["time_seconds"]["total"] = total.wall_time();
    std::ostringstream resolved;
    parameters.handler.print_parameters(resolved, dealii::ParameterHandler::ShortPRM |
                                                    dealii::ParameterHandler::KeepDeclarationOrder);
    directory.write("parameters.prm", resolved.str());
    directory.write("convergence.csv", convergence_table(adaptive.levels));
    directory.write("result.json",
                    result.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    terminal << "\n" << file << "\n\n";
    print_report(terminal, result);
  }
  directory.publish("result.json");
  if (parameters.output.pictures && dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
    draw_pictures(directory.get_path(), std::cerr);
  terminal << "  results in " << directory.get_path() << "\n";
  if (adaptive.converged) return {};
  return not_converged(adaptive, goal, directory.get_path());
}

std::optional<std::string> run(const std::string& file, const std::vector<std::string>& settings,
                               const std::optional<std::string>& output, std::ostream& terminal) {
  dealii::Timer total;
  Parameters parameters;
  read_parameter_file(parameters.handler, file);
  for (const std::string& setting : settings)
    set_parameter(parameters.handler, setting);
  if (output) set_parameter(parameters.handler, "Output/Directory=" + *output);
  parameters.problem.locate_files(parameters.handler, file);
  switch (parameters.problem.get_dimension()) {
    case 1:
      return solve<1>(parameters, file, total, terminal);
    case 2:
      return solve<2>(parameters, file, total, terminal);
    default:
      return solve<3>(parameters, file, total, terminal);
  }
}

void print_parameters(std::ostream& terminal) {
  Parameters parameters;
  parameters.handler.print_parameters(terminal, dealii::ParameterHandler::PRM |
                                                  dealii::ParameterHandler::KeepDeclarationOrder);
}

/// Text on one line, as promised for error messages.
std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text)
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  return line;
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
  std::string file;
  std::optional<std::string> output;
  std::vector<std::string> settings;
  auto* const run_command = app.add_subcommand("run", "Solve the problem in a parameter file");
  run_command->add_option("FILE", file, "parameter file (.prm or .json)")->required();
  run_command->add_option("--set", settings, "override a parameter: Section/Key=value (repeatable)")
    ->allow_extra_args(false);
  run_command->add_option("--output", output, "directory for the results");
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
                                     "', but a command is needed: run, parameters or list"
                                 : error.what()) +
                       std::string(" (see fokker-planck --help)"));
  }

  try {
    if (openblas_set_num_threads != nullptr) openblas_set_num_threads(1);
    const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
    const bool first = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
    std::ostream silent(nullptr);
    std::ostream& terminal = first ? std::cout : silent;
    try {
      if (*run_command) {
        if (const auto complaint = run(file, settings, output, terminal))
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
