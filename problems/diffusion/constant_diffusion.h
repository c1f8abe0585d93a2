// Noise/Type = constant: the same diffusion tensor everywhere (Langevin dynamics at a temperature).
#pragma once

#include "problems/diffusion/diffusion.h"

#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

template <int dim>
class ConstantDiffusion : public Diffusion<dim> {
public:
  /// Reads Noise/Diffusion: a number D (meaning D times the identity) or a dim x dim matrix, rows
  /// separated by ';' and entries by ','. Throws InputError unless it is symmetric and positive
  /// definite.
  explicit ConstantDiffusion(const std::string& text);

  std::string description() const override { return "Noise/Diffusion: got '" + text + "'"; }
  bool is_constant() const override { return true; }
  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;
  void divergences(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& divergences) const override;

  /// The exact potential if there is one (see separated_loss.h); otherwise Psi = L/D_e with the
  /// harmonic mean D_e of the eigenvalues.
  std::vector<PotentialCandidate<dim>> potentials(const std::shared_ptr<const Loss<dim>>& loss,
                                                  const Domain<dim>& domain, double interpretation,
                                                  double injected) const override;
  Quantities quantities() const override;

protected:
  explicit ConstantDiffusion(const dealii::SymmetricTensor<2, dim>& diffusion);

  dealii::SymmetricTensor<2, dim> diffusion;

private:
  std::string text;
};

/// Noise/Diffusion.
struct ConstantDiffusionInput {
  std::string diffusion = {};

  /// Declares the key in the present section and binds it to this object.
  void declare(dealii::ParameterHandler& handler);
};

} // namespace fokker_planck
