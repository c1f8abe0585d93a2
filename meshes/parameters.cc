#include "meshes/parameters.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

namespace fokker_planck {

namespace Patterns = dealii::Patterns;

void DiscretizationParameters::declare(dealii::ParameterHandler& handler) {
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

double DiscretizationParameters::get_tolerance() const {
  if (!(tolerance > 0 && tolerance < 1))
    throw InputError("Discretization/Tolerance", format_number(tolerance),
                     "a number > 0 and < 1 is needed");
  return tolerance;
}

unsigned long DiscretizationParameters::get_maximum_unknowns() const {
  if (!(maximum_unknowns >= 1 && maximum_unknowns <= 2e9))
    throw InputError("Discretization/Maximum unknowns", format_number(maximum_unknowns),
                     "a number from 1 to 2e9 is needed");
  return static_cast<unsigned long>(maximum_unknowns);
}

double DiscretizationParameters::get_gauge_scale() const {
  if (!(gauge_scale > 0))
    throw InputError("Discretization/Gauge scale", format_number(gauge_scale),
                     "a number > 0 is needed");
  return gauge_scale;
}

template <int dim>
std::array<unsigned int, dim> DiscretizationParameters::n_cells(const bool is_box) const {
  const std::string key = is_adaptive() ? "Discretization/Initial cells" : "Discretization/Cells";
  const std::string automatic = is_box ? "4" : "2";
  const std::string& text = !is_adaptive()                ? cells
                            : trim(initial_cells).empty() ? automatic
                                                          : initial_cells;
  const std::string allowed =
    std::string("one integer from 1 to 1000000") +
    (dim == 1 ? std::string() : ", or " + std::to_string(dim) + " of them separated by commas,") +
    " is needed";
  const auto pieces = split(text, ',');
  if (pieces.size() != 1 && pieces.size() != dim) throw InputError(key, trim(text), allowed);
  std::array<unsigned int, dim> numbers;
  for (int i = 0; i < dim; ++i) {
    const std::string& piece = pieces[pieces.size() == 1 ? 0 : i];
    const bool digits = !piece.empty() && piece.size() <= 7 &&
                        piece.find_first_not_of("0123456789") == std::string::npos;
    numbers[i] = digits ? static_cast<unsigned int>(std::stoul(piece)) : 0;
    if (numbers[i] < 1 || numbers[i] > 1000000) throw InputError(key, trim(text), allowed);
  }
  return numbers;
}

template std::array<unsigned int, 1> DiscretizationParameters::n_cells<1>(bool) const;
template std::array<unsigned int, 2> DiscretizationParameters::n_cells<2>(bool) const;
template std::array<unsigned int, 3> DiscretizationParameters::n_cells<3>(bool) const;

} // namespace fokker_planck
