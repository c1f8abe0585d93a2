// The command compare: finite elements, formulas and simulation of one problem, with a verdict.
#pragma once

#include "postprocess/commands/parameters.h"

#include <iosfwd>
#include <optional>
#include <string>

namespace fokker_planck {

/// Writes what run and monte-carlo write, compare.json and compare.png into the output directory
/// and a table to the terminal. All ranks of MPI_COMM_WORLD call this, and all simulate; see
/// on_suitable_ranks() for those that solve. Returns a complaint if both disagree, the solution is
/// less accurate than it was to be, or the simulation was stopped. Throws InputError, NotConverged.
template <int dim>
std::optional<std::string> compare(const Parameters& parameters, const std::string& file,
                                   std::ostream& terminal, bool is_terminal);

} // namespace fokker_planck
