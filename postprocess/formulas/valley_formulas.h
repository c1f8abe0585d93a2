// Leading-order rates between all valleys, to be held against computed ones.
#pragma once

#include "problems/landscape/landscape.h"
#include "solver/potential/gauge.h"

#include <optional>
#include <vector>

namespace fokker_planck {

/// Logarithms of rates; -infinity where there is no way.
struct ValleyFormulaRates {
  std::vector<std::vector<double>>
    to_valleys;                 ///< by valley that is left and valley that is entered
  std::vector<double> to_exits; ///< by valley
};

/// The rates of Eyring and Kramers over each saddle, and those of their own formulas through the
/// boundary, in the order of Landscape::wells (see paths.h). None without detailed balance, or if a
/// valley has no minimum inside the domain.
template <int dim>
std::optional<ValleyFormulaRates> valley_formula_rates(const Problem<dim>& problem,
                                                       const Gauge<dim>& gauge,
                                                       const Landscape<dim>& landscape);

} // namespace fokker_planck
