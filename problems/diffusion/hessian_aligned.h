// Noise/Type = hessian aligned: which Hessian.
#pragma once

#include "problems/diffusion/two_temperature.h"

#include <string>

namespace fokker_planck {

struct HessianAlignedInput {
  std::string hessian = "frozen";
  TwoTemperatureInput two_temperature = {};

  /// Declares the keys in the present section and binds them to this object.
  void declare(dealii::ParameterHandler& handler);
};

} // namespace fokker_planck
