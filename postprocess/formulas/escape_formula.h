// One formula for the escape rate.
//
// Notation of all formulas: a the minimum, b the saddle, z the exit point, H the Hessian of L, n
// the dimension, D the diffusion tensor, Psi the potential of the stationary density exp(-Psi)
// (L/D if D is constant; see gauge.h), which all formulas that hold under detailed balance are
// written in: so they are valid for noise of any kind and interpretation.
#pragma once

#include "postprocess/formulas/escape_setting.h"
#include "postprocess/formulas/formulas.h"

#include <functional>
#include <optional>

namespace fokker_planck {

/// What a formula says about a problem; see Formula.
struct Evaluation {
  bool applicable = false;
  std::string reason;
  double log_rate = std::numeric_limits<double>::quiet_NaN();
  std::optional<double> corrected_log_rate = std::nullopt;
};

/// A formula that does not apply, with its rate where there is one.
inline Evaluation not_applicable(const std::string& reason,
                                 const double log_rate = std::numeric_limits<double>::quiet_NaN(),
                                 const std::optional<double> corrected_log_rate = std::nullopt) {
  return { false, reason, log_rate, corrected_log_rate };
}

template <int dim>
struct EscapeFormula {
  std::string name, reference, expression;
  std::function<Evaluation(const EscapeSetting<dim>&)> evaluate;
};

/// The formulas of each file of this folder; escape_formulas() evaluates them all in this order.
template <int dim>
std::vector<EscapeFormula<dim>> transition_state_formulas();
template <int dim>
std::vector<EscapeFormula<dim>> path_formulas();
template <int dim>
std::vector<EscapeFormula<dim>> level_formulas();
template <int dim>
std::vector<EscapeFormula<dim>> gradient_noise_formulas();
template <int dim>
std::vector<EscapeFormula<dim>> exact_formulas();

} // namespace fokker_planck
