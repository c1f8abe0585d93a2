// Reading parameter files (.prm or .json) and --set options into a ParameterHandler.
//
// Every error is one line that names the place, section/key, the value and what is allowed. Unknown
// keys and sections are errors.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

/// Reads a file: deal.II's .prm format (subsection ... end, set key = value, # comment, a trailing
/// backslash continues a line), or JSON if its name ends in .json ({"Dimension": 2, "Loss":
/// {"Expression": "..."}}). Throws InputError.
void read_parameter_file(dealii::ParameterHandler& handler, const std::string& file);

/// Applies "Section/Key=value" or "Key=value", which place says where it was found. Throws
/// InputError.
void set_parameter(dealii::ParameterHandler& handler, const std::string& assignment,
                   const std::string& place = "--set ");

/// Sets all parameters of an object such as resolved_parameters() returns. Throws InputError.
void set_parameters(dealii::ParameterHandler& handler, const nlohmann::ordered_json& values);

/// All parameters with their present values, as {"Key": "value", "Section": {"Key": "value"}}.
nlohmann::ordered_json resolved_parameters(const dealii::ParameterHandler& handler);

} // namespace fokker_planck
