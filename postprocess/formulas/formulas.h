// Escape formulas, applied to a problem: see formulas/ for each of them and its conditions.
#pragma once

#include "problems/landscape/landscape.h"
#include "solver/potential/gauge.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace fokker_planck {

/// A formula and what it says about a problem.
struct Formula {
  std::string name;
  std::string reference;  ///< where it comes from
  std::string expression; ///< the formula as text

  bool applicable = false;
  std::string reason; ///< why it applies or does not

  /// Natural logarithm of the rate; NaN if it cannot be evaluated. Given also where a condition
  /// fails.
  double log_rate = std::numeric_limits<double>::quiet_NaN();

  /// With the next order in the noise, where that is known.
  std::optional<double> corrected_log_rate = std::nullopt;
};

/// All formulas by name, with their conditions checked. Shares no code with the assembly.
template <int dim>
std::vector<Formula> escape_formulas(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                     const Landscape<dim>& landscape);

} // namespace fokker_planck
