#include "problems/loss/expression_loss.h"

#include "problems/formula/evaluate.h"

#include <deal.II/base/parameter_handler.h>

#include <cmath>

namespace fokker_planck {

template <int dim>
ExpressionLoss<dim>::ExpressionLoss(const std::string& formula, const FormulaNames& names,
                                    const double k)
  : ExpressionLoss(formula, Expression("Loss/Expression", formula, names, dim, std::sqrt(k))) {}

template <int dim>
ExpressionLoss<dim>::ExpressionLoss(const std::string& text_, const Expression& expression)
  : text(text_), value_tape(expression.value()), gradient_tape(expression.gradient()),
    hessian_tape(expression.hessian()), third_tape(expression.third_derivatives()) {}

template <int dim>
void ExpressionLoss<dim>::values(const std::vector<dealii::Point<dim>>& points,
                                 std::vector<double>& values) const {
  values = std::move(evaluate(value_tape, points)[0]);
}

template <int dim>
void ExpressionLoss<dim>::gradients(const std::vector<dealii::Point<dim>>& points,
                                    std::vector<dealii::Tensor<1, dim>>& gradients) const {
  const auto components = evaluate(gradient_tape, points);
  gradients.resize(points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    for (int i = 0; i < dim; ++i)
      gradients[q][i] = components[i][q];
}

template <int dim>
void ExpressionLoss<dim>::hessians(const std::vector<dealii::Point<dim>>& points,
                                   std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const {
  const auto components = evaluate(hessian_tape, points);
  hessians.resize(points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    for (int i = 0, k = 0; i < dim; ++i)
      for (int j = i; j < dim; ++j, ++k)
        hessians[q][i][j] = components[k][q];
}

template <int dim>
void ExpressionLoss<dim>::third_derivatives(
  const std::vector<dealii::Point<dim>>& points,
  std::vector<typename Loss<dim>::ThirdDerivatives>& derivatives) const {
  const auto components = evaluate(third_tape, points);
  derivatives.resize(points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    for (int i = 0, entry = 0; i < dim; ++i)
      for (int j = i; j < dim; ++j)
        for (int k = j; k < dim; ++k, ++entry)
          derivatives[q][i][j][k] = derivatives[q][j][i][k] = derivatives[q][k][i][j] =
            components[entry][q];
}

void ExpressionLossInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Expression", expression,
    "Type = expression: L as a formula in x, y, z (in r if the domain is radial), for example "
    "0.5*(x^4 - 16*x^2 + 5*x). Operators + - * / ^, functions abs exp log sin cos "
    "tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh sqrt pow, and Pi. "
    "It is differentiated exactly.");
}

template class ExpressionLoss<1>;
template class ExpressionLoss<2>;
template class ExpressionLoss<3>;

} // namespace fokker_planck
