#include "problems/loss/function_of_loss.h"

namespace fokker_planck {

template <int dim>
FunctionOfLoss<dim>::FunctionOfLoss(std::shared_ptr<const Loss<dim>> loss_, Function function_)
  : loss(std::move(loss_)), function(std::move(function_)) {}

template <int dim>
void FunctionOfLoss<dim>::values(const std::vector<dealii::Point<dim>>& points,
                                 std::vector<double>& values) const {
  loss->values(points, values);
  for (double& value : values)
    value = function(value).value;
}

template <int dim>
void FunctionOfLoss<dim>::gradients(const std::vector<dealii::Point<dim>>& points,
                                    std::vector<dealii::Tensor<1, dim>>& gradients) const {
  std::vector<double> losses;
  loss->values(points, losses);
  loss->gradients(points, gradients);
  for (std::size_t q = 0; q < points.size(); ++q)
    gradients[q] *= function(losses[q]).first;
}

template <int dim>
void FunctionOfLoss<dim>::hessians(const std::vector<dealii::Point<dim>>& points,
                                   std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const {
  std::vector<double> losses;
  std::vector<dealii::Tensor<1, dim>> gradients;
  loss->values(points, losses);
  loss->gradients(points, gradients);
  loss->hessians(points, hessians);
  for (std::size_t q = 0; q < points.size(); ++q) {
    const auto derivatives = function(losses[q]);
    hessians[q] = derivatives.first * hessians[q] +
                  derivatives.second * symmetrize(outer_product(gradients[q], gradients[q]));
  }
}

template class FunctionOfLoss<1>;
template class FunctionOfLoss<2>;
template class FunctionOfLoss<3>;

} // namespace fokker_planck
