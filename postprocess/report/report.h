// A solution as short tables for the terminal.
#pragma once

#include "postprocess/formulas/formulas.h"
#include "solver/analyses/solve.h"

#include <iosfwd>
#include <vector>

namespace fokker_planck {

/// Rate, exits, critical points, formulas and meshes. all_formulas: whether those that do not apply
/// are printed, too, with what speaks against them. seconds: wall time that the run has taken.
template <int dim>
void print_report(std::ostream& stream, const Solution<dim>& solution,
                  const std::vector<Formula>& formulas, bool all_formulas, double seconds);

} // namespace fokker_planck
