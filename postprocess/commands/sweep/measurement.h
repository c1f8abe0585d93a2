// Solving one point of a sweep.
#pragma once

#include <mpi.h>

#include <nlohmann/json_fwd.hpp>

namespace fokker_planck {

/// Solves the problem given by resolved parameters and writes nothing. All ranks of
/// the communicator call this; see on_suitable_ranks() for those that solve. Never throws for what
/// is wrong with the problem; an error that only some ranks meet ends the program. The record holds
///   status: done; inaccurate (the tolerance was not reached; the rest is there nevertheless);
///           failed (no result),
///   reason: why it is not done, on one line,
///   result: what result_json() says, without timings; quantities: those of exit_quantities(); on
///           the first rank.
nlohmann::ordered_json measure(const nlohmann::ordered_json& parameters, MPI_Comm communicator);

} // namespace fokker_planck
