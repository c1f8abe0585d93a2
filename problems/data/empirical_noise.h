// Noise/Type = empirical: the covariance of the gradients of the samples of a data set.
//
//   D = eta_B/2 (E[g g^T] - E[g] E[g]^T),   eta_B = eta (1 - B/m)/B,
// g the gradient of the loss of one sample, <.> the mean over all m: (eta/2) times the covariance
// of the gradient of a minibatch of B samples. (Drawn without replacement it is m/(m - 1) times as
// large.) D vanishes where all samples have the same gradient, such as at a saddle at which each is
// at a stationary point: nothing can cross there without injected noise.
#pragma once

#include "problems/data/dataset_loss.h"
#include "problems/diffusion/diffusion.h"
#include "problems/landscape/valley.h"

namespace fokker_planck {

template <int dim>
class EmpiricalNoise : public Diffusion<dim> {
public:
  EmpiricalNoise(const std::shared_ptr<const DatasetLoss<dim>>& loss, const Valley<dim>& valley,
                 const GradientNoise& noise);

  std::string description() const override { return "Noise/Type: got 'empirical'"; }
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
  using Exit = typename Valley<dim>::Exit;

  dealii::SymmetricTensor<2, dim> tensor(const dealii::Point<dim>& point) const;

  /// 1/T_e plus injected noise; exit may be null.
  double inverse_temperature(const Exit* exit, double injected) const;
  const Exit* cheapest_exit(double injected) const;

  std::shared_ptr<const DatasetLoss<dim>> loss;
  GradientNoise noise;
  Valley<dim> valley;
};

} // namespace fokker_planck
