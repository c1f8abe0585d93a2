#include "postprocess/commands/shared/solve_and_write.h"

#include "postprocess/commands/shared/provenance.h"
#include "postprocess/results/convergence.h"
#include "postprocess/results/exit_points.h"
#include "postprocess/results/fields.h"
#include "postprocess/results/json.h"
#include "postprocess/results/paths.h"
#include "postprocess/results/result.h"
#include "problems/base/collective.h"
#include "problems/base/format.h"
#include "problems/base/text.h"

#include <deal.II/base/timer.h>
#include <deal.II/base/utilities.h>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <utility>

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

/// Writes all files of a solution into an open directory, and notes when that is done by a timer
/// that has run since the beginning. Collective.
template <int dim>
void write_solution(const OutputDirectory& directory, const Parameters& parameters, Json provenance,
                    SolvedProblem<dim>& solved, const dealii::Timer& total) {
  const auto& [problem, gauge, adaptive, landscape, exploration_seconds] = solved.solution;
  const auto& discretization = *adaptive.discretization;
  const MPI_Comm communicator = discretization.get_communicator();
  const auto paths =
    minimum_energy_paths<dim>(problem.domain, gauge, *problem.loss, landscape,
                              gauge.detailed_balance() ? problem.diffusion.get() : nullptr);

  const double before_output = total.wall_time();
  const Density<dim> density(problem, gauge, adaptive.solution.log_mass);
  write_exit_points(directory, problem, landscape, discretization, adaptive.solution);
  write_samples(directory, problem, density, landscape, discretization, adaptive.solution);
  if (parameters.output.fields)
    write_vtu(directory, problem, density, discretization, adaptive.solution);
  const Json memory = measure_memory(communicator);
  if (is_first_rank(communicator)) {
    Json result = std::move(provenance);
    result["program"]["deal.II"] = DEAL_II_PACKAGE_VERSION;
    result.update(result_json(solved.solution, solved.formulas));
    result["paths"] = write_paths(directory, problem.domain, landscape, paths);
    solved.seconds = total.wall_time();
    result["time_seconds"]["exploration"] = exploration_seconds;
    result["time_seconds"]["output"] = solved.seconds - before_output;
    result["time_seconds"]["total"] = solved.seconds;
    result["memory"] = memory;
    directory.write("parameters.prm", short_parameters(parameters));
    directory.write("convergence.csv", convergence_table(adaptive.levels));
    write_json(directory, "result.json", result);
  }
}

} // namespace

template <int dim>
std::string solve_and_write(const Parameters& parameters, const Request& request,
                            const Surroundings& surroundings, const MPI_Comm communicator,
                            const std::function<void(const SolvedProblem<dim>&)>& visit) {
  const dealii::Timer total;
  OutputDirectory directory(parameters.output.directory, communicator);
  if (parameters.output.fields) directory.check_shared();
  const auto problem = parameters.problem.make_problem<dim>();
  const Settings settings = parameters.get_settings();
  SolvedProblem<dim> solved{ solve(problem, settings, communicator), {}, 0 };
  const auto& solution = solved.solution;
  solved.formulas = escape_formulas(problem, solution.gauge, solution.landscape);
  directory.open();
  write_solution(directory, parameters,
                 provenance_json(parameters, request.file, surroundings.communicator), solved,
                 total);
  visit(solved);
  directory.publish("result.json");
  const std::string complaint = accuracy_complaint(solution, settings);
  if (complaint.empty()) return "";
  return complaint + "; the best estimate was written to " + directory.get_path();
}

template <int dim>
std::string accuracy_complaint(const Solution<dim>& solution, const Settings& settings) {
  const auto& adaptive = solution.adaptive;
  if (adaptive.converged) return "";
  return format("not converged: estimated relative error %.2g exceeds Discretization/Tolerance = ",
                adaptive.relative_error) +
         format_rounded(settings.tolerance) + " with " +
         std::to_string(adaptive.discretization->get_dof_handler().n_dofs()) +
         " unknowns (Maximum unknowns = " + std::to_string(settings.maximum_unknowns) + ")";
}

#define INSTANTIATE(dim)                                                                           \
  template std::string solve_and_write<dim>(                                                       \
    const Parameters&, const Request&, const Surroundings&, MPI_Comm,                              \
    const std::function<void(const SolvedProblem<dim>&)>&);                                        \
  template std::string accuracy_complaint(const Solution<dim>&, const Settings&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
