#include "problems/loss/expression_loss.h"

#include <array>
#include <cmath>

namespace fokker_planck {

namespace {

/// Evaluates all outputs of the tape at the points; component k of point q is result[k][q].
template <int dim>
std::vector<std::vector<double>> evaluate(const Tape& tape,
                                          const std::vector<dealii::Point<dim>>& points) {
  std::array<std::vector<double>, dim> coordinates;
  std::array<const double*, dim> inputs;
  for (int i = 0; i < dim; ++i) {
    coordinates[i].resize(points.size());
    for (std::size_t q = 0; q < points.size(); ++q)
      coordinates[i][q] = points[q][i];
    inputs[i] = coordinates[i].data();
  }
  std::vector<std::vector<double>> result(tape.n_outputs(), std::vector<double>(points.size()));
  std::vector<double*> outputs;
  for (auto& component : result)
    outputs.push_back(component.data());
  tape.evaluate(inputs.data(), points.size(), outputs.data());
  return result;
}

} // namespace

template <int dim>
ExpressionLoss<dim>::ExpressionLoss(const std::string& formula, const Constants& constants,
                                    const double k)
  : ExpressionLoss(formula, Expression("Loss/Expression", formula, constants, dim, std::sqrt(k))) {}

template <int dim>
ExpressionLoss<dim>::ExpressionLoss(const std::string& text_, const Expression& expression)
  : text(text_), value_tape(expression.value()), gradient_tape(expression.gradient()),
    hessian_tape(expression.hessian()) {}

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

template class ExpressionLoss<1>;
template class ExpressionLoss<2>;
template class ExpressionLoss<3>;

} // namespace fokker_planck
