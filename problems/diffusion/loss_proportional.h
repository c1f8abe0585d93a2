// Noise/Type = loss proportional: D = eta_B (L + eps) H, H the Hessian of the loss at the minimum
// of the valley that is left.
//
// If H = h I the potential is Psi = (1/T + 1 - a) log(L + eps), T = eta_B h: the stationary density
// is a power of the loss, and normalisable in n dimensions for n < n_c = 2(1/T + 1 - a). Source
// of the model: Mori, Ziyin, Liu, Ueda, ICML 2022 (arXiv:2105.09557).
#pragma once

#include "problems/diffusion/diffusion.h"
#include "problems/diffusion/gradient_noise.h"
#include "problems/landscape/valley.h"

namespace fokker_planck {

template <int dim>
class LossProportional : public Diffusion<dim> {
public:
  /// floor: eps >= 0, in units of loss. Throws InputError unless H is positive definite.
  LossProportional(const Problem<dim>& problem, const GradientNoise& noise, double floor);

  std::string description() const override;
  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;
  void divergences(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& divergences) const override;

  /// (1/T_e + 1 - a) log(L + eps + injected/T_e), T_e = eta_B e^T H e along the way out
  /// of lowest log((L_b + eps)/(L_a + eps))/T_e: exact if H = h I.
  std::vector<PotentialCandidate<dim>> potentials(const Problem<dim>& problem,
                                                  double injected) const override;
  nlohmann::ordered_json quantities() const override;

private:
  double temperature() const;

  std::shared_ptr<const Loss<dim>> loss;
  GradientNoise noise;
  double floor;
  double dimension;      ///< n
  double interpretation; ///< a
  Valley<dim> valley;
};

} // namespace fokker_planck
