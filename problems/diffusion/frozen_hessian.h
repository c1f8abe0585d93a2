// Noise/Type = hessian aligned, Hessian = frozen: D = eta_B/2 H, H the Hessian of the loss at the
// minimum of the valley that is left.
#pragma once

#include "problems/diffusion/constant_diffusion.h"
#include "problems/landscape/valley.h"

namespace fokker_planck {

template <int dim>
class FrozenHessian : public ConstantDiffusion<dim> {
public:
  /// The Hessian of the valley must be positive definite: see check_positive_hessian().
  FrozenHessian(const Valley<dim>& valley, const GradientNoise& noise);

  /// description() of all such noise.
  static std::string name() { return "Noise/Hessian: got 'frozen'"; }

  std::string description() const override { return name(); }

  /// The exact potential if there is one; otherwise L/T_e, T_e = e^T D e along the way out
  /// of lowest (L_b - L_a)/T_e.
  std::vector<PotentialCandidate<dim>> potentials(const std::shared_ptr<const Loss<dim>>& loss,
                                                  const Domain<dim>& domain, double interpretation,
                                                  double injected) const override;

  /// eta_B, T_e, Hessian eigenvalues.
  Quantities quantities() const override;

  std::optional<GradientNoise> gradient_noise() const override { return noise; }
  const Valley<dim>* get_valley() const override { return &valley; }

private:
  double temperature() const;

  Valley<dim> valley;
  GradientNoise noise;
};

} // namespace fokker_planck
