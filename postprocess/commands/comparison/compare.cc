#include "postprocess/commands/comparison/compare.h"

#include "postprocess/commands/comparison/comparison.h"
#include "postprocess/commands/monte_carlo/monte_carlo.h"
#include "postprocess/commands/shared/provenance.h"
#include "postprocess/commands/shared/solve_and_write.h"
#include "postprocess/plots/pictures.h"
#include "postprocess/results/json.h"
#include "problems/base/format.h"
#include "problems/base/one_rank.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <iostream>

namespace fokker_planck {

namespace {

/// What the solution contributes, on the first rank.
template <int dim>
struct Computed {
  ComputedEscape escape;
  std::vector<Formula> formulas;
  std::vector<ExitShare<dim>> shares;
};

template <int dim>
Computed<dim> what_is_compared(const SolvedProblem<dim>& solved) {
  const auto& adaptive = solved.solution.adaptive;
  const auto& solution = adaptive.solution;
  return { { solution.log_rate, adaptive.relative_error, solution.exit_probability },
           solved.formulas,
           exit_shares(solved.solution.problem, *adaptive.discretization, solution) };
}

template <int dim>
Comparison compare_all(const Domain<dim>& domain, const Computed<dim>& computed,
                       const MonteCarloRun<dim>& run) {
  const SimulationResult& simulation = run.result;
  const SimulatedRate rate(simulation);
  Comparison comparison{ simulation.partial(), simulation.method, rate,
                         compare_results(computed.escape, simulation),
                         compare_formulas(computed.formulas, rate) };
  if (simulation.starts_quasi_stationary)
    for (const auto& quantity : compare_exits(domain, computed.shares, run.exits))
      comparison.quantities.push_back(quantity);
  return comparison;
}

std::string verdict(const ComparedQuantity& worst) {
  return format("finite elements and Monte Carlo %s (largest difference %.1f standard errors: %s)",
                worst.agrees() ? "agree" : "DISAGREE", std::fabs(worst.deviation),
                worst.name.c_str());
}

/// Writes everything but what the solution shows; returns the verdict if it is a bad one. On the
/// first rank.
template <int dim>
std::string write_comparison(const OutputDirectory& directory, const Parameters& parameters,
                             const Domain<dim>& domain, const Computed<dim>& computed,
                             const MonteCarloRun<dim>& run, const Request& request,
                             const Surroundings& surroundings) {
  write_simulation(directory, parameters, request.file, domain, run, surroundings.communicator);
  const Comparison comparison = compare_all(domain, computed, run);
  auto json = provenance_json(parameters, request.file, surroundings.communicator);
  json.update(comparison_json(comparison));
  write_json(directory, "compare.json", json);
  if (!computed.shares.empty())
    directory.write("exit_distributions.csv", distribution_table(domain, computed.shares));
  const auto& worst = largest_deviation(comparison.quantities);
  surroundings.terminal << "\n" << request.file << "\n\n";
  print_comparison(surroundings.terminal, comparison);
  surroundings.terminal << "\n  " << verdict(worst) << "\n";
  return worst.agrees() ? "" : verdict(worst);
}

template <int dim>
std::string compare_problem(const Parameters& parameters, const Request& request,
                            const Surroundings& surroundings) {
  const MPI_Comm all = surroundings.communicator;
  const Problem<dim> problem = parameters.problem.make_problem<dim>();
  check_monte_carlo(parameters.monte_carlo, problem);
  Computed<dim> computed;
  const std::string inaccuracy = on_suitable_ranks<dim>(all, [&](const MPI_Comm communicator) {
    return solve_and_write<dim>(
      parameters, request, surroundings, communicator,
      [&](const SolvedProblem<dim>& solved) { computed = what_is_compared(solved); });
  });

  std::ostream& terminal = surroundings.terminal;
  const Interrupt interrupt;
  const auto run = run_monte_carlo(parameters.monte_carlo, problem,
                                   { terminal, surroundings.is_terminal, interrupt, all });
  OutputDirectory directory(parameters.output.directory, all);
  directory.open();
  std::string complaint;
  if (surroundings.is_first_rank)
    complaint =
      write_comparison(directory, parameters, problem.domain, computed, run, request, surroundings);
  directory.publish("compare.json");
  complaint = on_first_rank(all, [&] {
    if (parameters.output.pictures) {
      draw_pictures(directory.get_path(), std::cerr);
      draw_comparison(directory.get_path(), std::cerr);
    }
    return complaint;
  });
  terminal << "  results in " << directory.get_path() << "\n";
  if (run.result.partial()) return stopped_complaint(run.result, directory.get_path());
  return inaccuracy.empty() ? complaint : inaccuracy;
}

} // namespace

std::string compare(const Request& request, const Surroundings& surroundings) {
  return with_problem(request, surroundings, [&](const Parameters& parameters, const auto dim) {
    return compare_problem<dim>(parameters, request, surroundings);
  });
}

} // namespace fokker_planck
