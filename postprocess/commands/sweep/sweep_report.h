// The fits of a sweep as a table for the terminal.
#pragma once

#include <iosfwd>

namespace fokker_planck {

struct SweepResult;

void print_sweep(std::ostream& stream, const SweepResult& result);

} // namespace fokker_planck
