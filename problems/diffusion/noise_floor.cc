#include "problems/diffusion/noise_floor.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/parameter_handler.h>

namespace fokker_planck {

void NoiseFloorInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Floor", floor,
                        "eps >= 0. Hessian = absolute: in units of the Hessian. Type = loss "
                        "proportional: in units of loss, D = eta_B (L + eps) H, H the Hessian at "
                        "the minimum.");
}

double NoiseFloorInput::read() const {
  const double number = parse_number("Noise/Floor", floor);
  if (!(number >= 0)) throw InputError("Noise/Floor", floor, "a number >= 0 is needed");
  return number;
}

} // namespace fokker_planck
