// Section Discretization: what the user says about mesh and accuracy.
#pragma once

#include "solver/analyses/solve.h"

#include <string>
#include <vector>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

class DiscretizationParameters {
public:
  /// Declares the section and binds its values to this object, which must outlive the handler.
  void declare(dealii::ParameterHandler& handler);

  /// What these texts and numbers ask for in dim dimensions, with default options of the linear
  /// solvers. Throws InputError naming the parameter that is out of its range.
  Settings get_settings(unsigned int dim) const;

private:
  bool is_adaptive() const { return refinement == "adaptive"; }
  std::vector<unsigned int> get_cells(unsigned int dim) const;

  std::string compute = "quasi-stationary";
  std::string refinement = "adaptive";
  double tolerance = Settings().tolerance;
  double maximum_unknowns = static_cast<double>(Settings().maximum_unknowns);
  unsigned int degree = Settings().degree;
  std::string initial_cells;
  std::string cells = "16";
  double gauge_scale = Settings().gauge_scale;
};

} // namespace fokker_planck
