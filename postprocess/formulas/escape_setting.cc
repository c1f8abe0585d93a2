#include "postprocess/formulas/escape_setting.h"

#include "postprocess/formulas/conditions.h"
#include "postprocess/formulas/exit_geometry.h"
#include "problems/base/eigenvalues.h"
#include "problems/geometry/lattice.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using conditions::text;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

/// The negative eigenvalue of D Psi'' at a saddle, the rate at which the flow leaves it.
template <int dim>
double unstable_rate(const SymmetricTensor<2, dim>& diffusion,
                     const SymmetricTensor<2, dim>& hessian) {
  Tensor<2, dim> root; // of D; root Psi'' root is symmetric and similar to D Psi''
  for (const auto& [value, vector] : eigenpairs(diffusion))
    root += std::sqrt(value) * outer_product(vector, vector);
  return smallest_eigenvalue(symmetrize(root * Tensor<2, dim>(hessian) * root));
}

/// Of the landscape in a direction.
template <int dim>
double width(const Tensor<1, dim>& direction, const SymmetricTensor<2, dim>& hessian) {
  return 1 / std::sqrt(std::fabs(direction * (hessian * direction)));
}

template <int dim, typename Condition>
bool leads(const CriticalPoint<dim>& point, const Condition& condition) {
  return std::any_of(point.leads_to.begin(), point.leads_to.end(),
                     [&](const auto& end) { return condition(end.well); });
}

} // namespace

template <int dim>
EscapeSetting<dim>::EscapeSetting(const Problem<dim>& problem_, const Gauge<dim>& gauge_,
                                  const Landscape<dim>& landscape_)
  : problem(problem_), gauge(gauge_), landscape(landscape_),
    lowest_wall_before_ridge(std::numeric_limits<double>::infinity()),
    lowest_way_to_other_well(lowest_wall_before_ridge) {
  if (!gauge.detailed_balance())
    objection = "detailed balance is broken: the drift divided by D is not a gradient";
  else if (!gauge.is_reversible())
    objection = "the potential is scaled by Discretization/Gauge scale";
  else if (landscape.start < 0)
    objection = "there is no minimum inside the domain to escape from";
  if (landscape.start < 0) return;
  find_routes();
  lowest_wall_before_ridge = find_lowest_wall_before_ridge();
  lowest_way_to_other_well = find_lowest_way_to_other_well();
}

template <int dim>
void EscapeSetting<dim>::find_routes() {
  for (std::size_t index = 0; index < landscape.critical_points.size(); ++index) {
    const Point& point = landscape.critical_points[index];
    if (point.kind == Point::Kind::minimum || !leads(point, [](int well) { return well == 0; }))
      continue;
    if (point.kind == Point::Kind::exit || on_side(point, true) ||
        leads(point, [](int well) { return well == Point::absorbed; }))
      routes.push_back(through(index));
  }
  std::sort(routes.begin(), routes.end(),
            [](const Route& a, const Route& b) { return a.potential < b.potential; });
}

template <int dim>
Route EscapeSetting<dim>::through(const std::size_t index) const {
  const Point& point = landscape.critical_points[index];
  return point.kind == Point::Kind::exit
           ? boundary_exit(index)
           : over_saddle(index,
                         on_side(point, true) ? Route::Way::at_saddle : Route::Way::beyond_saddle);
}

template <int dim>
double EscapeSetting<dim>::find_lowest_way_to_other_well() const {
  double lowest = std::numeric_limits<double>::infinity();
  for (const auto& point : landscape.critical_points)
    if (point.kind == Point::Kind::saddle && leads(point, [](int well) { return well == 0; }) &&
        leads(point, [](int well) { return well > 0; }))
      lowest = std::min(lowest, point.potential);
  return lowest;
}

template <int dim>
std::string EscapeSetting<dim>::objection_to(const Point& minimum) const {
  const auto& position = minimum.position;
  std::vector<SymmetricTensor<2, dim>> hessian;
  gauge.hessians({ position }, hessian);
  const Domain<dim>& domain = problem.domain;
  const double volume_curvature =
    (domain.dimension() - dim) / (position[0] * position[0]) / hessian[0].norm();
  if (domain.is_radial() && volume_curvature > conditions::most_volume_curvature)
    return "the valley surrounds r = 0, where the density follows the volume element (see first "
           "passage to a level)";
  for (const auto& wall : domain.boundary_around(position)) {
    const double distance = position.distance(wall.position) / width(wall.normal, hessian[0]);
    if (distance < conditions::least_distance)
      return text("the minimum is only %.2g widths of the valley away from side ", distance) +
             domain.side_name(wall.side) + text(" (%g needed)", conditions::least_distance);
  }
  return "";
}

template <int dim>
double EscapeSetting<dim>::find_lowest_wall_before_ridge() const {
  double lowest = std::numeric_limits<double>::infinity();
  std::vector<Tensor<1, dim>> gradients;
  std::vector<SymmetricTensor<2, dim>> hessians;
  std::vector<double> potentials;
  for (unsigned int side = 0; side < problem.domain.n_sides(); ++side) {
    if (!problem.domain.absorbs(side)) continue;
    const auto points = points_on(side);
    gauge.values(points, potentials);
    gauge.gradients(points, gradients);
    gauge.hessians(points, hessians);
    for (std::size_t k = 0; k < points.size(); ++k) {
      const Tensor<1, dim> normal = problem.domain.project(points[k], side).normal;
      if (normal * gradients[k] > 0.5 / width(normal, hessians[k]))
        lowest = std::min(lowest, potentials[k]);
    }
  }
  return lowest;
}

template <int dim>
std::vector<dealii::Point<dim>> EscapeSetting<dim>::points_on(const unsigned int side) const {
  // A lattice ends on the sides of a box, and is coarser than the graph.
  if (!problem.domain.is_box()) return landscape.watershed.points_on(side);
  std::vector<dealii::Point<dim>> points = lattice(problem.domain, dim == 3 ? 40 : 200);
  points.erase(std::remove_if(points.begin(), points.end(),
                              [&](const auto& point) {
                                return point[Domain<dim>::direction(side)] !=
                                       problem.domain.coordinate(side);
                              }),
               points.end());
  return points;
}

template <int dim>
bool EscapeSetting<dim>::on_side(const Point& point, const bool absorbing) const {
  return std::any_of(point.sides.begin(), point.sides.end(),
                     [&](unsigned int side) { return problem.domain.absorbs(side) == absorbing; });
}

template <int dim>
double EscapeSetting<dim>::log_weight(const Point& minimum) {
  return 0.5 * dim * std::log(2 * M_PI) - 0.5 * log_determinant(minimum.potential_eigenvalues) -
         minimum.potential;
}

// The flux through a saddle is |lambda| sqrt((2 pi)^n/|det Psi''|) exp(-Psi)/(2 pi), lambda the
// negative eigenvalue of D Psi''; the rate is the flux divided by the weight of the valley.
template <int dim>
Route EscapeSetting<dim>::over_saddle(const std::size_t index, const Route::Way way) const {
  const Point& point = landscape.critical_points[index];
  std::vector<SymmetricTensor<2, dim>> hessian, diffusion;
  gauge.hessians({ point.position }, hessian);
  problem.diffusion->tensors({ point.position }, diffusion);
  Route route{ way, index, point.potential,
               std::log(-unstable_rate(diffusion[0], hessian[0]) / (2 * M_PI)) + log_weight(point) -
                 log_weight(minimum()),
               "" };
  if (on_side(point, false)) route.objection = "the saddle lies on a reflecting side";
  if (way == Route::Way::at_saddle) {
    route.log_rate += std::log(2.);
    const auto unstable = eigenpairs(hessian[0])[dim - 1].second;
    const double alignment =
      std::fabs(unstable * problem.domain.project(point.position, point.sides[0]).normal);
    if (point.sides.size() > 1)
      route.objection = "the saddle lies on an edge of the domain";
    else if (alignment < conditions::least_alignment)
      route.objection =
        "the absorbing side is not perpendicular to the unstable direction of the saddle";
  } else
    for (const auto& end : point.leads_to)
      if (end.well == Point::absorbed && point.potential - end.potential < conditions::least_drop)
        route.objection =
          text("the absorbing side is not well beyond the saddle: L/D falls only by %.3g",
               point.potential - end.potential) +
          text(" (%g needed)", conditions::least_drop);
  return route;
}

// The flux is n.D grad Psi sqrt((2 pi)^(n-1)/det Psi''_boundary) exp(-Psi).
template <int dim>
Route EscapeSetting<dim>::boundary_exit(const std::size_t index) const {
  const Point& point = landscape.critical_points[index];
  std::vector<Tensor<1, dim>> gradient;
  std::vector<SymmetricTensor<2, dim>> hessian, diffusion;
  problem.diffusion->tensors({ point.position }, diffusion);
  gauge.gradients({ point.position }, gradient);
  gauge.hessians({ point.position }, hessian);
  const auto wall = problem.domain.project(point.position, point.sides[0]);
  Route route{ Route::Way::boundary_exit, index, point.potential,
               std::log(std::fabs(wall.normal * (diffusion[0] * gradient[0])) /
                        std::sqrt(2 * M_PI)) +
                 log_weight(point) - log_weight(minimum()),
               "" };
  const double slope = std::fabs(wall.normal * gradient[0]) * width(wall.normal, hessian[0]);
  if (point.sides.size() > 1)
    route.objection = "the exit point lies on an edge of the domain";
  else if (slope < conditions::least_slope)
    route.objection =
      text("the slope at the exit point is only %.2g widths of the landscape away from a "
           "critical point",
           slope) +
      text(" (%g needed)", conditions::least_slope);
  else if (dim > 1)
    route.objection = objection_to_boundary(problem.domain, wall, gradient[0], hessian[0]);
  return route;
}

template class EscapeSetting<1>;
template class EscapeSetting<2>;
template class EscapeSetting<3>;

} // namespace fokker_planck
