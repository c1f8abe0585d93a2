// How results become JSON.
#pragma once

#include "postprocess/results/output_directory.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace fokker_planck {

/// A number; null in the place of those that JSON does not know (infinity and NaN).
nlohmann::ordered_json number_or_null(double number);

/// The same for each entry of a list.
nlohmann::ordered_json numbers_or_null(const std::vector<double>& numbers);

/// Stages a file. Text that is no UTF-8 (of file names) is replaced.
void write_json(const OutputDirectory& directory, const std::string& file,
                const nlohmann::ordered_json& json);

} // namespace fokker_planck
