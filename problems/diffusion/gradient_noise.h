// The strength of the gradient noise of minibatch SGD.
#pragma once

#include "problems/base/quantity.h"

#include <cstddef>
#include <optional>
#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

/// Learning rate eta, batch size B and data set size m (infinite if not given).
struct GradientNoise {
  double learning_rate, batch_size;
  std::optional<double> data_set_size;

  /// eta_B = eta (1 - B/m) / B.
  double scale() const;

  Quantities quantities() const;
};

/// Noise/Learning rate, Batch size and Data set size.
struct GradientNoiseInput {
  std::string learning_rate = {}, batch_size = "1", data_set_size = {};

  /// Declares the keys in the present section and binds them to this object.
  void declare(dealii::ParameterHandler& handler);

  /// n_samples: of the loss, if it is one of a data set; the data set size where none is given.
  /// Throws InputError unless eta > 0, B > 0 and m > B.
  GradientNoise read(const std::optional<std::size_t>& n_samples) const;
};

} // namespace fokker_planck
