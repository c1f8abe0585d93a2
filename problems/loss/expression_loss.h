// Loss/Type = expression: a formula written as text, L(theta) = f(sqrt(k) theta).
#pragma once

#include "problems/formula/expression.h"
#include "problems/formula/tape.h"
#include "problems/loss/loss.h"

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

template <int dim>
class ExpressionLoss : public Loss<dim> {
public:
  /// Compiles the formula with its exact derivatives. k > 0 is Loss/Scale k.
  /// Throws InputError for a formula that cannot be read.
  ExpressionLoss(const std::string& formula, const FormulaNames& names, double k);

  std::string description() const override { return "Loss/Expression: got '" + text + "'"; }
  void values(const std::vector<dealii::Point<dim>>& points,
              std::vector<double>& values) const override;
  void gradients(const std::vector<dealii::Point<dim>>& points,
                 std::vector<dealii::Tensor<1, dim>>& gradients) const override;
  void hessians(const std::vector<dealii::Point<dim>>& points,
                std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const override;
  void third_derivatives(
    const std::vector<dealii::Point<dim>>& points,
    std::vector<typename Loss<dim>::ThirdDerivatives>& derivatives) const override;

private:
  ExpressionLoss(const std::string& text, const Expression& expression);

  std::string text;
  Tape value_tape, gradient_tape, hessian_tape, third_tape;
};

/// Loss/Expression.
struct ExpressionLossInput {
  std::string expression = {};

  /// Declares the key in the present section and binds it to this object.
  void declare(dealii::ParameterHandler& handler);
};

} // namespace fokker_planck
