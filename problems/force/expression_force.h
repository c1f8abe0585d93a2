// Force/Expression: the components of f as formulas.
#pragma once

#include "problems/force/force.h"
#include "problems/formula/expression.h"
#include "problems/formula/tape.h"

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

template <int dim>
class ExpressionForce : public Force<dim> {
public:
  /// text: dim formulas separated by ';'. Throws InputError for a wrong number of them or a formula
  /// that cannot be read.
  ExpressionForce(const std::string& text, const FormulaNames& names);

  std::string description() const override { return "Force/Expression: got '" + text + "'"; }
  void values(const std::vector<dealii::Point<dim>>& points,
              std::vector<dealii::Tensor<1, dim>>& values) const override;

private:
  std::string text;
  std::vector<Tape> components;
};

/// Force/Expression.
struct ExpressionForceInput {
  std::string expression = {};

  /// Declares the key in the present section and binds it to this object.
  void declare(dealii::ParameterHandler& handler);

  /// Whether there is a force at all.
  bool is_given() const;
};

} // namespace fokker_planck
