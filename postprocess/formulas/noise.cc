#include "postprocess/formulas/noise.h"

#include "problems/diffusion/loss_proportional.h"
#include "problems/diffusion/two_temperature.h"

#include <nlohmann/json.hpp>

namespace fokker_planck {

template <int dim>
std::optional<TwoTemperatureNoise> two_temperature_noise(const Problem<dim>& problem) {
  if (dynamic_cast<const TwoTemperature<dim>*>(problem.diffusion.get()) == nullptr) return {};
  const auto noise = problem.diffusion->quantities();
  return TwoTemperatureNoise{ noise.at("T_a"),
                              noise.at("T_b"),
                              noise.at("path_parameter"),
                              noise.at("transition_level"),
                              noise.at("transition_width"),
                              noise.at("eta_B") };
}

template <int dim>
std::optional<LossProportionalNoise> loss_proportional_noise(const Problem<dim>& problem) {
  if (dynamic_cast<const LossProportional<dim>*>(problem.diffusion.get()) == nullptr) return {};
  const auto noise = problem.diffusion->quantities();
  return LossProportionalNoise{ noise.at("T_e"), noise.at("floor"),
                                noise.contains("critical_dimension") };
}

#define INSTANTIATE(dim)                                                                           \
  template std::optional<TwoTemperatureNoise> two_temperature_noise(const Problem<dim>&);          \
  template std::optional<LossProportionalNoise> loss_proportional_noise(const Problem<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
