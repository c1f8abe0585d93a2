// Noise/Injected diffusion: isotropic noise on top of another model, D + delta I.
#pragma once

#include "problems/diffusion/diffusion.h"

namespace dealii {
class ParameterHandler;
}

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
  std::vector<PotentialCandidate<dim>> potentials(const std::shared_ptr<const Loss<dim>>& loss,
                                                  const Domain<dim>& domain, double interpretation,
                                                  double injected) const override;
  Quantities quantities() const override;
  std::optional<GradientNoise> gradient_noise() const override { return model->gradient_noise(); }
  double injected_diffusion() const override { return own + model->injected_diffusion(); }
  const Valley<dim>* get_valley() const override { return model->get_valley(); }

private:
  std::shared_ptr<const Diffusion<dim>> model;
  double own;
};

/// Noise/Injected diffusion.
struct InjectedDiffusionInput {
  std::string injected = "0";

  /// Declares the key in the present section and binds it to this object.
  void declare(dealii::ParameterHandler& handler);

  /// delta. Throws InputError unless it is a number >= 0.
  double read() const;
};

} // namespace fokker_planck
