#include "postprocess/commands/monte_carlo/monte_carlo.h"

#include "postprocess/commands/monte_carlo/direct.h"
#include "postprocess/commands/monte_carlo/fleming_viot.h"
#include "postprocess/commands/monte_carlo/sgd.h"
#include "postprocess/commands/monte_carlo/splitting.h"
#include "postprocess/commands/shared/provenance.h"
#include "postprocess/report/simulation_report.h"
#include "postprocess/results/json.h"
#include "problems/base/collective.h"
#include "problems/base/format.h"
#include "problems/data/dataset_loss.h"
#include "solver/monte_carlo/minibatch_sgd.h"
#include "solver/monte_carlo/reaction_coordinate.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <ostream>

namespace fokker_planck {

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
  const auto* const data = dynamic_cast<const DatasetLoss<dim>*>(problem.loss.get());
  const double cost = data == nullptr ? 1. : 1 + 0.25 * static_cast<double>(data->n_samples());
  const double most_steps = 1e10 / cost; // some minutes
  if (!section.starts_quasi_stationary()) return run_direct(section, problem, context);
  const auto scales = find_scales(problem);
  const double barrier = ReactionCoordinate<dim>(problem, scales.start).top();
  const double n_steps = steps_of_direct_simulation(section, problem, scales, barrier);
  const bool is_direct = !std::isfinite(barrier) || n_steps < most_steps;
  auto run =
    is_direct ? run_direct(section, problem, context) : run_splitting(section, problem, context);
  run.result.choice =
    SimulationResult::Choice{ barrier,
                              format("direct simulation needs about %.1g steps", n_steps) };
  return run;
}

} // namespace

template <int dim>
void check_monte_carlo(const MonteCarloParameters& section, const Problem<dim>& problem) {
  const std::string& method = section.get_method();
  const SimulationScales<dim> scales{};
  section.settings(problem, scales);
  if (method == "splitting" || method == "fleming-viot") section.repeat_settings(problem, scales);
  if (method == "sgd") MinibatchSgd<dim>(problem, SgdSettings::of(problem));
}

template <int dim>
MonteCarloRun<dim> run_monte_carlo(const MonteCarloParameters& section, const Problem<dim>& problem,
                                   const SimulationContext& context) {
  const std::string& method = section.get_method();
  if (method == "direct") return run_direct(section, problem, context);
  if (method == "splitting") return run_splitting(section, problem, context);
  if (method == "fleming-viot") return run_fleming_viot(section, problem, context);
  if (method == "sgd") return run_sgd(section, problem, context);
  return run_what_suits(section, problem, context);
}

template <int dim>
void write_simulation(const OutputDirectory& directory, const Parameters& parameters,
                      const std::string& file, const Domain<dim>& domain,
                      const MonteCarloRun<dim>& run, const MPI_Comm communicator) {
  auto json = provenance_json(parameters, file, communicator);
  json.update(simulation_json(run.result));
  directory.write("parameters.prm", short_parameters(parameters));
  const auto& sgd = run.result.sgd;
  if (!run.exits.empty())
    directory.write("exit_times.csv",
                    exit_table(domain, run.exits, sgd ? sgd->settings.learning_rate : 0.));
  else // none of an earlier simulation is to stand beside this one
    std::filesystem::remove(std::filesystem::path(directory.get_path()) / "exit_times.csv");
  write_json(directory, "monte_carlo.json", json);
}

std::string stopped_complaint(const SimulationResult& result, const std::string& directory) {
  if (!result.partial()) return "";
  return "the simulation was stopped before its end; what it had shown was written to " + directory;
}

namespace {

template <int dim>
std::string simulate_problem(const Parameters& parameters, const Request& request,
                             const Surroundings& surroundings) {
  std::ostream& terminal = surroundings.terminal;
  OutputDirectory directory(parameters.output.directory, surroundings.communicator);
  const auto problem = parameters.problem.make_problem<dim>();
  const Interrupt interrupt;
  const auto run =
    run_monte_carlo(parameters.monte_carlo, problem,
                    { terminal, surroundings.is_terminal, interrupt, surroundings.communicator });
  directory.open();
  if (surroundings.is_first_rank) {
    write_simulation(directory, parameters, request.file, problem.domain, run,
                     surroundings.communicator);
    terminal << "\n" << request.file << "\n\n";
    print_simulation(terminal, run.result);
  }
  directory.publish("monte_carlo.json");
  terminal << "  results in " << directory.get_path() << "\n";
  return stopped_complaint(run.result, directory.get_path());
}

} // namespace

std::string simulate(const Request& request, const Surroundings& surroundings) {
  return with_problem(request, surroundings, [&](const Parameters& parameters, const auto dim) {
    return simulate_problem<dim>(parameters, request, surroundings);
  });
}

#define INSTANTIATE(dim)                                                                           \
  template void check_monte_carlo(const MonteCarloParameters&, const Problem<dim>&);               \
  template MonteCarloRun<dim> run_monte_carlo(const MonteCarloParameters&, const Problem<dim>&,    \
                                              const SimulationContext&);                           \
  template void write_simulation(const OutputDirectory&, const Parameters&, const std::string&,    \
                                 const Domain<dim>&, const MonteCarloRun<dim>&, MPI_Comm);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
