#include "problems/input/parameters.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/diffusion/injected_diffusion.h"
#include "problems/diffusion/positive_definite.h"
#include "problems/force/expression_force.h"
#include "problems/landscape/compass_search.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

#include <filesystem>

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
    "Type = expression: L as a formula in x, y, z (in r if the domain is radial), for example "
    "0.5*(x^4 - 16*x^2 + 5*x). Operators + - * / ^, functions abs exp log sin cos "
    "tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh sqrt pow, and Pi. "
    "It is differentiated exactly.");
  handler.add_parameter("Constants", loss_constants,
                        "Named constants, for all formulas: a=1, b=2*a.");
  handler.add_parameter("Scale k", loss_scale,
                        "Replaces the loss f(theta) by L(theta) = f(sqrt(k) theta), k > 0: every "
                        "Hessian is multiplied by k, barriers keep their height.");
  dataset.declare(handler);
  handler.leave_subsection();

  handler.enter_subsection("Force");
  handler.add_parameter("Expression", force_expression,
                        "The force f in the drift b = -grad L + f that is not part of the loss: d "
                        "formulas separated by ';', for example -2*y; 2*x. Empty: none.");
  handler.leave_subsection();

  handler.enter_subsection("Noise");
  handler.add_parameter("Type", noise_type,
                        "Model of the diffusion tensor D in dtheta = b dt + sqrt(2D) dW.",
                        Patterns::Selection(noise_types()));
  handler.add_parameter(
    "Diffusion", noise.diffusion,
    "Type = constant: a number D > 0 (D times the identity, in units of loss) or a "
    "symmetric positive definite d x d matrix, entries separated by ',' and rows "
    "by ';', for example 1, 0.2; 0.2, 0.5.");
  handler.add_parameter(
    "Learning rate", noise.learning_rate,
    "Type = hessian aligned, loss proportional or empirical (D = eta_B/2 C, C the "
    "covariance of the gradients of the samples of a dataset loss): eta > 0 in "
    "eta_B = eta (1 - B/m)/B. Time is continuous; one step of SGD is t = eta.");
  handler.add_parameter("Batch size", noise.batch_size, "B > 0.");
  handler.add_parameter("Data set size", noise.data_set_size,
                        "m > B; empty: the number of samples of a dataset loss, infinite for "
                        "others. A very large number stands for batches drawn with replacement.");
  handler.add_parameter(
    "Hessian", noise.hessian,
    "Type = hessian aligned: F in D = eta_B/2 F. frozen: the Hessian at the minimum of the valley "
    "that is left. absolute: the Hessian H(theta) with each eigenvalue h replaced by "
    "sqrt(h^2 + Floor^2). two temperature: |H_a| of the minimum up to the loss L_s = (1-s) L_a + s "
    "L_b on the way to the saddle, |H_b| of the saddle beyond.");
  handler.add_parameter("Path parameter s", noise.path_parameter,
                        "Hessian = two temperature: s, between 0 and 1.");
  handler.add_parameter("Transition width", noise.transition_width,
                        "Hessian = two temperature: w > 0, in units of loss; the inverse of F "
                        "changes over as (1 + erf((L - L_s)/w))/2. Empty: a tenth of the distance "
                        "from L_s to the nearer of L_a and L_b.");
  handler.add_parameter("Floor", noise.floor,
                        "eps >= 0. Hessian = absolute: in units of the Hessian. Type = loss "
                        "proportional: in units of loss, D = eta_B (L + eps) H, H the Hessian at "
                        "the minimum.");
  handler.add_parameter(
    "Expressions", noise.expressions,
    "Type = expression: D as one formula (times the identity), or the upper triangle row by row "
    "(xx; xy; yy in 2-D, xx; xy; xz; yy; yz; zz in 3-D), or all entries, separated by ';'.");
  handler.add_parameter("Injected diffusion", noise_injected,
                        "delta >= 0: D + delta times the identity replaces D.");
  handler.add_parameter("Interpretation", noise_interpretation,
                        "How the noise is read: ito (a = 0), stratonovich (a = 1/2) or anti-ito (a "
                        "= 1) in J = b P - D grad P - (1-a) P div D.",
                        Patterns::Selection("ito|stratonovich|anti-ito"));
  handler.leave_subsection();

  handler.enter_subsection("Domain");
  handler.add_parameter(
    "Type", domain.type,
    "Shape of the domain. box: Lower to Upper. ball: |theta - Center| <= Radius, absorbing (an "
    "interval for Dimension = 1). level set: the connected part of {L < Level} around the minimum "
    "of "
    "the valley that is left, which must be star-shaped about the minimum; absorbing. gmsh: a mesh "
    "that Gmsh has "
    "written (Dimension = 2 or 3). radial: "
    "the ball |theta| <= Radius in Effective dimension dimensions, solved in the radial coordinate "
    "r "
    "(Dimension = 1) and absorbing at r = Radius; D must be a multiple of the identity.",
    Patterns::Selection(domain_types()));
  handler.add_parameter("Lower", domain.lower,
                        "Type = box: lower corner, d comma-separated numbers. Type = level set: "
                        "that of the box in which minimum and saddle are searched for, and which "
                        "must hold the whole level set.");
  handler.add_parameter("Upper", domain.upper,
                        "Type = box or level set: upper corner, d comma-separated numbers.");
  handler.add_parameter("Absorbing", domain.absorbing,
                        "Absorbing sides, where the process is removed; all other sides reflect. "
                        "Type = box: any of x- x+ "
                        "y- y+ z- z+. Type = gmsh: numbers of Physical Curves (Surfaces in 3-D). "
                        "Or all; other types have "
                        "a single side, which absorbs.");
  handler.add_parameter("Center", domain.center,
                        "Type = ball: d comma-separated numbers. Empty: the origin.");
  handler.add_parameter("Radius", domain.radius, "Type = ball or radial: R > 0.");
  handler.add_parameter("Effective dimension", domain.effective_dimension,
                        "Type = radial: n, a real number >= 1.");
  handler.add_parameter(
    "Level", domain.level,
    "Type = level set: a loss above that of the minimum, L0. A number; or a fraction f of the "
    "barrier, "
    "as 0.9 saddle, L0 + f (L_saddle - L0) with the lowest saddle that leads out of the valley; or "
    "a multiple of L0 > 0, as 3 minimum. With saddle alone (f = 1) the boundary passes through the "
    "saddle and has a corner there, which makes the result less accurate, in 3-D above all.");
  handler.add_parameter(
    "Mesh", domain.mesh,
    "Type = gmsh: a .msh file (format 2.2 or 4.1, text) of quadrilaterals or hexahedra, on whose "
    "whole boundary there are physical numbers; relative to the working directory or to the "
    "directory of the parameter file. Cells stay straight when they are refined.");
  handler.add_parameter("Start", domain.start,
                        "A point in the valley that is left: d comma-separated numbers. Empty: the "
                        "deepest minimum found.");
  handler.leave_subsection();
}

void ProblemParameters::locate_files(ParameterHandler& handler,
                                     const std::string& parameter_file) const {
  namespace fs = std::filesystem;
  const auto locate = [&](const std::string& section, const std::string& key,
                          const std::string& name) {
    const fs::path file = trim(name);
    const fs::path beside = fs::path(parameter_file).parent_path() / file;
    std::error_code ignored; // what cannot be looked at does not exist
    if (file.empty() || fs::exists(file, ignored) || !fs::exists(beside, ignored)) return;
    handler.enter_subsection(section);
    handler.set(key, beside.string());
    handler.leave_subsection();
  };
  locate("Domain", "Mesh", domain.mesh);
  locate("Loss", "Data", dataset.data.file);
}

FormulaNames ProblemParameters::formula_names() const {
  FormulaNames names;
  names.constants = parse_constants("Loss/Constants", loss_constants);
  if (domain.type == "radial") {
    if (dimension != 1)
      throw InputError("Domain/Type", domain.type,
                       "a radial problem has the single coordinate r: Dimension = 1 is needed (the "
                       "dimension of the ball is Domain/Effective dimension)");
    names.coordinates = { "r" };
    for (const auto& [name, value] : names.constants)
      if (name == "r")
        throw InputError("Loss/Constants", loss_constants,
                         "the name 'r' is already taken by the coordinate of a radial domain");
  }
  return names;
}

namespace {

/// Throws InputError if the force is not finite somewhere.
template <int dim>
void check_force(const Force<dim>& force, const Domain<dim>& domain) {
  const auto pole = find_pole<dim>(domain, [&](const std::vector<dealii::Point<dim>>& points) {
    std::vector<dealii::Tensor<1, dim>> forces;
    std::vector<double> norms;
    force.values(points, forces);
    for (const auto& f : forces)
      norms.push_back(f.norm());
    return norms;
  });
  if (pole)
    throw InputError(force.description() + ", but it is not finite at " +
                     format_point(&(*pole)[0], dim) +
                     ": the force must be finite in the whole domain");
}

} // namespace

template <int dim>
Problem<dim> ProblemParameters::make_problem() const {
  Problem<dim> problem;
  const FormulaNames names = formula_names();
  if (!(loss_scale > 0))
    throw InputError("Loss/Scale k", format_number(loss_scale), "a number > 0 is needed");
  if (loss_type == "dataset" && domain.type == "radial")
    throw InputError("Domain/Type", domain.type,
                     "the loss of a data set is not a function of the distance r");
  problem.loss = make_loss<dim>(loss_type, { loss_expression, names, loss_scale, dataset });
  make_domain(domain, problem);
  problem.interpretation = noise_interpretation == "ito"        ? 0.
                           : noise_interpretation == "anti-ito" ? 1.
                                                                : 0.5;
  if (!trim(force_expression).empty()) {
    problem.force = std::make_shared<ExpressionForce<dim>>(force_expression, names);
    check_force(*problem.force, problem.domain);
  }

  NoiseInput input = noise;
  input.names = names;
  problem.diffusion = make_diffusion(noise_type, input, problem);
  const double injected = parse_number("Noise/Injected diffusion", noise_injected);
  if (!(injected >= 0))
    throw InputError("Noise/Injected diffusion", noise_injected, "a number >= 0 is needed");
  if (injected > 0)
    problem.diffusion = std::make_shared<InjectedDiffusion<dim>>(problem.diffusion, injected);
  if (!problem.diffusion->is_constant())
    check_positive_definite(*problem.diffusion, problem.domain);
  return problem;
}

template Problem<1> ProblemParameters::make_problem<1>() const;
template Problem<2> ProblemParameters::make_problem<2>() const;
template Problem<3> ProblemParameters::make_problem<3>() const;

} // namespace fokker_planck
