#include "postprocess/monte_carlo/monte_carlo.h"

#include "postprocess/monte_carlo/direct.h"
#include "postprocess/monte_carlo/fleming_viot.h"
#include "postprocess/monte_carlo/simulation_result.h"
#include "postprocess/monte_carlo/splitting.h"
#include "problems/parameter_file.h"
#include "solver/monte_carlo/reaction_coordinate.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <ostream>
#include <sstream>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

/// What direct simulation takes by the law of Arrhenius, rate = exp(-barrier)/(relaxation time).
template <int dim>
double steps_of_direct_simulation(const MonteCarloParameters& section, const Problem<dim>& problem,
                                  const SimulationScales<dim>& scales, const double barrier) {
  const auto settings = section.settings(problem, scales);
  const double time = std::min(scales.relaxation_time * std::exp(barrier), settings.maximum_time);
  return static_cast<double>(settings.n_trajectories) * (time + settings.burn_in_time) /
         settings.time_step * (section.repeats_at_half_step() ? 3 : 1);
}

/// Method = automatic.
template <int dim>
MonteCarloRun<dim> run_what_suits(const MonteCarloParameters& section, const Problem<dim>& problem,
                                  const SimulationContext& context) {
  constexpr double most_steps = 1e10; // some minutes
  if (!section.starts_quasi_stationary()) return run_direct(section, problem, context);
  const auto scales = find_scales(problem);
  const double barrier = ReactionCoordinate<dim>(problem, scales.start).top();
  const double n_steps = steps_of_direct_simulation(section, problem, scales, barrier);
  const bool is_direct = !std::isfinite(barrier) || n_steps < most_steps;
  auto run =
    is_direct ? run_direct(section, problem, context) : run_splitting(section, problem, context);
  char reason[100];
  std::snprintf(reason, sizeof reason, "direct simulation needs about %.1g steps", n_steps);
  run.result["choice"] = { { "asked", "automatic" }, { "barrier", barrier }, { "reason", reason } };
  return run;
}

} // namespace

template <int dim>
MonteCarloRun<dim> run_monte_carlo(const Parameters& parameters, const Problem<dim>& problem,
                                   const SimulationContext& context) {
  const MonteCarloParameters& section = parameters.monte_carlo;
  const std::string& method = section.get_method();
  if (method == "direct") return run_direct(section, problem, context);
  if (method == "splitting") return run_splitting(section, problem, context);
  if (method == "fleming-viot") return run_fleming_viot(section, problem, context);
  return run_what_suits(section, problem, context);
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
      directory.write("exit_times.csv", exit_table(problem.domain, run.exits));
    else // none of an earlier simulation is to stand beside this one
      std::filesystem::remove(std::filesystem::path(directory.get_path()) / "exit_times.csv");
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
