// The lowest paths out of the valley, as a table and for result.json.
#pragma once

#include "postprocess/results/output_directory.h"
#include "problems/landscape/minimum_energy_path.h"

#include <nlohmann/json_fwd.hpp>

namespace fokker_planck {

/// Writes paths.csv: path (number from 0), target (the side, or "valley" with the number of its
/// minimum in critical_points), arc_length, coordinates, loss, potential; nothing if there are no
/// paths. Returns the entry "paths" of result.json: per path target {boundary, or valley and
/// position}, barrier {loss, potential}, highest (number in critical_points), copies, length,
/// passes {from, over, to}: numbers in critical_points, null for points that are not among them (a
/// valley with its bottom on a side, a pass along a side); at the last pass to a side its name.
template <int dim>
nlohmann::ordered_json write_paths(const OutputDirectory& directory, const Domain<dim>& domain,
                                   const Landscape<dim>& landscape,
                                   const std::vector<MinimumEnergyPath<dim>>& paths);

} // namespace fokker_planck
