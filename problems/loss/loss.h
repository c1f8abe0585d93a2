// The loss function L(theta), in units of the diffusion tensor (energy of the SDE
// dtheta = -grad L dt + sqrt(2D) dW).
#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>

#include <string>
#include <vector>

namespace fokker_planck {

/// Interface of all loss models. Evaluation is for many points at once; the result vectors are
/// resized to the number of points. Values may be infinite or NaN outside the domain of definition:
/// the callers check.
template <int dim>
class Loss {
public:
  virtual ~Loss() = default;

  /// "Section/Key: got 'value'", the beginning of a message about this loss.
  virtual std::string description() const = 0;

  /// L at each point.
  virtual void values(const std::vector<dealii::Point<dim>>& points,
                      std::vector<double>& values) const = 0;

  /// dL/dtheta_i at each point.
  virtual void gradients(const std::vector<dealii::Point<dim>>& points,
                         std::vector<dealii::Tensor<1, dim>>& gradients) const = 0;

  /// d2L/dtheta_i dtheta_j at each point.
  virtual void hessians(const std::vector<dealii::Point<dim>>& points,
                        std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const = 0;
};

} // namespace fokker_planck
