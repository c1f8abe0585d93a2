// Noise/Type = constant: the same diffusion tensor everywhere (Langevin dynamics at a temperature).
#pragma once

#include "problems/diffusion/diffusion.h"

#include <string>

namespace fokker_planck {

template <int dim>
class ConstantDiffusion : public Diffusion<dim> {
public:
  /// Reads Noise/Diffusion: a number D (meaning D times the identity) or a dim x dim matrix, rows
  /// separated by ';' and entries by ','. Throws InputError unless it is symmetric and positive
  /// definite.
  explicit ConstantDiffusion(const std::string& text);

  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;

private:
  dealii::SymmetricTensor<2, dim> diffusion;
};

} // namespace fokker_planck
