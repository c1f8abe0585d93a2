// The points of a sweep: complete problems.
#pragma once

#include "postprocess/commands/sweep/variation.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace fokker_planck {

struct Parameters;

struct GridPoint {
  std::vector<std::string> values;   ///< of the varied parameters
  nlohmann::ordered_json parameters; ///< all that the result depends on, resolved

  /// Identifies the problem and the program that solves it: a hash of the parameters, the meshes
  /// that they name, and the executable.
  std::string key;
};

/// The full grid of the variations around the given parameters, of which the handler is changed.
/// Throws InputError for a parameter that does not exist or a value that it cannot take.
std::vector<GridPoint> make_points(Parameters& parameters, const std::string& file,
                                   const std::string& option,
                                   const std::vector<Variation>& variations);

} // namespace fokker_planck
