#include "problems/diffusion/gradient_noise.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <nlohmann/json.hpp>

namespace fokker_planck {

double GradientNoise::scale() const {
  const double finite_size = data_set_size ? 1 - batch_size / *data_set_size : 1.;
  return learning_rate * finite_size / batch_size;
}

GradientNoise GradientNoise::parse(const std::string& learning_rate, const std::string& batch_size,
                                   const std::string& data_set_size) {
  const auto positive = [](const std::string& key, const std::string& text) {
    if (trim(text).empty()) throw InputError(key, text, "a number > 0 is needed");
    const double number = parse_number(key, text);
    if (!(number > 0)) throw InputError(key, text, "a number > 0 is needed");
    return number;
  };
  GradientNoise noise{ positive("Noise/Learning rate", learning_rate),
                       positive("Noise/Batch size", batch_size),
                       {} };
  if (!trim(data_set_size).empty()) {
    if (trim(data_set_size) == "inf")
      throw InputError("Noise/Data set size", data_set_size,
                       "a finite number is needed, or nothing for an infinite data set");
    noise.data_set_size = positive("Noise/Data set size", data_set_size);
    if (!(*noise.data_set_size > noise.batch_size))
      throw InputError("Noise/Batch size", batch_size,
                       "it must be smaller than Noise/Data set size = " + trim(data_set_size) +
                         " (with the full data set there is no noise)");
  }
  return noise;
}

nlohmann::ordered_json GradientNoise::quantities() const {
  nlohmann::ordered_json json = { { "learning_rate", learning_rate },
                                  { "batch_size", batch_size } };
  if (data_set_size) json["data_set_size"] = *data_set_size;
  json["eta_B"] = scale();
  return json;
}

} // namespace fokker_planck
