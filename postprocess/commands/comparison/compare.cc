#include "postprocess/commands/comparison/compare.h"

#include "postprocess/commands/comparison/comparison.h"
#include "postprocess/commands/monte_carlo/monte_carlo.h"
#include "postprocess/commands/provenance.h"
#include "postprocess/commands/run.h"
#include "postprocess/plots/pictures.h"
#include "problems/base/collective.h"
#include "problems/base/one_rank.h"

#include <deal.II/base/timer.h>

#include <cmath>
#include <cstdio>
#include <iostream>

namespace fokker_planck {

namespace {

using Json = nlohmann::ordered_json;

/// What stands in compare.json.
Json describe_comparison(const Parameters& parameters, const std::string& file,
                         const Json& solution, const Json& simulation,
                         const std::vector<ComparedQuantity>& quantities) {
  const auto rate = SimulatedRate::of(simulation);
  const auto& worst = largest_deviation(quantities);
  Json json = describe_provenance(parameters, file);
  json["partial"] = simulation["partial"];
  json["method"] = simulation["method"];
  json["simulated_rate"] = { { "value", rate.value },
                             { "relative_standard_error", rate.relative_error() },
                             { "statistical", rate.statistical_error },
                             { "time_step", rate.step_error } };
  json["quantities"] = describe(quantities);
  json["formulas"] = compare_formulas(solution["formulas"], rate);
  json["agree"] = worst.agrees();
  json["largest_deviation"] = { { "quantity", worst.name },
                                { "standard_errors", worst.deviation } };
  return json;
}

std::string verdict(const ComparedQuantity& worst) {
  char buffer[200];
  std::snprintf(buffer, sizeof buffer, "%s (largest difference %.1f standard errors: %s)",
                worst.agrees() ? "agree" : "DISAGREE", std::fabs(worst.deviation),
                worst.name.c_str());
  return std::string("finite elements and Monte Carlo ") + buffer;
}

} // namespace

template <int dim>
std::optional<std::string> compare(const Parameters& parameters, const std::string& file,
                                   std::ostream& terminal, const bool is_terminal) {
  const dealii::Timer total;
  const bool first = is_first_rank(MPI_COMM_WORLD);
  const Problem<dim> problem = parameters.problem.make_problem<dim>();
  check_monte_carlo(parameters.monte_carlo, problem);
  Json solution;
  std::vector<ExitShare<dim>> shares;
  const std::string inaccuracy = on_suitable_ranks<dim>([&](const MPI_Comm communicator) {
    OutputDirectory directory(parameters.output.directory, communicator);
    if (parameters.output.fields) directory.check_shared();
    const SolvedProblem<dim> solved(parameters, communicator);
    directory.open();
    solution = write_solution(directory, parameters, file, solved, total);
    directory.publish("result.json");
    shares = exit_shares(problem, *solved.adaptive.discretization, solved.adaptive.solution);
    return solved.complaint();
  });

  const Interrupt interrupt;
  const auto run = run_monte_carlo(parameters, problem, { terminal, is_terminal, interrupt });
  OutputDirectory directory(parameters.output.directory, MPI_COMM_WORLD);
  directory.open();
  std::string complaint;
  if (first) {
    const Domain<dim>& domain = problem.domain;
    const Json simulation = write_simulation(directory, parameters, file, domain, run);
    auto quantities = compare_results(solution, simulation);
    if (simulation.value("/start/kind"_json_pointer, "") == "quasi-stationary")
      for (const auto& quantity : compare_exits(domain, shares, run.exits))
        quantities.push_back(quantity);
    const auto comparison = describe_comparison(parameters, file, solution, simulation, quantities);
    write_json(directory, "compare.json", comparison);
    if (!shares.empty())
      directory.write("exit_distributions.csv", distribution_table(domain, shares));
    const auto& worst = largest_deviation(quantities);
    if (!worst.agrees()) complaint = verdict(worst);
    terminal << "\n" << file << "\n\n";
    print_comparison(terminal, comparison);
    terminal << "\n  " << verdict(worst) << "\n";
  }
  directory.publish("compare.json");
  complaint = on_first_rank(MPI_COMM_WORLD, [&] {
    if (parameters.output.pictures) {
      draw_pictures(directory.get_path(), std::cerr);
      draw_comparison(directory.get_path(), std::cerr);
    }
    return complaint;
  });
  terminal << "  results in " << directory.get_path() << "\n";
  if (run.partial)
    return "the simulation was stopped before its end; what it had shown was written to " +
           directory.get_path();
  if (!inaccuracy.empty())
    return inaccuracy + "; the best estimate was written to " + directory.get_path();
  if (!complaint.empty()) return complaint;
  return {};
}

#define INSTANTIATE(dim)                                                                           \
  template std::optional<std::string> compare<dim>(const Parameters&, const std::string&,          \
                                                   std::ostream&, bool);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
