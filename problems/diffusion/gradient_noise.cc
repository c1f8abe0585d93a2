#include "problems/diffusion/gradient_noise.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/parameter_handler.h>

namespace fokker_planck {

double GradientNoise::scale() const {
  const double finite_size = data_set_size ? 1 - batch_size / *data_set_size : 1.;
  return learning_rate * finite_size / batch_size;
}

Quantities GradientNoise::quantities() const {
  Quantities list = { { "learning_rate", learning_rate }, { "batch_size", batch_size } };
  if (data_set_size) list.push_back({ "data_set_size", *data_set_size });
  list.push_back({ "eta_B", scale() });
  return list;
}

void GradientNoiseInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Learning rate", learning_rate,
    "Type = hessian aligned, loss proportional or empirical (D = eta_B/2 C, C the "
    "covariance of the gradients of the samples of a dataset loss): eta > 0 in "
    "eta_B = eta (1 - B/m)/B. Time is continuous; one step of SGD is t = eta.");
  handler.add_parameter("Batch size", batch_size, "B > 0.");
  handler.add_parameter("Data set size", data_set_size,
                        "m > B; empty: the number of samples of a dataset loss, infinite for "
                        "others. A very large number stands for batches drawn with replacement.");
}

GradientNoise GradientNoiseInput::read(const std::optional<std::size_t>& n_samples) const {
  std::string size = data_set_size;
  if (n_samples && trim(size).empty()) size = std::to_string(*n_samples);
  const auto positive = [](const std::string& key, const std::string& text) {
    if (trim(text).empty()) throw InputError(key, text, "a number > 0 is needed");
    const double number = parse_number(key, text);
    if (!(number > 0)) throw InputError(key, text, "a number > 0 is needed");
    return number;
  };
  GradientNoise noise{ positive("Noise/Learning rate", learning_rate),
                       positive("Noise/Batch size", batch_size),
                       {} };
  if (!trim(size).empty()) {
    if (trim(size) == "inf")
      throw InputError("Noise/Data set size", size,
                       "a finite number is needed, or nothing for an infinite data set");
    noise.data_set_size = positive("Noise/Data set size", size);
    if (!(*noise.data_set_size > noise.batch_size))
      throw InputError("Noise/Batch size", batch_size,
                       "it must be smaller than Noise/Data set size = " + trim(size) +
                         " (with the full data set there is no noise)");
  }
  return noise;
}

} // namespace fokker_planck
