// The rates between valleys as JSON.
#pragma once

#include "solver/analyses/solve.h"

#include <nlohmann/json_fwd.hpp>

namespace fokker_planck {

/// The key valleys of result.json (rates per unit of time, natural logarithms, null where there is
/// no positive rate):
///   minima            position of each valley, the one that is left first
///   log_rates         to_valleys: matrix from row to column; to_exits: by valley, to all absorbing
///                     sides together; to_sides: the same for each side by name; leaving: by
///                     valley, what its other rates add up to, computed across its own dividing
///                     surface
///   relative_errors   estimates for to_valleys and to_exits, null for pairs that no saddle
///   connects, and
///                     the largest of them. They are below the tolerance if Compute names valley
///                     rates
///   formula_log_rates to_valleys and to_exits by the formulas of Eyring and Kramers; null where
///                     these do not apply
///   occupation        shares in the stationary distribution without the exits; null if a valley
///                     cannot be reached from the others
///   eigenvalues       of the chain of valleys, one for each, ascending: value, log of the modulus,
///                     relative_error, and argument if it is complex. The first is the escape rate.
template <int dim>
nlohmann::ordered_json valleys_json(const Solution<dim>& solution);

} // namespace fokker_planck
