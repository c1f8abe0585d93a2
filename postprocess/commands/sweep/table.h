// The tables of a finished sweep.
#pragma once

#include "postprocess/commands/sweep/law.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace fokker_planck {

/// Everything about a sweep but the files: rows in the order of the grid.
struct SweepResult {
  std::string file, title, law;
  std::vector<Variation> variations;
  std::vector<GridPoint> points;
  std::vector<std::string> status, reason; ///< per point
  Columns columns;
  std::vector<Law> laws;
  std::vector<std::vector<FittedLine>> lines; ///< per law
};

/// One row per point: the varied parameters, status, reason, the computed numbers and, of each
/// formula, log_rate(name), applicable(name) and ratio(name). Numbers that do not exist are empty.
/// It holds neither times nor anything else that differs when the sweep is repeated.
std::string sweep_table(const SweepResult& result);

/// The same with the fits, the points of every fitted line, and what was not varied.
nlohmann::ordered_json sweep_json(const SweepResult& result);

} // namespace fokker_planck
