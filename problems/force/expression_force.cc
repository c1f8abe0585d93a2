#include "problems/force/expression_force.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/formula/evaluate.h"

#include <deal.II/base/parameter_handler.h>

namespace fokker_planck {

template <int dim>
ExpressionForce<dim>::ExpressionForce(const std::string& text_, const FormulaNames& names)
  : text(text_) {
  const std::string key = "Force/Expression";
  const auto formulas = split_formulas(key, text);
  if (formulas.size() != dim)
    throw InputError(key, text,
                     std::to_string(dim) + " component" +
                       (dim > 1 ? "s separated by ; are" : " is") + " needed");
  for (const std::string& formula : formulas)
    components.push_back(Expression(key, formula, names, dim).value());
}

template <int dim>
void ExpressionForce<dim>::values(const std::vector<dealii::Point<dim>>& points,
                                  std::vector<dealii::Tensor<1, dim>>& values) const {
  values.resize(points.size());
  for (int i = 0; i < dim; ++i) {
    const auto component = evaluate(components[i], points)[0];
    for (std::size_t q = 0; q < points.size(); ++q)
      values[q][i] = component[q];
  }
}

void ExpressionForceInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Expression", expression,
                        "The force f in the drift b = -grad L + f that is not part of the loss: d "
                        "formulas separated by ';', for example -2*y; 2*x. Empty: none.");
}

bool ExpressionForceInput::is_given() const {
  return !trim(expression).empty();
}

template class ExpressionForce<1>;
template class ExpressionForce<2>;
template class ExpressionForce<3>;

} // namespace fokker_planck
