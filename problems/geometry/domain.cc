#include "problems/geometry/domain.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/geometry/sides.h"

#include <algorithm>

namespace fokker_planck {

template <int dim>
std::string Domain<dim>::side_name(const unsigned int side) const {
  if (shape) return shape->side_name(side);
  return coordinate_name(direction(side)) + (side % 2 ? '+' : '-');
}

template <int dim>
bool Domain<dim>::contains(const dealii::Point<dim>& point, const double tolerance) const {
  for (int i = 0; i < dim; ++i)
    if (!(point[i] >= lower[i] - tolerance && point[i] <= upper[i] + tolerance))
      return shape && tolerance == 0 && shape->contains(point); // rounding of its own
  return !shape || shape->contains(point) ||
         (tolerance > 0 && shape->project(point).position.distance(point) <= tolerance);
}

template <int dim>
dealii::Point<dim> Domain<dim>::clamp(const dealii::Point<dim>& point) const {
  dealii::Point<dim> inside;
  for (int i = 0; i < dim; ++i)
    inside[i] = std::min(std::max(point[i], lower[i]), upper[i]);
  return inside;
}

template <int dim>
Domain<dim> Domain<dim>::parse(const std::string& lower_text, const std::string& upper_text,
                               const std::string& absorbing_text) {
  Domain box;
  const auto lower = parse_numbers("Domain/Lower", lower_text, dim);
  const auto upper = parse_numbers("Domain/Upper", upper_text, dim);
  for (int i = 0; i < dim; ++i) {
    if (!(lower[i] < upper[i]))
      throw InputError("Domain/Upper", trim(upper_text),
                       "each component must exceed that of Domain/Lower = " + trim(lower_text));
    box.lower[i] = lower[i];
    box.upper[i] = upper[i];
  }
  std::vector<std::string> sides;
  for (unsigned int side = 0; side < 2 * dim; ++side)
    sides.push_back(box.side_name(side));
  box.absorbing = parse_absorbing(absorbing_text, sides);
  return box;
}

template <int dim>
Domain<dim> Domain<dim>::parse_radial(const std::string& radius, const std::string& dimension) {
  Domain box;
  box.radial = true;
  const auto number = [](const std::string& key, const std::string& text,
                         const std::string& allowed) {
    if (trim(text).empty()) throw InputError(key, text, allowed);
    return parse_number(key, text);
  };
  box.upper[0] = number("Domain/Radius", radius, "a number > 0 is needed");
  if (!(box.upper[0] > 0)) throw InputError("Domain/Radius", radius, "a number > 0 is needed");
  box.effective_dimension =
    number("Domain/Effective dimension", dimension, "a number >= 1 is needed");
  if (!(box.effective_dimension >= 1))
    throw InputError("Domain/Effective dimension", dimension, "a number >= 1 is needed");
  box.absorbing[1] = true;
  return box;
}

template <int dim>
typename Domain<dim>::BoundaryPoint Domain<dim>::project(const dealii::Point<dim>& point,
                                                         const unsigned int side) const {
  if (shape) return shape->project(point);
  BoundaryPoint result{ point, side, {}, {} };
  result.position[direction(side)] = coordinate(side);
  result.normal[direction(side)] = outward(side);
  return result;
}

template <int dim>
std::vector<typename Domain<dim>::BoundaryPoint> Domain<dim>::boundary_around(
  const dealii::Point<dim>& point) const {
  if (shape) return { shape->project(point) };
  std::vector<BoundaryPoint> points;
  for (unsigned int side = 0; side < n_sides(); ++side)
    points.push_back(project(point, side));
  return points;
}

template struct Domain<1>;
template struct Domain<2>;
template struct Domain<3>;

} // namespace fokker_planck
