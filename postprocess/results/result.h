// The result of a run as JSON.
#pragma once

#include "postprocess/formulas/formulas.h"
#include "solver/analyses/solve.h"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace fokker_planck {

/// Everything result.json says about the solution (schema 1); the keys problem, program and
/// time_seconds/total are added by the caller. Numbers below the range of a double become 0 and
/// have their logarithm beside them; numbers that do not exist are null.
///
/// escape_rate: relative_error is the estimate, converged says whether it is below the tolerance
/// (always, where none is asked for). convergence: see convergence_json();
/// discretization/levels is the number of its meshes. discretization/cutoff: the level of Psi above
/// which the domain is cut off by a reflecting wall, and its height above_exit, the level of the
/// exit.
template <int dim>
nlohmann::ordered_json result_json(const Solution<dim>& solution,
                                   const std::vector<Formula>& formulas);

} // namespace fokker_planck
