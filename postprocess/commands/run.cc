#include "postprocess/commands/run.h"

#include "postprocess/commands/provenance.h"
#include "postprocess/plots/pictures.h"
#include "postprocess/results/convergence.h"
#include "postprocess/results/exit_points.h"
#include "postprocess/results/fields.h"
#include "postprocess/results/paths.h"
#include "postprocess/results/result.h"
#include "problems/base/collective.h"
#include "problems/base/one_rank.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>
#include <deal.II/base/utilities.h>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <iostream>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

/// The largest resident size that processes have had so far. Collective.
Json measure_memory(const MPI_Comm communicator) {
  dealii::Utilities::System::MemoryStats statistics;
  dealii::Utilities::System::get_memory_stats(statistics);
  const auto peak = 1024 * static_cast<std::uint64_t>(statistics.VmHWM);
  return { { "peak_bytes", dealii::Utilities::MPI::sum(peak, communicator) },
           { "peak_bytes_of_largest_rank", dealii::Utilities::MPI::max(peak, communicator) } };
}

} // namespace

template <int dim>
Json write_solution(const OutputDirectory& directory, const Parameters& parameters,
                    const std::string& file, const SolvedProblem<dim>& solved,
                    const dealii::Timer& total) {
  const Problem<dim>& problem = solved.problem;
  const Landscape<dim>& landscape = solved.landscape;
  const auto& discretization = *solved.adaptive.discretization;
  const auto& solution = solved.adaptive.solution;
  const auto paths =
    minimum_energy_paths<dim>(problem.domain, solved.gauge, *problem.loss, landscape,
                              solved.gauge.detailed_balance() ? problem.diffusion.get() : nullptr);

  const double before_output = total.wall_time();
  const Density<dim> density(problem, solved.gauge, solution.log_mass);
  write_exit_points(directory, problem, landscape, discretization, solution);
  write_samples(directory, problem, density, landscape, discretization, solution);
  if (parameters.output.fields) write_vtu(directory, problem, density, discretization, solution);
  const Json memory = measure_memory(discretization.get_communicator());
  if (!is_first_rank(discretization.get_communicator())) return {};

  Json result = describe_provenance(parameters, file);
  result["program"]["deal.II"] = DEAL_II_PACKAGE_VERSION;
  result.update(make_result(problem, solved.gauge, landscape, solved.adaptive, solved.formulas));
  result["paths"] = write_paths(directory, problem.domain, landscape, paths);
  result["time_seconds"]["exploration"] = solved.exploration_seconds;
  result["time_seconds"]["output"] = total.wall_time() - before_output;
  result["time_seconds"]["total"] = total.wall_time();
  result["memory"] = memory;
  directory.write("parameters.prm", short_parameters(parameters));
  directory.write("convergence.csv", convergence_table(solved.adaptive.levels));
  write_json(directory, "result.json", result);
  return result;
}

namespace {

template <int dim>
std::string run_on(const MPI_Comm communicator, const Parameters& parameters,
                   const std::string& file, std::ostream& terminal) {
  const dealii::Timer total;
  OutputDirectory directory(parameters.output.directory, communicator);
  if (parameters.output.fields) directory.check_shared();
  const SolvedProblem<dim> solved(parameters, communicator);
  directory.open();
  const Json result = write_solution(directory, parameters, file, solved, total);
  if (is_first_rank(communicator)) {
    terminal << "\n" << file << "\n\n";
    print_report(terminal, result);
  }
  directory.publish("result.json");
  on_first_rank(communicator, [&] {
    if (parameters.output.pictures) draw_pictures(directory.get_path(), std::cerr);
    return std::string();
  });
  terminal << "  results in " << directory.get_path() << "\n";
  const std::string complaint = solved.complaint();
  if (complaint.empty()) return "";
  return complaint + "; the best estimate was written to " + directory.get_path();
}

} // namespace

template <int dim>
std::optional<std::string> run(const Parameters& parameters, const std::string& file,
                               std::ostream& terminal) {
  const std::string complaint = on_suitable_ranks<dim>([&](const MPI_Comm communicator) {
    return run_on<dim>(communicator, parameters, file, terminal);
  });
  if (complaint.empty()) return {};
  return complaint;
}

#define INSTANTIATE(dim)                                                                           \
  template Json write_solution(const OutputDirectory&, const Parameters&, const std::string&,      \
                               const SolvedProblem<dim>&, const dealii::Timer&);                   \
  template std::optional<std::string> run<dim>(const Parameters&, const std::string&,              \
                                               std::ostream&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
