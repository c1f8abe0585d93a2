#include "postprocess/formulas/noise.h"

#include "problems/diffusion/loss_proportional.h"
#include "problems/diffusion/two_temperature.h"

namespace fokker_planck {

template <int dim>
std::optional<TwoTemperatureNoise> two_temperature_noise(const Problem<dim>& problem) {
  const auto* const noise = dynamic_cast<const TwoTemperature<dim>*>(problem.diffusion.get());
  if (noise == nullptr) return {};
  return TwoTemperatureNoise{ noise->temperature_at_minimum(), noise->temperature_at_saddle(),
                              noise->get_path_parameter(),     noise->transition_level(),
                              noise->transition_width(),       noise->gradient_noise()->scale() };
}

template <int dim>
std::optional<LossProportionalNoise> loss_proportional_noise(const Problem<dim>& problem) {
  const auto* const noise = dynamic_cast<const LossProportional<dim>*>(problem.diffusion.get());
  if (noise == nullptr) return {};
  return LossProportionalNoise{ noise->temperature(), noise->get_floor(), noise->is_isotropic() };
}

#define INSTANTIATE(dim)                                                                           \
  template std::optional<TwoTemperatureNoise> two_temperature_noise(const Problem<dim>&);          \
  template std::optional<LossProportionalNoise> loss_proportional_noise(const Problem<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
