#include "postprocess/commands/command.h"

#include "postprocess/commands/comparison/compare.h"
#include "postprocess/commands/monte_carlo/monte_carlo.h"
#include "postprocess/commands/run.h"
#include "postprocess/commands/shared/parameters.h"
#include "postprocess/commands/sweep/sweep.h"
#include "problems/input/ready_problems.h"

#include <deal.II/base/parameter_handler.h>

namespace fokker_planck {

namespace {

std::string print_parameters(const Request&, const Surroundings& surroundings) {
  using Handler = dealii::ParameterHandler;
  const Parameters parameters;
  parameters.handler.print_parameters(surroundings.terminal,
                                      Handler::PRM | Handler::KeepDeclarationOrder);
  return {};
}

std::string list(const Request&, const Surroundings& surroundings) {
  list_ready_problems(surroundings.terminal);
  return {};
}

} // namespace

const std::vector<Command>& commands() {
  using O = Option;
  static const std::vector<Command> table = {
    { "run",
      "Solve the problem in a parameter file",
      { O::file, O::set, O::output, O::verbose, O::formulas },
      false,
      run },
    { "monte-carlo",
      "Simulate the problem in a parameter file until it is left",
      { O::file, O::set, O::output },
      false,
      simulate },
    { "compare",
      "Solve and simulate the problem in a parameter file, and judge",
      { O::file, O::set, O::output, O::verbose },
      false,
      compare },
    { "sweep",
      "Vary parameters, fit the laws that the rates follow, draw both",
      { O::file, O::set, O::output, O::vary, O::fit, O::jobs },
      true,
      sweep },
    { "parameters",
      "Print every parameter with its default and meaning",
      {},
      false,
      print_parameters },
    { "list", "List the ready problems", {}, false, list },
  };
  return table;
}

} // namespace fokker_planck
