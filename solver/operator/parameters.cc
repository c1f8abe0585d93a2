#include "solver/operator/parameters.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

namespace fokker_planck {

void SolverParameters::declare(dealii::ParameterHandler& handler) {
  handler.enter_subsection("Solver");
  handler.add_parameter(
    "Method", method,
    "How linear systems are solved. direct: factorisation by MUMPS, whose time and memory per "
    "unknown grow with their number. iterative: conjugate gradients (GMRES without detailed "
    "balance) with multigrid and without matrices; PETSC_OPTIONS with the prefix -pinned_ change "
    "its parts. automatic: iterative under detailed balance from 1e6 unknowns on in 2-D, 1e5 in "
    "3-D, unless it does not converge; direct otherwise.",
    dealii::Patterns::Selection("automatic|direct|iterative"));
  handler.add_parameter("Relative tolerance", relative_tolerance,
                        "Factor by which an iterative solve reduces the algebraic error, > 0 and "
                        "<= 1e-6. Nothing is reported if it cannot be reached.");
  handler.leave_subsection();
}

SolverOptions SolverParameters::get_options() const {
  if (!(relative_tolerance > 0 && relative_tolerance <= 1e-6))
    throw InputError("Solver/Relative tolerance", format_number(relative_tolerance),
                     "a number > 0 and <= 1e-6 is needed");
  SolverOptions options;
  options.log = log;
  options.relative_tolerance = relative_tolerance;
  options.method = method == "direct"      ? SolverOptions::Method::direct
                   : method == "iterative" ? SolverOptions::Method::iterative
                                           : SolverOptions::Method::automatic;
  return options;
}

} // namespace fokker_planck
