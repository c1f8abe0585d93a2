// Noise/Type = hessian aligned, Hessian = frozen: D = eta_B/2 H, H the Hessian of the loss at the
// minimum of the valley that is left.
#pragma once

#include "problems/diffusion/constant_diffusion.h"
#include "problems/diffusion/gradient_noise.h"
#include "problems/landscape/valley.h"

namespace fokker_planck {

template <int dim>
class FrozenHessian : public ConstantDiffusion<dim> {
public:
  /// Throws InputError unless the Hessian at the minimum is positive definite.
  FrozenHessian(const Problem<dim>& problem, const GradientNoise& noise);

  std::string description() const override { return "Noise/Hessian: got 'frozen'"; }

  /// The exact potential if there is one; otherwise L/T_e, T_e = e^T D e along the way out
  /// of lowest (L_b - L_a)/T_e.
  std::vector<PotentialCandidate<dim>> potentials(const Problem<dim>& problem,
                                                  double injected) const override;

  /// eta_B, T_e, Hessian eigenvalues.
  nlohmann::ordered_json quantities() const override;

private:
  FrozenHessian(const Problem<dim>& problem, const Valley<dim>& valley, const GradientNoise& noise);

  double temperature() const;

  Valley<dim> valley;
  GradientNoise noise;
};

} // namespace fokker_planck
