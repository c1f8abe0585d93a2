// Evaluation of compiled formulas at points.
#pragma once

#include "problems/formula/tape.h"

#include <deal.II/base/point.h>

#include <vector>

namespace fokker_planck {

/// Evaluates all outputs of the tape, whose inputs are the coordinates; output k at point q is
/// result[k][q].
template <int dim>
std::vector<std::vector<double>> evaluate(const Tape& tape,
                                          const std::vector<dealii::Point<dim>>& points);

} // namespace fokker_planck
