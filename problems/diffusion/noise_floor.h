// Noise/Floor: eps >= 0, below which neither |H| nor the loss counts.
#pragma once

#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

struct NoiseFloorInput {
  std::string floor = "0";

  /// Declares the key in the present section and binds it to this object.
  void declare(dealii::ParameterHandler& handler);

  /// Throws InputError unless it is a number >= 0.
  double read() const;
};

} // namespace fokker_planck
