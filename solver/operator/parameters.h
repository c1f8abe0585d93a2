// Section Solver: how the linear systems are solved.
#pragma once

#include "solver/operator/solver_options.h"

#include <functional>
#include <string>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

class SolverParameters {
public:
  /// Declares the section and binds its values to this object, which must outlive the handler.
  void declare(dealii::ParameterHandler& handler);

  /// Receives lines that say what the solver is doing; may be empty.
  std::function<void(const std::string&)> log;

  /// Throws InputError unless the tolerance is positive and at most 1e-6.
  SolverOptions get_options() const;

private:
  std::string method = "automatic";
  double relative_tolerance = SolverOptions().relative_tolerance;
};

} // namespace fokker_planck
