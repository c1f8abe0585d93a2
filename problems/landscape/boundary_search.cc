#include "problems/landscape/boundary_search.h"

#include "problems/base/eigenvalues.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

// Lengths in diameters of the domain.
constexpr double longest_step = 0.02;
constexpr double first_compass_step = 0.01, last_compass_step = 1e-12;
constexpr double same_point = 1e-6;
constexpr double corner_distance = 1e-6;      // at which both sides of a corner are seen
constexpr double surrounding_distance = 1e-4; // at which Psi is compared with that in a corner

/// Eigenvalues and eigenvectors of the Hessian along the boundary, ascending.
template <int dim>
struct BoundaryHessian {
  BoundaryHessian(const typename Domain<dim>::BoundaryPoint& point, const Tensor<1, dim>& gradient,
                  const SymmetricTensor<2, dim>& hessian) {
    const auto normal = symmetrize(outer_product(point.normal, point.normal));
    const Tensor<2, dim> tangents(dealii::unit_symmetric_tensor<dim>() - normal);
    const auto flat = symmetrize(tangents * Tensor<2, dim>(hessian) * tangents);
    const SymmetricTensor<2, dim> bend = (point.normal * gradient) * point.curvature;
    scale = flat.norm() + bend.norm();
    if (!std::isfinite(scale)) return;
    // The normal is given an eigenvalue above all others and left out.
    const auto pairs = eigenpairs(flat - bend + (2 * scale + 1e-300) * normal);
    for (int i = dim; i-- > 1;)
      tangential.push_back(pairs[i]);
  }

  /// A Hessian that vanishes, up to rounding, in one direction decides nothing.
  bool is_degenerate() const {
    return !std::isfinite(scale) ||
           std::any_of(tangential.begin(), tangential.end(),
                       [&](const auto& pair) { return !(std::fabs(pair.first) > 1e-8 * scale); });
  }

  std::vector<double> eigenvalues() const {
    std::vector<double> values;
    for (const auto& pair : tangential)
      values.push_back(pair.first);
    return values;
  }

  double scale; ///< the size of its terms, which may cancel
  std::vector<std::pair<double, Tensor<1, dim>>> tangential;
};

/// The 3^dim - 1 directions to the surrounding points of a lattice, of length 1.
template <int dim>
std::vector<Tensor<1, dim>> surrounding_directions() {
  std::vector<Tensor<1, dim>> directions;
  const int n = static_cast<int>(std::lround(std::pow(3, dim)));
  for (int k = 0; k < n; ++k) {
    Tensor<1, dim> direction;
    for (int i = 0, rest = k; i < dim; ++i, rest /= 3)
      direction[i] = rest % 3 - 1;
    if (direction.norm() > 0) directions.push_back(direction / direction.norm());
  }
  return directions;
}

} // namespace

template <int dim>
BoundarySearch<dim>::BoundarySearch(const Domain<dim>& domain_, const ScalarField<dim>& psi_,
                                    const ScalarField<dim>& loss_)
  : domain(domain_), psi(psi_), loss(loss_), shape(*domain.shape), diameter(domain.diameter()) {}

template <int dim>
typename BoundarySearch<dim>::Result BoundarySearch<dim>::find(
  const Watershed<dim>& watershed) const {
  Result result;
  for (unsigned int side = 0; side < shape.n_sides(); ++side)
    for (const Point<dim>& start : watershed.local_minima_along(side)) {
      if (const auto minimum = newton(start, side)) {
        add(*minimum, result);
        continue;
      }
      const Point<dim> lowest = compass(start, side);
      if (const auto minimum = newton(lowest, side))
        add(*minimum, result);
      else
        add_corner(lowest, side, result);
    }
  return result;
}

/// The limit; none if there is no isolated minimum on a smooth part of the side.
template <int dim>
std::optional<typename BoundarySearch<dim>::BoundaryPoint> BoundarySearch<dim>::newton(
  const Point<dim>& start, const unsigned int side) const {
  BoundaryPoint point = shape.project(start);
  std::vector<double> value, next_value;
  std::vector<Tensor<1, dim>> gradient;
  std::vector<SymmetricTensor<2, dim>> hessian;
  psi.values({ point.position }, value);
  unsigned int n_small = 0; // steps since convergence, for polishing
  for (unsigned int iteration = 0; iteration < 80 && point.side == side; ++iteration) {
    psi.gradients({ point.position }, gradient);
    psi.hessians({ point.position }, hessian);
    const BoundaryHessian<dim> along(point, gradient[0], hessian[0]);
    if (along.is_degenerate()) return {};
    Tensor<1, dim> step;
    for (const auto& [eigenvalue, vector] : along.tangential)
      step -= vector * (vector * gradient[0]) / std::fabs(eigenvalue);
    const double relative = step.norm() / diameter;
    step *= std::min(1., longest_step / std::max(relative, 1e-300));

    BoundaryPoint next = shape.project(point.position + step);
    psi.values({ next.position }, next_value);
    for (unsigned int halving = 0; relative > 1e-5 && !(next_value[0] < value[0]); ++halving) {
      if (halving == 30) return {};
      step *= 0.5;
      next = shape.project(point.position + step);
      psi.values({ next.position }, next_value);
    }
    if (next.normal * point.normal < 0.5) return {}; // around a corner
    point = next;
    value = next_value;
    n_small = relative < 1e-9 ? n_small + 1 : 0;
    if (n_small > 2 && point.side == side) return point;
  }
  return {};
}

template <int dim>
Point<dim> BoundarySearch<dim>::compass(const Point<dim>& start, const unsigned int side) const {
  Point<dim> lowest = start;
  std::vector<double> value, next_values;
  psi.values({ lowest }, value);
  double step = first_compass_step * diameter;
  for (unsigned int i = 0; i < 500 && step > last_compass_step * diameter; ++i) {
    std::vector<Point<dim>> next;
    for (int direction = 0; direction < dim; ++direction)
      for (const double sign : { -1., 1. }) {
        Point<dim> beside = lowest;
        beside[direction] += sign * step;
        const BoundaryPoint projected = shape.project(beside);
        if (projected.side == side && projected.position.distance(lowest) < 2 * step)
          next.push_back(projected.position);
      }
    psi.values(next, next_values);
    const double before = value[0];
    for (std::size_t k = 0; k < next.size(); ++k)
      if (next_values[k] < value[0]) {
        value[0] = next_values[k];
        lowest = next[k];
      }
    if (!(value[0] < before)) step /= 2;
  }
  return lowest;
}

template <int dim>
void BoundarySearch<dim>::add(const BoundaryPoint& point, Result& result) const {
  std::vector<Tensor<1, dim>> gradient, loss_gradient;
  std::vector<SymmetricTensor<2, dim>> hessian, loss_hessian;
  psi.gradients({ point.position }, gradient);
  psi.hessians({ point.position }, hessian);
  const BoundaryHessian<dim> along(point, gradient[0], hessian[0]);
  const auto eigenvalues = along.eigenvalues();
  if (along.is_degenerate() || std::any_of(eigenvalues.begin(), eigenvalues.end(),
                                           [](const double value) { return value < 0; }))
    return;
  const double slope = point.normal * gradient[0];
  const double curvature = point.normal * (hessian[0] * point.normal);
  // A boundary through a critical point of the interior adds nothing to that point.
  if (!(std::fabs(slope) > side_tolerance * std::sqrt(std::fabs(curvature)))) return;
  const bool absorbing = domain.absorbs(point.side);
  if (absorbing ? slope < 0 : slope > 0) return;
  const auto is_known = [&](const Point<dim>& other) {
    return other.distance(point.position) < same_point * diameter;
  };
  if (!absorbing) {
    auto& minima = result.reflecting_minima;
    if (std::none_of(minima.begin(), minima.end(), is_known)) minima.push_back(point.position);
    return;
  }
  if (std::any_of(result.exits.begin(), result.exits.end(),
                  [&](const auto& exit) { return is_known(exit.position); }))
    return;
  auto exit = make_exit(point.position);
  exit.sides = { point.side };
  exit.potential_eigenvalues = eigenvalues;
  loss.gradients({ point.position }, loss_gradient);
  loss.hessians({ point.position }, loss_hessian);
  exit.hessian_eigenvalues =
    BoundaryHessian<dim>(point, loss_gradient[0], loss_hessian[0]).eigenvalues();
  result.exits.push_back(exit);
}

/// Adds the end of a side, or an edge within it, if it is a minimum; nothing on a smooth part of
/// the side, where Psi is flat.
template <int dim>
void BoundarySearch<dim>::add_corner(const Point<dim>& point, const unsigned int side,
                                     Result& result) const {
  const auto is_known = [&](const Point<dim>& other) {
    return other.distance(point) < same_point * diameter;
  };
  if (std::any_of(result.reflecting_minima.begin(), result.reflecting_minima.end(), is_known) ||
      std::any_of(result.exits.begin(), result.exits.end(),
                  [&](const auto& exit) { return is_known(exit.position); }))
    return;
  std::vector<unsigned int> sides = { side };
  std::vector<Tensor<1, dim>> normals, normals_of_side;
  for (const auto& direction : surrounding_directions<dim>()) {
    const BoundaryPoint beside = shape.project(point + corner_distance * diameter * direction);
    if (beside.position.distance(point) > 2 * corner_distance * diameter) continue;
    sides.push_back(beside.side);
    normals.push_back(beside.normal);
    if (beside.side == side) normals_of_side.push_back(beside.normal);
  }
  std::sort(sides.begin(), sides.end());
  sides.erase(std::unique(sides.begin(), sides.end()), sides.end());
  const auto differ = [](const std::vector<Tensor<1, dim>>& all) {
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& normal) { return normal * all[0] < 0.99; });
  };
  if (normals_of_side.empty() || !differ(normals)) return;
  const auto n_absorbing = std::count_if(
    sides.begin(), sides.end(), [&](unsigned int touched) { return domain.absorbs(touched); });
  if (!domain.absorbs(side)) {
    if (n_absorbing == 0 && is_below_surroundings(point)) result.reflecting_minima.push_back(point);
    return;
  }
  // Where two absorbing sides meet, one of them is left downhill: never a lowest way out.
  if (n_absorbing > 1 || sides.size() == 1 || differ(normals_of_side)) return;
  std::vector<Tensor<1, dim>> gradient;
  std::vector<SymmetricTensor<2, dim>> hessian;
  psi.gradients({ point }, gradient);
  psi.hessians({ point }, hessian);
  const Tensor<1, dim>& normal = normals_of_side[0];
  const double curvature = normal * (hessian[0] * normal);
  if (!(normal * gradient[0] > side_tolerance * std::sqrt(std::fabs(curvature)))) return;
  result.exits.push_back(make_exit(point));
  result.exits.back().sides = sides;
}

template <int dim>
CriticalPoint<dim> BoundarySearch<dim>::make_exit(const Point<dim>& position) const {
  std::vector<double> value, potential;
  loss.values({ position }, value);
  psi.values({ position }, potential);
  CriticalPoint<dim> point;
  point.kind = CriticalPoint<dim>::Kind::exit;
  point.position = position;
  point.loss = value[0];
  point.potential = potential[0];
  return point;
}

template <int dim>
bool BoundarySearch<dim>::is_below_surroundings(const Point<dim>& point) const {
  std::vector<Point<dim>> points = { point };
  for (const auto& direction : surrounding_directions<dim>()) {
    const Point<dim> beside = point + surrounding_distance * diameter * direction;
    if (shape.contains(beside)) points.push_back(beside);
  }
  std::vector<double> values;
  psi.values(points, values);
  return *std::min_element(values.begin(), values.end()) == values[0];
}

template <int dim>
Point<dim> BoundarySearch<dim>::way_down(const CriticalPoint<dim>& exit,
                                         const double distance) const {
  std::vector<Tensor<1, dim>> directions = { -shape.project(exit.position).normal };
  if (exit.sides.size() > 1) directions = surrounding_directions<dim>();
  std::vector<double> values;
  for (double length = distance; length > 1e-6 * distance; length /= 2) {
    std::vector<Point<dim>> points;
    for (const auto& direction : directions)
      if (shape.contains(exit.position + length * direction))
        points.push_back(exit.position + length * direction);
    if (points.empty()) continue;
    psi.values(points, values);
    return points[std::min_element(values.begin(), values.end()) - values.begin()];
  }
  return exit.position;
}

template class BoundarySearch<1>;
template class BoundarySearch<2>;
template class BoundarySearch<3>;

} // namespace fokker_planck
