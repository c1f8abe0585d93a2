// Where results come from: program and parameters.
#pragma once

#include "postprocess/commands/shared/parameters.h"

#include <mpi.h>

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace fokker_planck {

/// schema, program {name, version, mpi_ranks} and problem: all parameters as they were, and file.
nlohmann::ordered_json provenance_json(const Parameters& parameters, const std::string& file,
                                       MPI_Comm communicator);

/// The parameters as a parameter file, without their documentation.
std::string short_parameters(const Parameters& parameters);

} // namespace fokker_planck
