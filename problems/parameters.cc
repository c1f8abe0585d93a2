#include "problems/parameters.h"

#include "problems/input_error.h"
#include "problems/registry.h"
#include "problems/text.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

namespace fokker_planck {

using dealii::ParameterHandler;
namespace Patterns = dealii::Patterns;

void ProblemParameters::declare(ParameterHandler& handler) {
  handler.add_parameter("Dimension", dimension, "Number of dimensions d: 1, 2 or 3.",
                        Patterns::Integer(1, 3));

  handler.enter_subsection("Loss");
  handler.add_parameter("Type", loss_type, "Model of the loss function L.",
                        Patterns::Selection(loss_types()));
  handler.add_parameter(
    "Expression", loss_expression,
    "Type = expression: L as a formula in x, y, z, for example "
    "0.5*(x^4 - 16*x^2 + 5*x). Operators + - * / ^, functions abs exp log sin cos "
    "tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh sqrt pow, and Pi. "
    "It is differentiated exactly.");
  handler.add_parameter("Constants", loss_constants, "Named constants of the formula: a=1, b=2*a.");
  handler.add_parameter("Scale k", loss_scale,
                        "Replaces the loss f(theta) by L(theta) = f(sqrt(k) theta), k > 0: every "
                        "Hessian is multiplied by k, barriers keep their height.");
  handler.leave_subsection();

  handler.enter_subsection("Noise");
  handler.add_parameter("Type", noise_type, "Model of the diffusion tensor D.",
                        Patterns::Selection(noise_types()));
  handler.add_parameter(
    "Diffusion", noise_diffusion,
    "Type = constant: a number D > 0 (D times the identity, in units of loss) or a "
    "symmetric positive definite d x d matrix, entries separated by ',' and rows "
    "by ';', for example 1, 0.2; 0.2, 0.5.");
  handler.leave_subsection();

  handler.enter_subsection("Domain");
  handler.add_parameter("Type", domain_type, "Shape of the domain.", Patterns::Selection("box"));
  handler.add_parameter("Lower", domain_lower, "Lower corner: d comma-separated numbers.");
  handler.add_parameter("Upper", domain_upper, "Upper corner: d comma-separated numbers.");
  handler.add_parameter(
    "Absorbing", domain_absorbing,
    "Absorbing sides, where the process is removed: any of x- x+ y- y+ z- z+, all, "
    "none. All other sides reflect.");
  handler.add_parameter("Start", domain_start,
                        "A point in the valley that is left: d comma-separated numbers. Empty: the "
                        "deepest minimum found.");
  handler.leave_subsection();
}

template <int dim>
Problem<dim> ProblemParameters::make_problem() const {
  Problem<dim> problem;
  const Constants constants = parse_constants("Loss/Constants", loss_constants);
  if (!(loss_scale > 0))
    throw InputError("Loss/Scale k", format_number(loss_scale), "a number > 0 is needed");
  problem.loss = make_loss<dim>(loss_type, { loss_expression, constants, loss_scale });
  problem.diffusion = make_diffusion<dim>(noise_type, { noise_diffusion });
  problem.domain = Box<dim>::parse(domain_lower, domain_upper, domain_absorbing);
  if (!trim(domain_start).empty()) {
    const auto numbers = parse_numbers("Domain/Start", domain_start, dim);
    dealii::Point<dim> start;
    for (int i = 0; i < dim; ++i)
      start[i] = numbers[i];
    if (!problem.domain.contains(start))
      throw InputError("Domain/Start", domain_start, "the point must lie inside the domain");
    for (unsigned int side = 0; side < Box<dim>::n_sides; ++side)
      if (problem.domain.absorbs(side) &&
          start[Box<dim>::direction(side)] == problem.domain.coordinate(side))
        throw InputError("Domain/Start", domain_start,
                         "the point lies on the absorbing side " + Box<dim>::side_name(side) +
                           "; it must lie inside the domain");
    problem.start = start;
  }
  return problem;
}

template Problem<1> ProblemParameters::make_problem<1>() const;
template Problem<2> ProblemParameters::make_problem<2>() const;
template Problem<3> ProblemParameters::make_problem<3>() const;

} // namespace fokker_planck
