// The exact rate in one dimension as a formula; see exact_integral.h.
#include "postprocess/formulas/conditions.h"
#include "postprocess/formulas/escape_formula.h"
#include "postprocess/formulas/exact_integral.h"
#include "problems/base/input_error.h"

#include <cmath>

namespace fokker_planck {

namespace {

template <int dim>
Evaluation exact(const EscapeSetting<dim>& setting) {
  if constexpr (dim == 1) {
    try {
      const ExactIntegral integral(setting.problem, setting.landscape.wells[0][0]);
      if (!std::isfinite(integral.log_rate())) return not_applicable("no end absorbs");
      return { true, conditions::text("quadrature on %g panels", double(integral.n_panels())),
               integral.log_rate() };
    } catch (const NotConverged& error) {
      return not_applicable(error.what());
    }
  } else
    return not_applicable("the integral is for one dimension");
}

} // namespace

template <int dim>
std::vector<EscapeFormula<dim>> exact_formulas() {
  return { { "exact 1-D integral",
             "C. W. Gardiner, Handbook of Stochastic Methods, 3rd ed. (2004), 5.2.7",
             "1/gamma is the largest eigenvalue of f -> int_x^b exp(Psi)/D int^y exp(-Psi) f dz dy",
             exact<dim> } };
}

template std::vector<EscapeFormula<1>> exact_formulas();
template std::vector<EscapeFormula<2>> exact_formulas();
template std::vector<EscapeFormula<3>> exact_formulas();

} // namespace fokker_planck
