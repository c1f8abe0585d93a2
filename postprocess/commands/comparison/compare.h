// The command compare: finite elements, formulas and simulation of one problem, with a verdict.
#pragma once

#include "postprocess/commands/shared/request.h"

namespace fokker_planck {

/// Writes what run and monte-carlo write, compare.json and compare.png into the output directory
/// and a table to the terminal. All ranks simulate; see on_suitable_ranks() for those that solve.
/// Complains if both disagree, the solution is less accurate than it was to be, or the simulation
/// was stopped. See Command::perform.
std::string compare(const Request& request, const Surroundings& surroundings);

} // namespace fokker_planck
