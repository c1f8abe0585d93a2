// The command run: solves the problem of a parameter file and writes what the solution shows.
#pragma once

#include "postprocess/commands/solved_problem.h"
#include "postprocess/results/output_directory.h"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <optional>
#include <string>

namespace dealii {
class Timer;
}

namespace fokker_planck {

/// Writes all files of a solution into an open directory. total: running since the beginning.
/// Returns what stands in result.json, on the first rank. Collective.
template <int dim>
nlohmann::ordered_json write_solution(const OutputDirectory& directory,
                                      const Parameters& parameters, const std::string& file,
                                      const SolvedProblem<dim>& solved, const dealii::Timer& total);

/// Solves, writes everything into the output directory and a report to the terminal. All ranks of
/// MPI_COMM_WORLD call this; see on_suitable_ranks() for those that work. Returns a complaint if
/// the result is not as accurate as it was to be, otherwise nothing. Throws InputError,
/// NotConverged.
template <int dim>
std::optional<std::string> run(const Parameters& parameters, const std::string& file,
                               std::ostream& terminal);

} // namespace fokker_planck
