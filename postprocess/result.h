// The result of a run as JSON, and as a table for the terminal.
#pragma once

#include "postprocess/formulas.h"
#include "solver/quasi_stationary.h"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <string>

namespace fokker_planck {

/// Everything result.json says about the solution (schema 1); the keys problem, program and
/// time_seconds/total are added by the caller. Numbers below the range of a double become 0 and
/// have their logarithm beside them; numbers that do not exist are null.
template <int dim>
nlohmann::ordered_json make_result(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                   const Landscape<dim>& landscape,
                                   const Discretization<dim>& discretization,
                                   const QuasiStationary<dim>& solution,
                                   const std::vector<Formula>& formulas);

/// Prints a short table.
void print_report(std::ostream& stream, const nlohmann::ordered_json& result);

} // namespace fokker_planck
