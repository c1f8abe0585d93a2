// Noise/Type = hessian aligned, Hessian = absolute: D = eta_B/2 F, F = (H^2 + eps^2)^(1/2).
//
// F has the eigenvectors of the Hessian H(theta) of the loss and the eigenvalues f = (h^2 +
// eps^2)^(1/2). With V the matrix of eigenvectors its derivative is (Daleckii, Krein 1965)
//   dF = V [G o (V^T dH V)] V^T,   G_ij = (f_i - f_j)/(h_i - h_j) = (h_i + h_j)/(f_i + f_j)
// (entrywise product o), where the last form also holds where eigenvalues cross.
#pragma once

#include "problems/diffusion/diffusion.h"
#include "problems/landscape/valley.h"
#include "problems/loss/loss.h"

namespace fokker_planck {

template <int dim>
class AbsoluteHessian : public Diffusion<dim> {
public:
  /// floor: eps >= 0, in units of the Hessian.
  AbsoluteHessian(const std::shared_ptr<const Loss<dim>>& loss, const Valley<dim>& valley,
                  const GradientNoise& noise, double floor);

  std::string description() const override;
  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;
  void divergences(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& divergences) const override;

  /// L/T_e, 1/T_e the mean of 1/(e^T D e) at the minimum and at the exit of lowest (L_b - L_a)/T_e.
  std::vector<PotentialCandidate<dim>> potentials(const std::shared_ptr<const Loss<dim>>& loss,
                                                  const Domain<dim>& domain, double interpretation,
                                                  double injected) const override;
  Quantities quantities() const override;
  std::optional<GradientNoise> gradient_noise() const override { return noise; }
  const Valley<dim>* get_valley() const override { return &valley; }

private:
  /// F for a Hessian.
  dealii::SymmetricTensor<2, dim> absolute(const dealii::SymmetricTensor<2, dim>& hessian) const;

  using Exit = typename Valley<dim>::Exit;

  /// e^T D e for a Hessian.
  double temperature(const Exit* exit, const dealii::SymmetricTensor<2, dim>& hessian) const;

  /// 1/T_e plus injected noise; exit may be null.
  double inverse_temperature(const Exit* exit, double injected) const;
  const Exit* cheapest_exit(double injected) const;

  std::shared_ptr<const Loss<dim>> loss;
  GradientNoise noise;
  double floor;
  Valley<dim> valley;
};

} // namespace fokker_planck
