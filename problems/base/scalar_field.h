// A twice differentiable function of position.
#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>

#include <string>
#include <vector>

namespace fokker_planck {

/// Interface of losses and potentials. Evaluation is for many points at once; the result vectors
/// are resized to the number of points.
template <int dim>
class ScalarField {
public:
  virtual ~ScalarField() = default;

  /// The beginning of a message about this function; "Section/Key: got 'value'" if a user wrote it.
  virtual std::string description() const { return "a function was given"; }

  /// The value at each point.
  virtual void values(const std::vector<dealii::Point<dim>>& points,
                      std::vector<double>& values) const = 0;

  /// The derivative along theta_i at each point.
  virtual void gradients(const std::vector<dealii::Point<dim>>& points,
                         std::vector<dealii::Tensor<1, dim>>& gradients) const = 0;

  /// The second derivatives along theta_i and theta_j at each point.
  virtual void hessians(const std::vector<dealii::Point<dim>>& points,
                        std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const = 0;
};

} // namespace fokker_planck
