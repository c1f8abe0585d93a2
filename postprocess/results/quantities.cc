#include "postprocess/results/quantities.h"

#include <nlohmann/json.hpp>

namespace fokker_planck {

nlohmann::ordered_json to_json(const Quantities& quantities) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : quantities)
    std::visit([&json, &key = name](const auto& content) { json[key] = content; }, value);
  return json;
}

} // namespace fokker_planck
