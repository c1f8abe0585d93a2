#include "problems/input/domain_input.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/geometry/ball.h"
#include "problems/geometry/mesh_shape.h"
#include "problems/landscape/level.h"

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
void check_absorbing(const DomainInput& input) {
  const std::string text = trim(input.absorbing);
  if (text != "all" && text != "boundary")
    throw InputError("Domain/Absorbing", text,
                     "the whole boundary of a " + input.type + " absorbs: all is needed");
}

template <int dim>
Domain<dim> make_ball(const DomainInput& input) {
  const std::string allowed = "a number > 0 is needed";
  Point<dim> center;
  if (!trim(input.center).empty()) center = parse_point<dim>("Domain/Center", input.center);
  if (trim(input.radius).empty()) throw InputError("Domain/Radius", input.radius, allowed);
  const double radius = parse_number("Domain/Radius", input.radius);
  if (!(radius > 0)) throw InputError("Domain/Radius", input.radius, allowed);
  check_absorbing(input);

  Point<dim> lower, upper;
  for (int i = 0; i < dim; ++i) {
    lower[i] = center[i] - radius;
    upper[i] = center[i] + radius;
  }
  constexpr BoundaryKind absorbing = BoundaryKind::absorbing;
  if constexpr (dim == 1)
    return Domain<dim>::box(lower, upper, { absorbing, absorbing });
  else
    return { std::make_shared<Ball<dim>>(center, radius), { absorbing }, lower, upper };
}

/// The domain of a level set; the start is needed to find the valley.
template <int dim>
Domain<dim> find_level_set(const DomainInput& input, Problem<dim> search) {
  check_absorbing(input);
  search.domain = Domain<dim>::parse(input.lower, input.upper, "all");
  search.start = parse_start(input.start, search.domain);
  return make_level_set(search, input.level);
}

template <int dim>
Domain<dim> read_mesh(const DomainInput& input) {
  if constexpr (dim == 1)
    throw InputError("Domain/Type", input.type, "a mesh from Gmsh needs Dimension = 2 or 3");
  else {
    const std::string file = trim(input.mesh);
    if (file.empty()) throw InputError("Domain/Mesh", file, "the name of a .msh file is needed");
    const auto shape = std::make_shared<MeshShape<dim>>(file);
    const auto [lower, upper] = shape->bounding_box().get_boundary_points();
    return { shape, parse_boundary(input.absorbing, shape->side_names()), lower, upper };
  }
}

} // namespace

std::string domain_types() {
  return "box|radial|ball|level set|gmsh";
}

template <int dim>
void make_domain(const DomainInput& input, Problem<dim>& problem) {
  if (input.type == "radial")
    problem.domain = Domain<dim>::parse_radial(input.radius, input.effective_dimension);
  else if (input.type == "ball")
    problem.domain = make_ball<dim>(input);
  else if (input.type == "level set")
    problem.domain = find_level_set(input, problem);
  else if (input.type == "gmsh")
    problem.domain = read_mesh<dim>(input);
  else
    problem.domain = Domain<dim>::parse(input.lower, input.upper, input.absorbing);
  problem.start = parse_start(input.start, problem.domain);
}

#define INSTANTIATE(dim) template void make_domain(const DomainInput&, Problem<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
