// The noise models that formulas of stochastic gradient descent refer to.
#pragma once

#include "problems/problem.h"

#include <optional>

namespace fokker_planck {

/// Noise/Hessian = two temperature; see two_temperature.h.
struct TwoTemperatureNoise {
  double at_minimum, at_saddle; ///< T_a, T_b: eta_B/2 |H| along the way out
  double path_parameter;        ///< s
  double level, width;          ///< L_s, w
  double scale;                 ///< eta_B
};

/// Noise/Type = loss proportional; see loss_proportional.h.
struct LossProportionalNoise {
  double temperature; ///< T = eta_B h along the way out
  double floor;       ///< eps
  bool is_isotropic;  ///< whether H(minimum) is a multiple of the identity
};

/// None for any other noise, also with injected noise on top.
template <int dim>
std::optional<TwoTemperatureNoise> two_temperature_noise(const Problem<dim>& problem);
template <int dim>
std::optional<LossProportionalNoise> loss_proportional_noise(const Problem<dim>& problem);

} // namespace fokker_planck
