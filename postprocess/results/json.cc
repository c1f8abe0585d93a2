#include "postprocess/results/json.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

Json number_or_null(const double number) {
  return std::isfinite(number) ? Json(number) : Json(nullptr);
}

Json numbers_or_null(const std::vector<double>& numbers) {
  Json json = Json::array();
  for (const double number : numbers)
    json.push_back(number_or_null(number));
  return json;
}

void write_json(const OutputDirectory& directory, const std::string& file, const Json& json) {
  directory.write(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

} // namespace fokker_planck
