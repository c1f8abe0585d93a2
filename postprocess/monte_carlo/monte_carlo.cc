#include "postprocess/monte_carlo/monte_carlo.h"

#include "postprocess/monte_carlo/direct.h"
#include "postprocess/monte_carlo/sgd.h"
#include "postprocess/monte_carlo/simulation_result.h"
#include "problems/parameter_file.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <ostream>
#include <sstream>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

template <int dim>
MonteCarloRun<dim> run_monte_carlo(const Parameters& parameters, const Problem<dim>& problem,
                                   const SimulationContext& context) {
  if (parameters.monte_carlo.get_method() == "sgd")
    return run_sgd(parameters.monte_carlo, problem, context);
  return run_direct(parameters.monte_carlo, problem, context);
}

template <int dim>
std::optional<std::string> simulate(const Parameters& parameters, const std::string& file,
                                    std::ostream& terminal, const bool is_terminal) {
  OutputDirectory directory(parameters.output.directory);
  const auto problem = parameters.problem.make_problem<dim>();
  const Interrupt interrupt;
  const auto run = run_monte_carlo(parameters, problem, { terminal, is_terminal, interrupt });

  directory.open();
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0) {
    Json result;
    result["schema"] = 1;
    result["program"] = { { "name", "fokker-planck" },
                          { "version", FOKKER_PLANCK_VERSION },
                          { "mpi_ranks",
                            dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) } };
    result["problem"] = resolved_parameters(parameters.handler);
    result["problem"]["file"] = file;
    result.update(run.result);
    std::ostringstream resolved;
    parameters.handler.print_parameters(resolved, dealii::ParameterHandler::ShortPRM |
                                                    dealii::ParameterHandler::KeepDeclarationOrder);
    directory.write("parameters.prm", resolved.str());
    if (!run.exits.empty())
      directory.write("exit_times.csv",
                      exit_table(problem.domain, run.exits, run.time_per_iteration));
    directory.write("monte_carlo.json",
                    result.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    terminal << "\n" << file << "\n\n";
    print_simulation(terminal, result);
  }
  directory.publish("monte_carlo.json");
  terminal << "  results in " << directory.get_path() << "\n";
  if (!run.partial) return {};
  return "the simulation was stopped before its end; what it had shown was written to " +
         directory.get_path();
}

#define INSTANTIATE(dim)                                                                           \
  template MonteCarloRun<dim> run_monte_carlo(const Parameters&, const Problem<dim>&,              \
                                              const SimulationContext&);                           \
  template std::optional<std::string> simulate<dim>(const Parameters&, const std::string&,         \
                                                    std::ostream&, bool);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
