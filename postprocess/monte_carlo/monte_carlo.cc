#include "postprocess/monte_carlo/monte_carlo.h"

#include "postprocess/monte_carlo/direct.h"
#include "postprocess/monte_carlo/sgd.h"
#include "postprocess/monte_carlo/simulation_result.h"
#include "postprocess/provenance.h"
#include "solver/collective.h"

#include <nlohmann/json.hpp>

#include <ostream>

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
Json write_simulation(const OutputDirectory& directory, const Parameters& parameters,
                      const std::string& file, const Domain<dim>& domain,
                      const MonteCarloRun<dim>& run) {
  Json result = describe_provenance(parameters, file);
  result.update(run.result);
  directory.write("parameters.prm", short_parameters(parameters));
  if (!run.exits.empty())
    directory.write("exit_times.csv", exit_table(domain, run.exits, run.time_per_iteration));
  write_json(directory, "monte_carlo.json", result);
  return result;
}

template <int dim>
std::optional<std::string> simulate(const Parameters& parameters, const std::string& file,
                                    std::ostream& terminal, const bool is_terminal) {
  OutputDirectory directory(parameters.output.directory);
  const auto problem = parameters.problem.make_problem<dim>();
  const Interrupt interrupt;
  const auto run = run_monte_carlo(parameters, problem, { terminal, is_terminal, interrupt });
  directory.open();
  if (is_first_rank(MPI_COMM_WORLD)) {
    const Json result = write_simulation(directory, parameters, file, problem.domain, run);
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
  template Json write_simulation(const OutputDirectory&, const Parameters&, const std::string&,    \
                                 const Domain<dim>&, const MonteCarloRun<dim>&);                   \
  template std::optional<std::string> simulate<dim>(const Parameters&, const std::string&,         \
                                                    std::ostream&, bool);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
