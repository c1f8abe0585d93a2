// The quantities of a model as JSON.
#pragma once

#include "problems/base/quantity.h"

#include <nlohmann/json_fwd.hpp>

namespace fokker_planck {

/// An object with a key for each quantity, in their order.
nlohmann::ordered_json to_json(const Quantities& quantities);

} // namespace fokker_planck
