#include "postprocess/fields/grid_search.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/mapping_cartesian.h>

#include <algorithm>

namespace fokker_planck {

using dealii::BoundingBox;
using dealii::Point;

namespace {

/// Intervals per direction between the points that probe the extent of a curved cell, and by how
/// much of it the cell may bulge between them.
constexpr unsigned int n_probes = 4;
constexpr double bulge = 0.1;

/// Of reference coordinates: the boundary of a shape is interpolated, and its cells have slightly
/// different faces where one is larger than the other.
constexpr double tolerance = 1e-8;

/// Indices [first, last) of the coordinates within [lower, upper], up to rounding.
std::pair<std::size_t, std::size_t> range(const std::vector<double>& axis, const double lower,
                                          const double upper) {
  const double rounding = 1e-12 * (std::fabs(lower) + std::fabs(upper));
  return { std::lower_bound(axis.begin(), axis.end(), lower - rounding) - axis.begin(),
           std::upper_bound(axis.begin(), axis.end(), upper + rounding) - axis.begin() };
}

} // namespace

template <int dim>
Grid<dim>::Grid(const std::array<std::vector<double>, dim>& axes_) : axes(axes_) {}

template <int dim>
std::size_t Grid<dim>::n_points() const {
  std::size_t n = 1;
  for (const auto& axis : axes)
    n *= axis.size();
  return n;
}

template <int dim>
Point<dim> Grid<dim>::point(std::size_t index) const {
  Point<dim> point;
  for (int i = 0; i < dim; index /= axes[i].size(), ++i)
    point[i] = axes[i][index % axes[i].size()];
  return point;
}

template <int dim>
std::vector<std::size_t> Grid<dim>::within(const BoundingBox<dim>& box) const {
  std::array<std::pair<std::size_t, std::size_t>, dim> ranges;
  std::size_t n = 1;
  for (int i = 0; i < dim; ++i) {
    ranges[i] = range(axes[i], box.lower_bound(i), box.upper_bound(i));
    n *= ranges[i].second - ranges[i].first;
  }
  std::vector<std::size_t> indices;
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t rest = k, index = 0, stride = 1;
    for (int i = 0; i < dim; ++i) {
      const std::size_t width = ranges[i].second - ranges[i].first;
      index += stride * (ranges[i].first + rest % width);
      rest /= width;
      stride *= axes[i].size();
    }
    indices.push_back(index);
  }
  return indices;
}

template <int dim>
GridSearch<dim>::GridSearch(const Problem<dim>& problem, const Discretization<dim>& discretization,
                            const Grid<dim>& grid_)
  : grid(grid_), is_box(problem.domain.is_box()),
    cartesian(is_box ? std::make_unique<const dealii::MappingCartesian<dim>>() : nullptr),
    mapping(is_box ? *cartesian : discretization.get_mapping()),
    probes(mapping, no_element, dealii::QIterated<dim>(dealii::QTrapezoid<1>(), n_probes),
           dealii::update_quadrature_points) {}

template <int dim>
BoundingBox<dim> GridSearch<dim>::bounding_box(const Cell& cell) {
  probes.reinit(typename dealii::Triangulation<dim>::cell_iterator(cell));
  BoundingBox<dim> box(probes.get_quadrature_points());
  auto& [lower, upper] = box.get_boundary_points();
  const auto margin = bulge * (upper - lower);
  lower -= margin;
  upper += margin;
  return box;
}

template <int dim>
typename GridSearch<dim>::Found GridSearch<dim>::operator()(const Cell& cell) {
  Found found;
  if (is_box) {
    found.indices = grid.within(cell->bounding_box());
    for (const std::size_t index : found.indices) {
      found.points.push_back(grid.point(index));
      found.unit_points.push_back(mapping.transform_real_to_unit_cell(cell, found.points.back()));
    }
    return found;
  }

  const auto candidates = grid.within(bounding_box(cell));
  std::vector<Point<dim>> points, unit_points(candidates.size());
  for (const std::size_t index : candidates)
    points.push_back(grid.point(index));
  if (points.empty()) return found;
  mapping.transform_points_real_to_unit_cell(cell, points, unit_points); // infinite where it fails
  for (std::size_t k = 0; k < points.size(); ++k)
    if (dealii::GeometryInfo<dim>::is_inside_unit_cell(unit_points[k], tolerance)) {
      found.indices.push_back(candidates[k]);
      found.points.push_back(points[k]);
      found.unit_points.push_back(unit_points[k]);
    }
  return found;
}

#define INSTANTIATE(dim)                                                                           \
  template class Grid<dim>;                                                                        \
  template class GridSearch<dim>;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
