// Noise/Type = loss proportional: D = eta_B (L + eps) H, H the Hessian of the loss at the minimum
// of the valley that is left.
//
// If H = h I the potential is Psi = (1/T + 1 - a) log(L + eps), T = eta_B h: the stationary density
// is a power of the loss, and normalisable in n dimensions for n < n_c = 2(1/T + 1 - a). Source
// of the model: Mori, Ziyin, Liu, Ueda, ICML 2022 (arXiv:2105.09557).
#pragma once

#include "problems/diffusion/diffusion.h"
#include "problems/landscape/valley.h"
#include "problems/loss/loss.h"

namespace fokker_planck {

template <int dim>
class LossProportional : public Diffusion<dim> {
public:
  /// The Hessian of the valley must be positive definite: see check_positive_hessian(). floor: eps
  /// >= 0, in units of loss. dimension n and interpretation a only decide n_c.
  LossProportional(const std::shared_ptr<const Loss<dim>>& loss, const Valley<dim>& valley,
                   const GradientNoise& noise, double floor, double dimension,
                   double interpretation);

  std::string description() const override;
  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;
  void divergences(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& divergences) const override;

  /// (1/T_e + 1 - a) log(L + eps + injected/T_e), T_e = eta_B e^T H e along the way out
  /// of lowest log((L_b + eps)/(L_a + eps))/T_e: exact if H = h I.
  std::vector<PotentialCandidate<dim>> potentials(const std::shared_ptr<const Loss<dim>>& loss,
                                                  const Domain<dim>& domain, double interpretation,
                                                  double injected) const override;
  Quantities quantities() const override;
  std::optional<GradientNoise> gradient_noise() const override { return noise; }
  const Valley<dim>* get_valley() const override { return &valley; }

  /// T_e = eta_B e^T H e along the way out of lowest log((L_b + eps)/(L_a + eps))/T_e.
  double temperature() const;

  double get_floor() const { return floor; }

  /// Whether H is a multiple of the identity.
  bool is_isotropic() const;

private:
  std::shared_ptr<const Loss<dim>> loss;
  GradientNoise noise;
  double floor;
  double dimension;      ///< n
  double interpretation; ///< a
  Valley<dim> valley;
};

} // namespace fokker_planck
