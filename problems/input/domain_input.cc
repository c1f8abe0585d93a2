#include "problems/input/domain_input.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/geometry/ball.h"
#include "problems/geometry/boundary_kind.h"
#include "problems/geometry/mesh_shape.h"
#include "problems/input/model_table.h"
#include "problems/landscape/level.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

#include <functional>

namespace fokker_planck {

using dealii::Point;

namespace {

template <int dim>
Point<dim> parse_point(const std::string& key, const std::string& text) {
  const auto numbers = parse_numbers(key, text, dim);
  Point<dim> point;
  for (int i = 0; i < dim; ++i)
    point[i] = numbers[i];
  return point;
}

/// Nothing if the text is empty. Throws InputError unless the point lies inside the domain, and not
/// on an absorbing side.
template <int dim>
std::optional<Point<dim>> parse_start(const std::string& text, const Domain<dim>& domain) {
  const std::string key = "Domain/Start";
  if (trim(text).empty()) return {};
  const auto start = parse_point<dim>(key, text);
  if (!domain.contains(start))
    throw InputError(key, text,
                     "the point must lie inside the domain, " + domain.shape->description());
  for (const auto& contact : domain.contacts(start, domain.absorbing_sides()))
    throw InputError(key, text,
                     "the point lies on the absorbing side " + domain.side_name(contact.side) +
                       "; it must lie inside the domain");
  return start;
}

/// Balls and level sets have a single side, which absorbs.
void check_absorbing(const std::string& type, const std::string& absorbing) {
  const std::string text = trim(absorbing);
  if (text != "all" && text != "boundary")
    throw InputError("Domain/Absorbing", text,
                     "the whole boundary of a " + type + " absorbs: all is needed");
}

} // namespace

void BoxInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Lower", lower,
                        "Type = box: lower corner, d comma-separated numbers. Type = level set: "
                        "that of the box in which minimum and saddle are searched for, and which "
                        "must hold the whole level set.");
  handler.add_parameter("Upper", upper,
                        "Type = box or level set: upper corner, d comma-separated numbers.");
}

template <int dim>
Domain<dim> BoxInput::make(const std::string& absorbing) const {
  return Domain<dim>::parse(lower, upper, absorbing);
}

void BallInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Center", center,
                        "Type = ball: d comma-separated numbers. Empty: the origin.");
  handler.add_parameter("Radius", radius, "Type = ball or radial: R > 0.");
}

template <int dim>
Domain<dim> BallInput::make(const std::string& absorbing) const {
  const std::string allowed = "a number > 0 is needed";
  Point<dim> middle;
  if (!trim(center).empty()) middle = parse_point<dim>("Domain/Center", center);
  if (trim(radius).empty()) throw InputError("Domain/Radius", radius, allowed);
  const double r = parse_number("Domain/Radius", radius);
  if (!(r > 0)) throw InputError("Domain/Radius", radius, allowed);
  check_absorbing("ball", absorbing);

  Point<dim> lower, upper;
  for (int i = 0; i < dim; ++i) {
    lower[i] = middle[i] - r;
    upper[i] = middle[i] + r;
  }
  constexpr BoundaryKind kind = BoundaryKind::absorbing;
  if constexpr (dim == 1)
    return Domain<dim>::box(lower, upper, { kind, kind });
  else
    return { std::make_shared<Ball<dim>>(middle, r), { kind }, lower, upper };
}

void RadialInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Effective dimension", effective_dimension,
                        "Type = radial: n, a real number >= 1.");
}

template <int dim>
Domain<dim> RadialInput::make(const std::string& radius) const {
  return Domain<dim>::parse_radial(radius, effective_dimension);
}

void LevelSetInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Level", level,
    "Type = level set: a loss above that of the minimum, L0. A number; or a fraction f of the "
    "barrier, "
    "as 0.9 saddle, L0 + f (L_saddle - L0) with the lowest saddle that leads out of the valley; or "
    "a multiple of L0 > 0, as 3 minimum. With saddle alone (f = 1) the boundary passes through the "
    "saddle and has a corner there, which makes the result less accurate, in 3-D above all.");
}

template <int dim>
Domain<dim> LevelSetInput::make(const BoxInput& search_box, const std::string& absorbing,
                                const std::string& start,
                                const std::shared_ptr<const Loss<dim>>& loss) const {
  check_absorbing("level set", absorbing);
  const auto box = search_box.make<dim>("all");
  return make_level_set<dim>(box, loss, parse_start(start, box), level);
}

void GmshInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Mesh", mesh,
    "Type = gmsh: a .msh file (format 2.2 or 4.1, text) of quadrilaterals or hexahedra, on whose "
    "whole boundary there are physical numbers; relative to the working directory or to the "
    "directory of the parameter file. Cells stay straight when they are refined.");
}

template <int dim>
Domain<dim> GmshInput::make(const std::string& absorbing) const {
  if constexpr (dim == 1)
    throw InputError("Domain/Type", "gmsh", "a mesh from Gmsh needs Dimension = 2 or 3");
  else {
    const std::string file = trim(mesh);
    if (file.empty()) throw InputError("Domain/Mesh", file, "the name of a .msh file is needed");
    const auto shape = std::make_shared<MeshShape<dim>>(file);
    const auto [lower, upper] = shape->bounding_box().get_boundary_points();
    return { shape, parse_boundary(absorbing, shape->side_names()), lower, upper };
  }
}

namespace {

template <int dim>
using DomainTable = ModelTable<
  std::function<Domain<dim>(const DomainInput&, const std::shared_ptr<const Loss<dim>>&)>>;

template <int dim>
const DomainTable<dim>& domains() {
  using LossPointer = std::shared_ptr<const Loss<dim>>;
  static const DomainTable<dim> table({
    { "box", [](const DomainInput& input,
                const LossPointer&) { return input.box.make<dim>(input.absorbing); } },
    { "radial", [](const DomainInput& input,
                   const LossPointer&) { return input.radial.make<dim>(input.ball.radius); } },
    { "ball", [](const DomainInput& input,
                 const LossPointer&) { return input.ball.make<dim>(input.absorbing); } },
    { "level set",
      [](const DomainInput& input, const LossPointer& loss) {
        return input.level_set.make<dim>(input.box, input.absorbing, input.start, loss);
      } },
    { "gmsh", [](const DomainInput& input,
                 const LossPointer&) { return input.gmsh.make<dim>(input.absorbing); } },
  });
  return table;
}

} // namespace

void DomainInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Type", type,
    "Shape of the domain. box: Lower to Upper. ball: |theta - Center| <= Radius, absorbing (an "
    "interval for Dimension = 1). level set: the connected part of {L < Level} around the minimum "
    "of "
    "the valley that is left, which must be star-shaped about the minimum; absorbing. gmsh: a mesh "
    "that Gmsh has "
    "written (Dimension = 2 or 3). radial: "
    "the ball |theta| <= Radius in Effective dimension dimensions, solved in the radial coordinate "
    "r "
    "(Dimension = 1) and absorbing at r = Radius; D must be a multiple of the identity.",
    dealii::Patterns::Selection(domains<1>().names()));
  box.declare(handler);
  handler.add_parameter("Absorbing", absorbing,
                        "Absorbing sides, where the process is removed; all other sides reflect. "
                        "Type = box: any of x- x+ "
                        "y- y+ z- z+. Type = gmsh: numbers of Physical Curves (Surfaces in 3-D). "
                        "Or all; other types have "
                        "a single side, which absorbs.");
  ball.declare(handler);
  radial.declare(handler);
  level_set.declare(handler);
  gmsh.declare(handler);
  handler.add_parameter("Start", start,
                        "A point in the valley that is left: d comma-separated numbers. Empty: the "
                        "deepest minimum found.");
}

template <int dim>
Domain<dim> DomainInput::make(const std::shared_ptr<const Loss<dim>>& loss) const {
  return domains<dim>().find("Domain/Type", type)(*this, loss);
}

template <int dim>
std::optional<Point<dim>> DomainInput::make_start(const Domain<dim>& domain) const {
  return parse_start(start, domain);
}

#define INSTANTIATE(dim)                                                                           \
  template Domain<dim> BoxInput::make<dim>(const std::string&) const;                              \
  template Domain<dim> BallInput::make<dim>(const std::string&) const;                             \
  template Domain<dim> RadialInput::make<dim>(const std::string&) const;                           \
  template Domain<dim> LevelSetInput::make(const BoxInput&, const std::string&,                    \
                                           const std::string&,                                     \
                                           const std::shared_ptr<const Loss<dim>>&) const;         \
  template Domain<dim> GmshInput::make<dim>(const std::string&) const;                             \
  template Domain<dim> DomainInput::make(const std::shared_ptr<const Loss<dim>>&) const;           \
  template std::optional<Point<dim>> DomainInput::make_start(const Domain<dim>&) const;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
