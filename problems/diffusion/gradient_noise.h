// The strength of the gradient noise of minibatch SGD.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace fokker_planck {

/// Learning rate eta, batch size B and data set size m (infinite if not given).
struct GradientNoise {
  double learning_rate, batch_size;
  std::optional<double> data_set_size;

  /// eta_B = eta (1 - B/m) / B.
  double scale() const;

  /// Reads Noise/Learning rate, Batch size, Data set size. Throws InputError unless eta > 0, B > 0
  /// and m > B.
  static GradientNoise parse(const std::string& learning_rate, const std::string& batch_size,
                             const std::string& data_set_size);

  nlohmann::ordered_json quantities() const;
};

} // namespace fokker_planck
