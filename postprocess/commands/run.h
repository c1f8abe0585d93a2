// The command run: solves the problem of a parameter file and writes what the solution shows.
#pragma once

#include "postprocess/commands/shared/request.h"

namespace fokker_planck {

/// Solves, writes everything into the output directory and a report to the terminal; see
/// on_suitable_ranks() for the ranks that work. See Command::perform.
std::string run(const Request& request, const Surroundings& surroundings);

} // namespace fokker_planck
