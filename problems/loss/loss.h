// The loss function L(theta), in units of the diffusion tensor (energy of the SDE
// dtheta = -grad L dt + sqrt(2D) dW).
#pragma once

#include "problems/base/scalar_field.h"

#include <array>
#include <string>

namespace fokker_planck {

/// Interface of all loss models. Values may be infinite or NaN outside the domain of definition:
/// the callers check.
template <int dim>
class Loss : public ScalarField<dim> {
public:
  /// "Section/Key: got 'value'", the beginning of a message about this loss.
  std::string description() const override = 0;

  /// Entry k of a result is the Hessian of dL/dtheta_k.
  using ThirdDerivatives = std::array<dealii::SymmetricTensor<2, dim>, dim>;

  /// The third derivatives at each point; the result is resized to the number of points.
  virtual void third_derivatives(const std::vector<dealii::Point<dim>>& points,
                                 std::vector<ThirdDerivatives>& derivatives) const = 0;
};

} // namespace fokker_planck
