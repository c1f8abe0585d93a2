// Noise/Injected diffusion: isotropic noise on top of another model, D + delta I.
#pragma once

#include "problems/diffusion/diffusion.h"

namespace fokker_planck {

template <int dim>
class InjectedDiffusion : public Diffusion<dim> {
public:
  /// injected: delta > 0, in units of loss.
  InjectedDiffusion(std::shared_ptr<const Diffusion<dim>> model, double injected);

  std::string description() const override;
  bool is_constant() const override { return model->is_constant(); }
  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;
  void divergences(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& divergences) const override;
  std::vector<PotentialCandidate<dim>> potentials(const Problem<dim>& problem,
                                                  double injected) const override;
  nlohmann::ordered_json quantities() const override;

private:
  std::shared_ptr<const Diffusion<dim>> model;
  double own;
};

} // namespace fokker_planck
