#include "postprocess/formulas.h"

#include "postprocess/exit_geometry.h"
#include "problems/eigenvalues.h"
#include "problems/landscape/lattice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace fokker_planck {

namespace {

using dealii::SymmetricTensor;
using dealii::Tensor;

// Limits beyond which the leading term is taken to hold, each in units of its own natural scale.
constexpr double least_barrier = 3;  // barrier / D
constexpr double least_drop = 2;     // (L(saddle) - L(absorbing wall below it)) / D
constexpr double least_slope = 3;    // slope of Psi at an exit point, in units of sqrt(|H_nn|)
constexpr double least_rise = 3;     // (L(wall before the ridge) - L(saddle)) / D
constexpr double least_distance = 2; // of the minimum from every side, in widths 1/sqrt(H_nn)
constexpr double most_bend = 0.3; // change of Psi at the width of an exit by edges of the boundary
constexpr double least_alignment =
  0.99; // |cos| between unstable direction and normal at the saddle

enum class Way { beyond_saddle, at_saddle, boundary_exit };

std::string text(const char* format, const double number) {
  char buffer[200];
  std::snprintf(buffer, sizeof buffer, format, number);
  return buffer;
}

/// Logarithm of |product| of eigenvalues.
double log_determinant(const std::vector<double>& eigenvalues) {
  double sum = 0;
  for (const double value : eigenvalues)
    sum += std::log(std::fabs(value));
  return sum;
}

/// The negative eigenvalue of D Psi'' at a saddle, the rate at which the flow leaves it.
template <int dim>
double unstable_rate(const SymmetricTensor<2, dim>& diffusion,
                     const SymmetricTensor<2, dim>& hessian) {
  Tensor<2, dim> root; // of D; root Psi'' root is symmetric and similar to D Psi''
  for (const auto& [value, vector] : eigenvectors(diffusion))
    root += std::sqrt(value) * outer_product(vector, vector);
  return smallest_eigenvalue(symmetrize(root * Tensor<2, dim>(hessian) * root));
}

/// A way out of the first well, with the leading-order rate through it.
struct Route {
  Way way;
  double potential;
  double log_rate;
  std::string objection; ///< condition on this point that fails; empty if none
};

template <int dim>
class RouteFinder {
public:
  RouteFinder(const Problem<dim>& problem_, const Gauge<dim>& gauge_,
              const Landscape<dim>& landscape_)
    : problem(problem_), gauge(gauge_), landscape(landscape_),
      minimum(landscape.critical_points[landscape.start]),
      log_determinant_minimum(log_determinant(minimum.potential_eigenvalues)) {}

  std::vector<Route> find() const {
    std::vector<Route> routes;
    for (const auto& point : landscape.critical_points) {
      if (point.kind == CriticalPoint<dim>::Kind::minimum || !leads_from_start(point)) continue;
      if (point.kind == CriticalPoint<dim>::Kind::exit)
        routes.push_back(boundary_exit(point));
      else if (on_side(point, true))
        routes.push_back(saddle(point, Way::at_saddle));
      else if (leads_out(point))
        routes.push_back(saddle(point, Way::beyond_saddle));
    }
    std::sort(routes.begin(), routes.end(),
              [](const Route& a, const Route& b) { return a.potential < b.potential; });
    return routes;
  }

  /// Psi of the lowest saddle from the first well into another well; infinite if there is none.
  double lowest_way_to_other_well() const {
    double lowest = std::numeric_limits<double>::infinity();
    for (const auto& point : landscape.critical_points)
      if (point.kind == CriticalPoint<dim>::Kind::saddle && leads_from_start(point) &&
          std::any_of(point.leads_to.begin(), point.leads_to.end(),
                      [](const auto& end) { return end.well > 0; }))
        lowest = std::min(lowest, point.potential);
    return lowest;
  }

  /// What speaks against expanding around the minimum; empty if nothing does.
  std::string objection_to_minimum() const {
    std::vector<SymmetricTensor<2, dim>> hessian;
    gauge.hessians({ minimum.position }, hessian);
    for (const auto& wall : problem.domain.boundary_around(minimum.position)) {
      const double distance =
        minimum.position.distance(wall.position) / width(wall.normal, hessian[0]);
      if (distance < least_distance)
        return text("the minimum is only %.2g widths of the valley away from side ", distance) +
               problem.domain.side_name(wall.side) + text(" (%g needed)", least_distance);
    }
    return "";
  }

  /// The lowest Psi on an absorbing side where Psi rises towards the side: there the process is
  /// absorbed before it has reached the ridge. Slopes below half a width of the landscape count as
  /// none. Evaluated at points of a lattice, or graph; infinite if there is no such point.
  double lowest_wall_before_ridge() const {
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

private:
  using Point = CriticalPoint<dim>;

  /// Of the landscape in a direction.
  static double width(const Tensor<1, dim>& direction, const SymmetricTensor<2, dim>& hessian) {
    return 1 / std::sqrt(std::fabs(direction * (hessian * direction)));
  }

  std::vector<dealii::Point<dim>> points_on(const unsigned int side) const {
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

  static bool leads_from_start(const Point& point) {
    return std::any_of(point.leads_to.begin(), point.leads_to.end(),
                       [](const auto& end) { return end.well == 0; });
  }

  static bool leads_out(const Point& point) {
    return std::any_of(point.leads_to.begin(), point.leads_to.end(),
                       [](const auto& end) { return end.well == Point::absorbed; });
  }

  bool on_side(const Point& point, const bool absorbing) const {
    return std::any_of(point.sides.begin(), point.sides.end(), [&](unsigned int side) {
      return problem.domain.absorbs(side) == absorbing;
    });
  }

  Route saddle(const Point& point, const Way way) const {
    std::vector<SymmetricTensor<2, dim>> hessian, diffusion;
    gauge.hessians({ point.position }, hessian);
    problem.diffusion->tensors({ point.position }, diffusion);
    Route route{ way, point.potential,
                 std::log(-unstable_rate(diffusion[0], hessian[0]) / (2 * M_PI)) +
                   0.5 * (log_determinant_minimum - log_determinant(point.potential_eigenvalues)) -
                   (point.potential - minimum.potential),
                 "" };
    if (on_side(point, false)) route.objection = "the saddle lies on a reflecting side";
    if (way == Way::at_saddle) {
      route.log_rate += std::log(2.);
      const auto unstable = eigenvectors(hessian[0])[dim - 1].second;
      const double alignment =
        std::fabs(unstable * problem.domain.project(point.position, point.sides[0]).normal);
      if (point.sides.size() > 1)
        route.objection = "the saddle lies on an edge of the domain";
      else if (alignment < least_alignment)
        route.objection =
          "the absorbing side is not perpendicular to the unstable direction of the saddle";
    } else
      for (const auto& end : point.leads_to)
        if (end.well == Point::absorbed && point.potential - end.potential < least_drop)
          route.objection =
            text("the absorbing side is not well beyond the saddle: L/D falls only by %.3g",
                 point.potential - end.potential) +
            text(" (%g needed)", least_drop);
    return route;
  }

  Route boundary_exit(const Point& point) const {
    std::vector<Tensor<1, dim>> gradient;
    std::vector<SymmetricTensor<2, dim>> hessian, diffusion;
    problem.diffusion->tensors({ point.position }, diffusion);
    gauge.gradients({ point.position }, gradient);
    gauge.hessians({ point.position }, hessian);
    const auto wall = problem.domain.project(point.position, point.sides[0]);
    Route route{ Way::boundary_exit, point.potential,
                 std::log(std::fabs(wall.normal * (diffusion[0] * gradient[0])) /
                          std::sqrt(2 * M_PI)) +
                   0.5 * (log_determinant_minimum - log_determinant(point.potential_eigenvalues)) -
                   (point.potential - minimum.potential),
                 "" };
    const double slope = std::fabs(wall.normal * gradient[0]) * width(wall.normal, hessian[0]);
    if (point.sides.size() > 1)
      route.objection = "the exit point lies on an edge of the domain";
    else if (slope < least_slope)
      route.objection =
        text("the slope at the exit point is only %.2g widths of the landscape away from a "
             "critical point",
             slope) +
        text(" (%g needed)", least_slope);
    else if (!problem.domain.is_box())
      route.objection = objection_to_boundary(problem.domain, wall, gradient[0], hessian[0]);
    return route;
  }

  const Problem<dim>& problem;
  const Gauge<dim>& gauge;
  const Landscape<dim>& landscape;
  const Point& minimum;
  const double log_determinant_minimum;
};

/// Why no exit point belongs to the valley.
template <int dim>
std::string no_exit_point(const Problem<dim>& problem, const Landscape<dim>& landscape) {
  bool is_constant = !problem.domain.is_box();
  for (unsigned int side = 0; side < problem.domain.n_sides(); ++side)
    if (problem.domain.absorbs(side))
      is_constant = is_constant && landscape.watershed.is_constant_along(side);
  if (is_constant)
    return "the loss is constant along the boundary: there is no isolated exit point";
  if (!problem.domain.is_box())
    return "no isolated exit point, where L rises towards an absorbing side, was found for the "
           "valley";
  return "no exit point, where L rises towards an absorbing side, belongs to the valley";
}

/// The rate through all routes of one kind, and whether it is the rate of escape.
template <int dim>
void apply(Formula& formula, const Way way, const std::vector<Route>& routes,
           const RouteFinder<dim>& finder, const Problem<dim>& problem,
           const Landscape<dim>& landscape) {
  const double start_potential = landscape.critical_points[landscape.start].potential;
  const double exit_level = landscape.exit_level;
  const auto first = std::find_if(routes.begin(), routes.end(),
                                  [&](const Route& route) { return route.way == way; });
  if (first == routes.end()) {
    const bool at_saddle = std::any_of(
      routes.begin(), routes.end(), [](const Route& route) { return route.way == Way::at_saddle; });
    formula.reason = way == Way::beyond_saddle && at_saddle
                       ? "the absorbing side passes through the saddle"
                     : way == Way::beyond_saddle
                       ? "no saddle inside the domain leads from the valley to an absorbing side"
                     : way == Way::at_saddle ? "no saddle of the valley lies on an absorbing side"
                                             : no_exit_point(problem, landscape);
    return;
  }
  double sum = 0;
  int n_routes = 0;
  std::string objection;
  for (const Route& route : routes)
    if (route.way == way) {
      sum += std::exp(route.log_rate - first->log_rate);
      if (route.potential < first->potential + 1e-6 * (first->potential - start_potential)) {
        ++n_routes;
        if (objection.empty()) objection = route.objection;
      }
    } else if (objection.empty() && route.potential < first->potential + 5)
      objection = "a way out of another kind is as low or lower";
  formula.log_rate = first->log_rate + std::log(sum);

  const double barrier = first->potential - start_potential;
  if (objection.empty()) objection = finder.objection_to_minimum();
  if (objection.empty() && way != Way::boundary_exit) {
    const double rise = finder.lowest_wall_before_ridge() - first->potential;
    if (rise < least_rise)
      objection = text("an absorbing side cuts the near side of the ridge: L/D there is only %.2g "
                       "above the saddle",
                       rise) +
                  text(" (%g needed)", least_rise);
  }
  if (objection.empty() && finder.lowest_way_to_other_well() < first->potential + 5)
    objection = "another valley inside the domain is reached over a saddle as low as the way out";
  // The lattice overestimates the level; by more than a tenth only if it is much too coarse.
  if (objection.empty() && exit_level < first->potential - 0.1 * barrier - 1)
    objection = "there is a lower way out whose critical point was not found";
  if (objection.empty() && barrier < least_barrier)
    objection =
      text("barrier/D = %.3g is not large", barrier) + text(" (%g needed)", least_barrier);
  formula.applicable = objection.empty();
  formula.reason = !objection.empty()
                     ? objection
                     : text("barrier/D = %.4g", barrier) +
                         (n_routes > 1 ? text(", %g parallel ways out", n_routes) : "");
}

} // namespace

template <int dim>
std::vector<Formula> escape_formulas(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                     const Landscape<dim>& landscape) {
  struct Entry {
    const char* name;
    Way way;
    bool one_dimensional;
  };
  const Entry entries[] = { { "Kramers", Way::beyond_saddle, true },
                            { "Kramers at the saddle", Way::at_saddle, true },
                            { "Eyring-Kramers", Way::beyond_saddle, false },
                            { "Eyring-Kramers at the saddle", Way::at_saddle, false },
                            { "boundary exit", Way::boundary_exit, false } };
  std::vector<Formula> formulas;
  for (const Entry& entry : entries) {
    Formula formula;
    formula.name = entry.name;
    if (entry.one_dimensional && dim > 1)
      formula.reason = "the formula is for one dimension";
    else if (!gauge.detailed_balance())
      formula.reason = "detailed balance is broken: the drift divided by D is not a gradient";
    else if (!gauge.is_exact())
      formula.reason = "the potential is scaled by Discretization/Gauge scale";
    else if (landscape.start < 0)
      formula.reason = "there is no minimum inside the domain to escape from";
    else {
      const RouteFinder<dim> finder(problem, gauge, landscape);
      apply(formula, entry.way, finder.find(), finder, problem, landscape);
    }
    formulas.push_back(formula);
  }
  return formulas;
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<Formula> escape_formulas(const Problem<dim>&, const Gauge<dim>&,            \
                                                const Landscape<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
