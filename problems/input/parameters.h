// The parameter sections that say WHAT is solved: Loss, Force, Noise and Domain.
#pragma once

#include "problems/force/expression_force.h"
#include "problems/input/domain_input.h"
#include "problems/input/registry.h"

#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

/// Texts and numbers as the user gave them; make_problem() turns them into a Problem.
class ProblemParameters {
public:
  /// Declares the sections and binds their values to this object, which must outlive the handler.
  void declare(dealii::ParameterHandler& handler);

  /// Files that do not exist as they are named are looked for in the directory of the parameter
  /// file; where one is found, its path replaces the name in the handler.
  void locate_files(dealii::ParameterHandler& handler, const std::string& parameter_file) const;

  int get_dimension() const { return static_cast<int>(dimension); }

  /// Builds the problem. Throws InputError naming section/key, value and what is allowed.
  template <int dim>
  Problem<dim> make_problem() const;

private:
  FormulaNames formula_names() const;

  unsigned int dimension = 1;

  LossInput loss;
  ExpressionForceInput force;
  NoiseInput noise;
  DomainInput domain;
};

} // namespace fokker_planck
