// A symmetric tensor as a function of position.
#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>

#include <vector>

namespace fokker_planck {

/// Interface of diffusion tensors and metrics.
template <int dim>
class TensorField {
public:
  virtual ~TensorField() = default;

  /// The tensor at each point; the result is resized to the number of points.
  virtual void tensors(const std::vector<dealii::Point<dim>>& points,
                       std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const = 0;
};

} // namespace fokker_planck
