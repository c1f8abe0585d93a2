#include "postprocess/results/convergence.h"

#include "postprocess/results/json.h"
#include "problems/base/text.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

Json convergence_json(const std::vector<RefinementLevel>& levels) {
  Json rows = Json::array();
  for (const RefinementLevel& level : levels)
    rows.push_back({ { "level", rows.size() },
                     { "cells", level.n_cells },
                     { "unknowns", level.n_unknowns },
                     { "rate", number_or_null(std::exp(level.log_rate)) },
                     { "log_rate", number_or_null(level.log_rate) },
                     { "relative_error", number_or_null(level.relative_error) },
                     { "seconds", level.seconds } });
  return rows;
}

std::string convergence_table(const std::vector<RefinementLevel>& levels) {
  std::string text = "level,cells,unknowns,rate,log_rate,relative_error,seconds\n";
  for (const Json& row : convergence_json(levels)) {
    std::string line;
    for (const auto& [name, value] : row.items())
      line += (line.empty() ? "" : ",") + (value.is_number_float() ? format_number(value)
                                           : value.is_null()       ? ""
                                                                   : value.dump());
    text += line + "\n";
  }
  return text;
}

} // namespace fokker_planck
