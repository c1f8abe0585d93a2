#include "problems/geometry/box.h"

#include "problems/base/text.h"

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/tria.h>

#include <algorithm>
#include <limits>

namespace fokker_planck {

using dealii::Point;

template <int dim>
Box<dim>::Box(const Point<dim>& lower_, const Point<dim>& upper_) : lower(lower_), upper(upper_) {}

template <int dim>
std::string Box<dim>::description() const {
  return (dim == 1 ? "the interval from " : "the box from ") + format_point(&lower[0], dim) +
         " to " + format_point(&upper[0], dim);
}

template <int dim>
std::string Box<dim>::side_name(const unsigned int side) const {
  return std::string(1, "xyz"[side / 2]) + (side % 2 ? '+' : '-');
}

template <int dim>
bool Box<dim>::contains(const Point<dim>& point) const {
  return contains_within(point, 0);
}

template <int dim>
bool Box<dim>::contains_within(const Point<dim>& point, const double tolerance) const {
  for (int i = 0; i < dim; ++i)
    if (!(point[i] >= lower[i] - tolerance && point[i] <= upper[i] + tolerance))
      return false; // also if it is not a number
  return true;
}

template <int dim>
Point<dim> Box<dim>::clamp(const Point<dim>& point) const {
  Point<dim> inside;
  for (int i = 0; i < dim; ++i)
    inside[i] = std::min(std::max(point[i], lower[i]), upper[i]);
  return inside;
}

template <int dim>
typename Box<dim>::BoundaryPoint Box<dim>::project(const Point<dim>& point) const {
  const Point<dim> inside = clamp(point);
  const auto sides = boundary_around(inside);
  return *std::min_element(sides.begin(), sides.end(), [&](const auto& a, const auto& b) {
    return a.position.distance(inside) < b.position.distance(inside);
  });
}

template <int dim>
typename Box<dim>::BoundaryPoint Box<dim>::project_onto(const unsigned int side,
                                                        const Point<dim>& point) const {
  BoundaryPoint result{ point, side, {}, {} };
  result.position[side / 2] = (side % 2 ? upper : lower)[side / 2];
  result.normal[side / 2] = side % 2 ? 1. : -1.;
  return result;
}

template <int dim>
std::vector<typename Box<dim>::BoundaryPoint> Box<dim>::boundary_around(
  const Point<dim>& point) const {
  std::vector<BoundaryPoint> points;
  for (unsigned int side = 0; side < 2 * dim; ++side)
    points.push_back(project_onto(side, point));
  return points;
}

template <int dim>
std::optional<typename Box<dim>::Crossing> Box<dim>::first_crossing(const Point<dim>& from,
                                                                    const Point<dim>& to,
                                                                    const Sides sides) const {
  double first = std::numeric_limits<double>::infinity();
  unsigned int first_side = 0;
  for (unsigned int side = 0; side < 2 * dim; ++side) {
    const unsigned int i = side / 2;
    const double wall = (side % 2 ? upper : lower)[i], outward = side % 2 ? 1. : -1.;
    if (!has_side(sides, side) || !(outward * (to[i] - wall) > 0)) continue;
    const bool starts_inside = outward * (wall - from[i]) > 0;
    const double fraction = starts_inside ? (wall - from[i]) / (to[i] - from[i]) : 0.;
    if (fraction < first) {
      first = fraction;
      first_side = side;
    }
  }
  if (first == std::numeric_limits<double>::infinity()) return {};
  return Crossing{ project_onto(first_side, clamp(from + first * (to - from))), first };
}

template <int dim>
std::optional<Point<dim>> Box<dim>::deepest_point() const {
  return lower + 0.5 * (upper - lower);
}

template <int dim>
void Box<dim>::make_coarse_mesh(dealii::Triangulation<dim>& mesh, const unsigned int n,
                                const std::vector<double>&) const {
  dealii::GridGenerator::subdivided_hyper_rectangle(mesh, std::vector<unsigned int>(dim, n), lower,
                                                    upper, true);
}

template <int dim>
void Box<dim>::make_mesh(dealii::Triangulation<dim>& mesh, const CellLayout<dim>& layout) const {
  const auto& n_cells = layout.n_cells;
  if (std::any_of(layout.steps.begin(), layout.steps.end(),
                  [](const auto& steps) { return !steps.empty(); })) {
    std::vector<std::vector<double>> steps(layout.steps.begin(), layout.steps.end());
    for (int i = 0; i < dim; ++i)
      if (steps[i].empty()) steps[i].assign(n_cells[i], (upper[i] - lower[i]) / n_cells[i]);
    dealii::GridGenerator::subdivided_hyper_rectangle(mesh, steps, lower, upper, true);
    return;
  }
  std::vector<unsigned int> coarse(n_cells.begin(), n_cells.end());
  unsigned int n_refinements = 0;
  while (std::all_of(coarse.begin(), coarse.end(), [](unsigned int n) { return n % 2 == 0; })) {
    for (unsigned int& n : coarse)
      n /= 2;
    ++n_refinements;
  }
  dealii::GridGenerator::subdivided_hyper_rectangle(mesh, coarse, lower, upper, true);
  mesh.refine_global(n_refinements);
}

RadialInterval::RadialInterval(const double radius_, const double dimension)
  : Box<1>(Point<1>(0.), Point<1>(radius_)), radius(radius_), n(dimension) {}

std::string RadialInterval::description() const {
  return "the ball r <= " + format_number(radius);
}

template class Box<1>;
template class Box<2>;
template class Box<3>;

} // namespace fokker_planck
