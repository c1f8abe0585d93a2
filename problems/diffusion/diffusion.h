// The diffusion tensor D(theta) of dtheta = b dt + sqrt(2D) dW, in units of loss.
#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>

#include <vector>

namespace fokker_planck {

/// Interface of all noise models.
template <int dim>
class Diffusion {
public:
  virtual ~Diffusion() = default;

  /// D at each point, symmetric positive definite; the result is resized to the number of points.
  virtual void tensors(const std::vector<dealii::Point<dim>>& points,
                       std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const = 0;
};

} // namespace fokker_planck
