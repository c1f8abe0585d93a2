// Where results come from: program and parameters; and how JSON is written.
#pragma once

#include "postprocess/commands/parameters.h"
#include "postprocess/results/output_directory.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace fokker_planck {

/// schema, program {name, version, mpi_ranks} and problem: all parameters as they were, and file.
nlohmann::ordered_json describe_provenance(const Parameters& parameters, const std::string& file);

/// The parameters as a parameter file, without their documentation.
std::string short_parameters(const Parameters& parameters);

/// Stages a file. Text that is no UTF-8 (of file names) is replaced.
void write_json(const OutputDirectory& directory, const std::string& file,
                const nlohmann::ordered_json& json);

} // namespace fokker_planck
