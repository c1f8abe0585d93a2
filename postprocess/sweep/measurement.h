// Solving one point of a sweep.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace fokker_planck {

/// Solves the problem given by resolved parameters, on all ranks of MPI_COMM_WORLD together, and
/// writes nothing. Never throws for what is wrong with the problem. The record holds
///   status: done; inaccurate (the tolerance was not reached; the rest is there nevertheless);
///           failed (no result),
///   reason: why it is not done, on one line,
///   result: what make_result() says, without timings; quantities: those of exit_quantities().
nlohmann::ordered_json measure(const nlohmann::ordered_json& parameters);

} // namespace fokker_planck
