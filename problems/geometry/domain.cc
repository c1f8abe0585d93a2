#include "problems/geometry/domain.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/geometry/box.h"

#include <algorithm>
#include <stdexcept>

namespace fokker_planck {

using dealii::Point;

template <int dim>
Domain<dim>::Domain() : Domain(box({}, {})) {}

template <int dim>
Domain<dim>::Domain(const std::shared_ptr<const Shape<dim>>& shape_,
                    const std::vector<BoundaryKind>& boundary_, const Point<dim>& lower_,
                    const Point<dim>& upper_)
  : lower(lower_), upper(upper_), boundary(boundary_), shape(shape_) {
  if (boundary.size() != shape->n_sides())
    throw std::invalid_argument(shape->description() + " has " + std::to_string(shape->n_sides()) +
                                " sides, but " + std::to_string(boundary.size()) +
                                " kinds of boundary were given");
  if (std::find(boundary.begin(), boundary.end(), BoundaryKind::periodic) != boundary.end())
    throw std::invalid_argument("no analysis can use periodic sides");
}

template <int dim>
Domain<dim> Domain<dim>::box(const Point<dim>& lower, const Point<dim>& upper,
                             const std::vector<BoundaryKind>& boundary) {
  return { std::make_shared<Box<dim>>(lower, upper), boundary, lower, upper };
}

template <int dim>
Sides Domain<dim>::absorbing_sides() const {
  Sides sides = 0;
  for (unsigned int side = 0; side < n_sides(); ++side)
    if (absorbs(side)) sides |= Sides(1) << side;
  return sides;
}

template <int dim>
bool Domain<dim>::contains(const Point<dim>& point, const double tolerance) const {
  if (tolerance == 0) return shape->contains(point);
  for (int i = 0; i < dim; ++i)
    if (!(point[i] >= lower[i] - tolerance && point[i] <= upper[i] + tolerance)) return false;
  return shape->contains_within(point, tolerance);
}

template <int dim>
Point<dim> Domain<dim>::clamp(const Point<dim>& point) const {
  Point<dim> inside;
  for (int i = 0; i < dim; ++i)
    inside[i] = std::min(std::max(point[i], lower[i]), upper[i]);
  return inside;
}

template <int dim>
Point<dim> Domain<dim>::confine(const Point<dim>& point) const {
  return shape->contains(point) ? point : shape->project(point).position;
}

template <int dim>
std::vector<typename Domain<dim>::BoundaryPoint> Domain<dim>::contacts(const Point<dim>& point,
                                                                       const Sides sides) const {
  std::vector<BoundaryPoint> result;
  if (sides == 0) return result;
  for (const BoundaryPoint& wall : boundary_around(point))
    if (has_side(sides, wall.side) &&
        wall.position.distance(point) <= shape->rounding() * diameter())
      result.push_back(wall);
  return result;
}

template <int dim>
Domain<dim> Domain<dim>::parse(const std::string& lower_text, const std::string& upper_text,
                               const std::string& absorbing) {
  const auto lower_numbers = parse_numbers("Domain/Lower", lower_text, dim);
  const auto upper_numbers = parse_numbers("Domain/Upper", upper_text, dim);
  Point<dim> lower, upper;
  for (int i = 0; i < dim; ++i) {
    lower[i] = lower_numbers[i];
    upper[i] = upper_numbers[i];
    if (!(lower[i] < upper[i]))
      throw InputError("Domain/Upper", trim(upper_text),
                       "each component must exceed that of Domain/Lower = " + trim(lower_text));
  }
  const auto shape = std::make_shared<Box<dim>>(lower, upper);
  std::vector<std::string> sides;
  for (unsigned int side = 0; side < 2 * dim; ++side)
    sides.push_back(shape->side_name(side));
  return { shape, parse_boundary(absorbing, sides), lower, upper };
}

template <int dim>
Domain<dim> Domain<dim>::parse_radial(const std::string& radius_text,
                                      const std::string& dimension_text) {
  const auto number = [](const std::string& key, const std::string& text,
                         const std::string& allowed) {
    if (trim(text).empty()) throw InputError(key, text, allowed);
    return parse_number(key, text);
  };
  const double radius = number("Domain/Radius", radius_text, "a number > 0 is needed");
  if (!(radius > 0)) throw InputError("Domain/Radius", radius_text, "a number > 0 is needed");
  const double dimension =
    number("Domain/Effective dimension", dimension_text, "a number >= 1 is needed");
  if (!(dimension >= 1))
    throw InputError("Domain/Effective dimension", dimension_text, "a number >= 1 is needed");
  if constexpr (dim == 1)
    return { std::make_shared<RadialInterval>(radius, dimension),
             { BoundaryKind::reflecting, BoundaryKind::absorbing },
             Point<1>(0.),
             Point<1>(radius) };
  else
    throw InputError("Domain/Type", "radial", "it has the single coordinate r: Dimension = 1");
}

template struct Domain<1>;
template struct Domain<2>;
template struct Domain<3>;

} // namespace fokker_planck
