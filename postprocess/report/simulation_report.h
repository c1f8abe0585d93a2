// A simulation as short tables for the terminal.
#pragma once

#include <iosfwd>

namespace fokker_planck {

struct SimulationResult;

void print_simulation(std::ostream& stream, const SimulationResult& result);

} // namespace fokker_planck
