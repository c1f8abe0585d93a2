#include "problems/diffusion/hessian_aligned.h"

#include <deal.II/base/parameter_handler.h>

namespace fokker_planck {

void HessianAlignedInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Hessian", hessian,
    "Type = hessian aligned: F in D = eta_B/2 F. frozen: the Hessian at the minimum of the valley "
    "that is left. absolute: the Hessian H(theta) with each eigenvalue h replaced by "
    "sqrt(h^2 + Floor^2). two temperature: |H_a| of the minimum up to the loss L_s = (1-s) L_a + s "
    "L_b on the way to the saddle, |H_b| of the saddle beyond.");
  two_temperature.declare(handler);
}

} // namespace fokker_planck
