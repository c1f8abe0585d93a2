#include "postprocess/monte_carlo/monte_carlo.h"

#include "postprocess/monte_carlo/interrupt.h"
#include "postprocess/monte_carlo/simulation_display.h"
#include "postprocess/monte_carlo/simulation_result.h"
#include "problems/parameter_file.h"
#include "problems/text.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>

#include <nlohmann/json.hpp>

#include <ostream>
#include <sstream>

namespace fokker_planck {

namespace {

template <int dim>
Simulated<dim> run(const Problem<dim>& problem, const dealii::Point<dim>& start,
                   const FirstExitSettings& settings, const Interrupt& interrupt,
                   std::ostream& terminal, const bool is_terminal) {
  const dealii::Timer timer;
  SimulationDisplay display(terminal, is_terminal,
                            "time step " + format_rounded(settings.time_step));
  Simulated<dim> simulated{ settings, {}, {}, 0 };
  simulated.exits = simulate_first_exits<dim>(problem, start, settings, MPI_COMM_WORLD,
                                              [&](const SimulationProgress& progress) {
                                                display.update(progress);
                                                return !interrupt.requested();
                                              });
  simulated.estimate = estimate_escape(simulated.exits.exits, problem.domain.n_sides());
  simulated.seconds = timer.wall_time();
  return simulated;
}

nlohmann::ordered_json describe_program() {
  return { { "name", "fokker-planck" },
           { "version", FOKKER_PLANCK_VERSION },
           { "mpi_ranks", dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) } };
}

} // namespace

template <int dim>
std::optional<std::string> simulate(const Parameters& parameters, const std::string& file,
                                    std::ostream& terminal, const bool is_terminal) {
  using Json = nlohmann::ordered_json;
  const bool first = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
  const MonteCarloParameters& section = parameters.monte_carlo;
  OutputDirectory directory(parameters.output.directory);
  const auto problem = parameters.problem.make_problem<dim>();
  const auto scales = find_scales(problem);
  FirstExitSettings settings = section.settings(problem, scales);

  const Interrupt interrupt;
  const auto whole = run(problem, scales.start, settings, interrupt, terminal, is_terminal);
  bool partial = whole.exits.stopped;
  std::optional<Simulated<dim>> half;
  if (section.repeats_at_half_step() && !partial) {
    settings.time_step /= 2;
    settings.run = 1;
    half = run(problem, scales.start, settings, interrupt, terminal, is_terminal);
    partial = half->exits.stopped;
  }

  directory.open();
  if (first) {
    Json result;
    result["schema"] = 1;
    result["program"] = describe_program();
    result["problem"] = resolved_parameters(parameters.handler);
    result["problem"]["file"] = file;
    result["method"] = section.get_method();
    result["seed"] = settings.seed;
    result["start"] = {
      { "kind", section.starts_quasi_stationary() ? "quasi-stationary" : "minimum" },
      { "position", std::vector<double>(&scales.start[0], &scales.start[0] + dim) }
    };
    result.update(describe_simulation(problem, whole));
    result["partial"] = partial;
    if (half) {
      result["half_step"] = describe_simulation(problem, *half);
      result["step_bias"] = describe_bias(compare_steps(whole.estimate, half->estimate));
    }
    std::ostringstream resolved;
    parameters.handler.print_parameters(resolved, dealii::ParameterHandler::ShortPRM |
                                                    dealii::ParameterHandler::KeepDeclarationOrder);
    directory.write("parameters.prm", resolved.str());
    directory.write("exit_times.csv", exit_table(problem.domain, whole.exits.exits));
    directory.write("monte_carlo.json",
                    result.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    terminal << "\n" << file << "\n\n";
    print_simulation(terminal, result);
  }
  directory.publish("monte_carlo.json");
  terminal << "  results in " << directory.get_path() << "\n";
  if (!partial) return {};
  return "the simulation was stopped before its end; what it had shown was written to " +
         directory.get_path();
}

#define INSTANTIATE(dim)                                                                           \
  template std::optional<std::string> simulate<dim>(const Parameters&, const std::string&,         \
                                                    std::ostream&, bool);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
