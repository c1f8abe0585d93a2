#include "postprocess/commands/run.h"

#include "postprocess/commands/shared/solve_and_write.h"
#include "postprocess/plots/pictures.h"
#include "postprocess/report/report.h"
#include "problems/base/collective.h"
#include "problems/base/one_rank.h"

#include <iostream>

namespace fokker_planck {

namespace {

template <int dim>
std::string run_on(const MPI_Comm communicator, const Parameters& parameters,
                   const Request& request, const Surroundings& surroundings) {
  std::ostream& terminal = surroundings.terminal;
  std::string complaint = solve_and_write<dim>(
    parameters, request, surroundings, communicator, [&](const SolvedProblem<dim>& solved) {
      if (!is_first_rank(communicator)) return;
      terminal << "\n" << request.file << "\n\n";
      print_report(terminal, solved.solution, solved.formulas, request.all_formulas,
                   solved.seconds);
    });
  const std::string& directory = parameters.output.directory;
  on_first_rank(communicator, [&] {
    if (parameters.output.pictures) draw_pictures(directory, std::cerr);
    return std::string();
  });
  terminal << "  results in " << directory << "\n";
  return complaint;
}

} // namespace

std::string run(const Request& request, const Surroundings& surroundings) {
  return with_problem(
    request, surroundings, [&](const Parameters& parameters, const auto dimension) {
      constexpr int dim = decltype(dimension)::value;
      return on_suitable_ranks<dim>(surroundings.communicator, [&](const MPI_Comm communicator) {
        return run_on<dim>(communicator, parameters, request, surroundings);
      });
    });
}

} // namespace fokker_planck
