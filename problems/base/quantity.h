// Named numbers that describe a model, for a reader of the result.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace fokker_planck {

struct Quantity {
  /// A number, a yes or no, a text, a list, or a matrix by its rows.
  using Value =
    std::variant<double, bool, std::string, std::vector<double>, std::vector<std::vector<double>>>;

  std::string name; ///< as in result.json
  Value value;
};

using Quantities = std::vector<Quantity>; ///< in the order in which they are shown

} // namespace fokker_planck
