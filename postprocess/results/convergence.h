// The sequence of meshes on which the rate was computed, as tables.
#pragma once

#include "solver/analyses/adaptive.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace fokker_planck {

/// convergence.csv: one row per mesh with the columns level, cells, unknowns, rate, log_rate,
/// relative_error (estimated), seconds (since the solution began). Where the mesh was too coarse to
/// carry a rate the fields of the rate are empty.
std::string convergence_table(const std::vector<RefinementLevel>& levels);

/// The same for result.json, an object per mesh; null in the place of empty fields.
nlohmann::ordered_json convergence_json(const std::vector<RefinementLevel>& levels);

} // namespace fokker_planck
