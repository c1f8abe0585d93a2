#include "solver/analyses/parameters.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

namespace fokker_planck {

namespace Patterns = dealii::Patterns;

void DiscretizationParameters::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Compute", compute,
    "What is to reach the tolerance, one or both separated by a comma: quasi-stationary (the "
    "escape "
    "rate), valley rates (the rates between all valleys and to the exits, too). Both are computed "
    "in any case.",
    Patterns::Anything());
  handler.enter_subsection("Discretization");
  handler.add_parameter(
    "Refinement", refinement,
    "adaptive: cells are divided where the error of the rate comes from, until Tolerance is "
    "reached. uniform: one mesh of equal cells, whose error is estimated but not limited.",
    Patterns::Selection("adaptive|uniform"));
  handler.add_parameter("Tolerance", tolerance,
                        "Largest estimated relative error of the rate, > 0 and < 1 (Refinement = "
                        "adaptive).");
  handler.add_parameter("Maximum unknowns", maximum_unknowns,
                        "Adaptive refinement stops before it exceeds this number; if the "
                        "tolerance is not reached then, the exit status is 2.");
  handler.add_parameter(
    "Degree", degree,
    "Polynomial degree k of the elements, 1 to 12; the rate converges with order "
    "2k in the cell size.",
    Patterns::Integer(1, 12));
  handler.add_parameter(
    "Initial cells", initial_cells,
    "Refinement = adaptive: cells per direction of the first mesh, one positive integer for all "
    "directions, or d of them separated by commas. In a ball or level set along each edge of the "
    "inner block and its six (2-D: four) neighbours; a Gmsh file brings its own cells. Empty: 4 in "
    "a box, 2 otherwise.");
  handler.add_parameter("Cells", cells, "Refinement = uniform: cells per direction, likewise.");
  handler.add_parameter(
    "Gauge scale", gauge_scale,
    "Multiplies the potential Psi in p = exp(-Psi) u, > 0. The result does not depend on Psi, but "
    "values other than 1 cost resolution. Without detailed balance iterative solvers may need a "
    "smaller one, where Psi is a poor guess: 0.6, 0.36 and 0.216 times this number are tried.");
  handler.leave_subsection();
}

std::vector<unsigned int> DiscretizationParameters::get_cells(const unsigned int dim) const {
  if (is_adaptive() && trim(initial_cells).empty()) return {};
  const std::string key = is_adaptive() ? "Discretization/Initial cells" : "Discretization/Cells";
  const std::string& text = is_adaptive() ? initial_cells : cells;
  const std::string allowed =
    std::string("one integer from 1 to 1000000") +
    (dim == 1 ? std::string() : ", or " + std::to_string(dim) + " of them separated by commas,") +
    " is needed";
  const auto pieces = split(text, ',');
  if (pieces.size() != 1 && pieces.size() != dim) throw InputError(key, trim(text), allowed);
  std::vector<unsigned int> numbers;
  for (const std::string& piece : pieces) {
    const bool digits = !piece.empty() && piece.size() <= 7 &&
                        piece.find_first_not_of("0123456789") == std::string::npos;
    const auto number = digits ? static_cast<unsigned int>(std::stoul(piece)) : 0U;
    if (number < 1 || number > 1000000) throw InputError(key, trim(text), allowed);
    numbers.push_back(number);
  }
  return numbers;
}

Settings DiscretizationParameters::get_settings(const unsigned int dim) const {
  const auto demand = [](const bool holds, const std::string& key, const double given,
                         const std::string& allowed) {
    if (!holds)
      throw InputError("Discretization/" + key, format_number(given), allowed + " is needed");
  };
  Settings settings;
  for (const std::string& wanted : split(compute, ',')) {
    const std::string name = trim(wanted);
    if (name == "valley rates")
      settings.valley_rates = true;
    else if (name != "quasi-stationary")
      throw InputError("Compute", compute,
                       "quasi-stationary, valley rates or both (separated by a comma) is needed");
  }
  settings.refinement =
    is_adaptive() ? Settings::Refinement::adaptive : Settings::Refinement::uniform;
  settings.cells = get_cells(dim);
  demand(tolerance > 0 && tolerance < 1, "Tolerance", tolerance, "a number > 0 and < 1");
  settings.tolerance = tolerance;
  demand(maximum_unknowns >= 1 && maximum_unknowns <= 2e9, "Maximum unknowns", maximum_unknowns,
         "a number from 1 to 2e9");
  settings.maximum_unknowns = static_cast<unsigned long>(maximum_unknowns);
  settings.degree = degree;
  demand(gauge_scale > 0, "Gauge scale", gauge_scale, "a number > 0");
  settings.gauge_scale = gauge_scale;
  return settings;
}

} // namespace fokker_planck
