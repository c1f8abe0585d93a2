// Psi(theta) = F(L(theta)): the potential of noise that depends on the loss alone.
#pragma once

#include "problems/loss/loss.h"

#include <functional>
#include <memory>

namespace fokker_planck {

template <int dim>
class FunctionOfLoss : public ScalarField<dim> {
public:
  /// F and its derivatives at a value of the loss.
  struct Derivatives {
    double value, first, second;
  };
  using Function = std::function<Derivatives(double)>;

  FunctionOfLoss(std::shared_ptr<const Loss<dim>> loss, Function function);

  void values(const std::vector<dealii::Point<dim>>& points,
              std::vector<double>& values) const override;
  void gradients(const std::vector<dealii::Point<dim>>& points,
                 std::vector<dealii::Tensor<1, dim>>& gradients) const override;
  void hessians(const std::vector<dealii::Point<dim>>& points,
                std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const override;

private:
  std::shared_ptr<const Loss<dim>> loss;
  Function function;
};

} // namespace fokker_planck
