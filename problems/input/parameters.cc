#include "problems/input/parameters.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
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

  const auto declare_section = [&](const std::string& name, auto& input) {
    handler.enter_subsection(name);
    input.declare(handler);
    handler.leave_subsection();
  };
  declare_section("Loss", loss);
  declare_section("Force", force);
  declare_section("Noise", noise);
  declare_section("Domain", domain);
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
  locate("Domain", "Mesh", domain.gmsh.mesh);
  locate("Loss", "Data", loss.dataset.data.file);
}

FormulaNames ProblemParameters::formula_names() const {
  FormulaNames names;
  names.constants = parse_constants("Loss/Constants", loss.constants);
  if (domain.type == "radial") {
    if (dimension != 1)
      throw InputError("Domain/Type", domain.type,
                       "a radial problem has the single coordinate r: Dimension = 1 is needed (the "
                       "dimension of the ball is Domain/Effective dimension)");
    names.coordinates = { "r" };
    for (const auto& [name, value] : names.constants)
      if (name == "r")
        throw InputError("Loss/Constants", loss.constants,
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
  if (loss.type == "dataset" && domain.type == "radial")
    throw InputError("Domain/Type", domain.type,
                     "the loss of a data set is not a function of the distance r");
  problem.loss = loss.make<dim>(names);
  problem.domain = domain.make<dim>(problem.loss);
  problem.start = domain.make_start<dim>(problem.domain);
  problem.interpretation = noise.read_interpretation();
  if (force.is_given()) {
    problem.force = std::make_shared<ExpressionForce<dim>>(force.expression, names);
    check_force(*problem.force, problem.domain);
  }
  problem.diffusion = noise.make<dim>(names, problem);
  return problem;
}

template Problem<1> ProblemParameters::make_problem<1>() const;
template Problem<2> ProblemParameters::make_problem<2>() const;
template Problem<3> ProblemParameters::make_problem<3>() const;

} // namespace fokker_planck
