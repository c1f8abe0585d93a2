// The command sweep: many problems, one table, and the laws that they follow.
//
// Every point of the grid is solved by itself and kept in DIR/points. What is known from before is
// not solved again, so that a sweep can be interrupted at any time and run again; tables and fits
// are made from the kept records alone and are the same however often that happened.
#pragma once

#include "postprocess/commands/shared/request.h"

namespace fokker_planck {

/// Solves the points in worker processes, or, if launched by mpirun, each on all ranks together.
/// Writes points/, sweep.csv, sweep.json and pictures. Complains if points have failed or are less
/// accurate than they were to be. See Command::perform.
std::string sweep(const Request& request, const Surroundings& surroundings);

} // namespace fokker_planck
