#include "solver/potential/integrated_potential.h"

#include "problems/geometry/lattice.h"

#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

const dealii::QGauss<1>& rule() {
  static const dealii::QGauss<1> gauss(10);
  return gauss;
}

constexpr unsigned int first_panels = 64, most_panels = 256, most_bisections = 40;
constexpr std::size_t most_table_panels = 20000;
constexpr double independence = 1e-10, accuracy = 1e-12;

} // namespace

template <int dim>
IntegratedPotential<dim>::IntegratedPotential(const Problem<dim>& problem_) : problem(problem_) {
  origin = inner_point(problem.domain);
  if constexpr (dim == 1)
    build_table();
  else
    check_paths();
}

template <int dim>
void IntegratedPotential<dim>::gradients(const std::vector<Point<dim>>& points,
                                         std::vector<Tensor<1, dim>>& gradients) const {
  std::vector<SymmetricTensor<2, dim>> tensors;
  problem.convections(points, gradients);
  problem.diffusion->tensors(points, tensors);
  for (std::size_t q = 0; q < points.size(); ++q)
    gradients[q] = invert(tensors[q]) * gradients[q];
}

template <int dim>
std::vector<typename IntegratedPotential<dim>::Integral> IntegratedPotential<dim>::integrate(
  const std::vector<Point<dim>>& from, const std::vector<Point<dim>>& to,
  const unsigned int n) const {
  std::vector<Point<dim>> points;
  for (std::size_t k = 0; k < from.size(); ++k)
    for (unsigned int panel = 0; panel < n; ++panel)
      for (const auto& point : rule().get_points())
        points.push_back(from[k] + (panel + point[0]) / n * (to[k] - from[k]));
  std::vector<Tensor<1, dim>> g;
  gradients(points, g);
  std::vector<Integral> result(from.size(), { 0, 0 });
  for (std::size_t k = 0, q = 0; k < from.size(); ++k)
    for (unsigned int panel = 0; panel < n; ++panel)
      for (const double weight : rule().get_weights()) {
        const double term = weight / n * (g[q++] * (to[k] - from[k]));
        result[k].value += term;
        result[k].absolute += std::fabs(term);
      }
  return result;
}

/// Throws InputError for the point between a and b at which g is not finite.
template <int dim>
void IntegratedPotential<dim>::refuse_between(const double a, const double b) const {
  for (const auto& node : rule().get_points()) {
    Point<dim> point;
    point[0] = a + node[0] * (b - a);
    std::vector<Tensor<1, dim>> g;
    gradients({ point }, g);
    if (!std::isfinite(g[0].norm())) problem.refuse_drift(point);
  }
}

template <int dim>
void IntegratedPotential<dim>::build_table() {
  const Domain<dim>& box = problem.domain;
  const auto at = [](const double x) {
    Point<dim> point;
    point[0] = x;
    return point;
  };
  const auto integral = [&](const double a, const double b) {
    const Integral result = integrate({ at(a) }, { at(b) }, 1)[0];
    if (!std::isfinite(result.value)) refuse_between(a, b);
    return result;
  };
  double total = 0;
  for (unsigned int i = 0; i < first_panels; ++i)
    total += integral(box.lower[0] + box.length(0) * i / first_panels,
                      box.lower[0] + box.length(0) * (i + 1) / first_panels)
               .absolute;

  ends = { box.lower[0] };
  integrals = { 0 };
  for (unsigned int i = 0; i < first_panels; ++i) {
    std::vector<double> right_ends = { i + 1 == first_panels
                                         ? box.upper[0]
                                         : box.lower[0] + box.length(0) * (i + 1) / first_panels };
    while (!right_ends.empty()) {
      const double a = ends.back(), b = right_ends.back(), middle = 0.5 * (a + b);
      const Integral whole = integral(a, b), left = integral(a, middle),
                     right = integral(middle, b);
      const double error = std::fabs(whole.value - left.value - right.value);
      if (error <= 1e-15 * total / first_panels + 4e-15 * whole.absolute ||
          right_ends.size() > most_bisections || ends.size() > most_table_panels) {
        ends.push_back(b);
        integrals.push_back(integrals.back() + left.value + right.value);
        right_ends.pop_back();
      } else
        right_ends.push_back(middle);
    }
  }
}

namespace {

/// In a box all paths along the axes stay inside. Elsewhere loops are closed between neighbours.
template <int dim>
bool has_paths_along_axes(const Domain<dim>& domain) {
  return domain.is_box();
}

/// Points to which paths are tested, off the symmetric positions, at which a curl could hide.
template <int dim>
std::vector<Point<dim>> path_targets(const Domain<dim>& domain, const Point<dim>& origin) {
  std::vector<Point<dim>> targets;
  const unsigned int n = has_paths_along_axes(domain) ? (dim == 2 ? 7 : 4) : dim == 2 ? 16 : 8;
  for (const auto& point : lattice(domain, n)) {
    Point<dim> target = point;
    for (int i = 0; i < dim; ++i)
      target[i] += 0.03 * (i + 1) * (origin[i] - point[i]);
    if (domain.contains(target)) targets.push_back(target);
  }
  return targets;
}

template <int dim>
bool stays_inside(const Domain<dim>& domain, const Point<dim>& from, const Point<dim>& to) {
  constexpr int n = 16;
  for (int k = 1; k < n; ++k)
    if (!domain.contains(from + (to - from) * (1. * k / n))) return false;
  return true;
}

/// The largest difference of coordinates, in lengths of the box around the domain.
template <int dim>
double relative_distance(const Domain<dim>& domain, const Point<dim>& a, const Point<dim>& b) {
  double distance = 0;
  for (int i = 0; i < dim; ++i)
    distance = std::max(distance, std::fabs(a[i] - b[i]) / domain.length(i));
  return distance;
}

} // namespace

template <int dim>
void IntegratedPotential<dim>::check_paths() {
  const auto targets = path_targets(problem.domain, origin);
  independent_of_path = is_finite_and_smooth(targets);
  if (!independent_of_path) return;
  const double largest_loop = has_paths_along_axes(problem.domain)
                                ? largest_loop_along_axes(targets)
                                : largest_loop_of_neighbours(targets);
  independent_of_path = largest_loop <= independence;
}

/// Chooses the number of panels; false if there is none.
template <int dim>
bool IntegratedPotential<dim>::is_finite_and_smooth(const std::vector<Point<dim>>& targets) {
  const std::vector<Point<dim>> origins(targets.size(), origin);
  auto coarse = integrate(origins, targets, n_panels);
  for (;; n_panels *= 2) {
    const auto fine = integrate(origins, targets, 2 * n_panels);
    double scale = 0, difference = 0;
    bool finite = true;
    for (std::size_t k = 0; k < targets.size(); ++k) {
      scale = std::max(scale, fine[k].absolute);
      difference = std::max(difference, std::fabs(coarse[k].value - fine[k].value));
      finite = finite && std::isfinite(coarse[k].value) && std::isfinite(fine[k].value);
    }
    coarse = fine;
    if (finite && difference <= accuracy * scale) break;
    if (2 * n_panels >= most_panels) return false;
  }
  n_panels *= 2;
  return true;
}

/// The largest difference between straight lines and paths along the axes, relative to the largest
/// int |g . dl| along the latter; infinite where not finite.
template <int dim>
double IntegratedPotential<dim>::largest_loop_along_axes(
  const std::vector<Point<dim>>& targets) const {
  const std::vector<Point<dim>> origins(targets.size(), origin);
  const auto straight = integrate(origins, targets, n_panels);
  std::vector<Integral> along_axes(targets.size(), { 0, 0 });
  auto corners = origins;
  for (int i = 0; i < dim; ++i) {
    auto next = corners;
    for (std::size_t k = 0; k < targets.size(); ++k)
      next[k][i] = targets[k][i];
    const auto part = integrate(corners, next, n_panels);
    for (std::size_t k = 0; k < targets.size(); ++k) {
      along_axes[k].value += part[k].value;
      along_axes[k].absolute += part[k].absolute;
    }
    corners = next;
  }
  double scale = 0, difference = 0;
  for (std::size_t k = 0; k < targets.size(); ++k) {
    if (!std::isfinite(along_axes[k].value)) return INFINITY;
    scale = std::max(scale, along_axes[k].absolute);
    difference = std::max(difference, std::fabs(straight[k].value - along_axes[k].value));
  }
  return difference > 0 ? difference / scale : 0;
}

/// The largest integral along the triangles of the origin and two targets that are neighbours on
/// the lattice (less than 1.5 spacings apart), relative as above.
template <int dim>
double IntegratedPotential<dim>::largest_loop_of_neighbours(
  const std::vector<Point<dim>>& targets) const {
  const std::vector<Point<dim>> origins(targets.size(), origin);
  const auto straight = integrate(origins, targets, n_panels);
  const Domain<dim>& domain = problem.domain;
  double spacing = 1;
  for (std::size_t k = 1; k < targets.size(); ++k)
    spacing = std::min(spacing, relative_distance(domain, targets[k], targets[k - 1]));
  std::vector<Point<dim>> from, to;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t k = 0; k < targets.size(); ++k)
    for (std::size_t l = 0; l < k; ++l)
      if (relative_distance(domain, targets[k], targets[l]) < 1.5 * spacing &&
          stays_inside(domain, targets[l], targets[k])) {
        from.push_back(targets[l]);
        to.push_back(targets[k]);
        pairs.emplace_back(l, k);
      }
  const auto between = integrate(from, to, n_panels);
  double scale = 0, difference = 0;
  for (const Integral& integral : straight)
    scale = std::max(scale, integral.absolute);
  for (std::size_t m = 0; m < pairs.size(); ++m) {
    const double loop =
      straight[pairs[m].first].value + between[m].value - straight[pairs[m].second].value;
    if (!std::isfinite(loop)) return INFINITY;
    difference = std::max(difference, std::fabs(loop));
  }
  return difference > 0 ? difference / scale : 0;
}

template <int dim>
void IntegratedPotential<dim>::values(const std::vector<Point<dim>>& points,
                                      std::vector<double>& values) const {
  std::vector<Point<dim>> from(points.size(), origin);
  values.assign(points.size(), 0);
  if constexpr (dim == 1)
    for (std::size_t q = 0; q < points.size(); ++q) {
      const auto next = std::upper_bound(ends.begin() + 1, ends.end() - 1, points[q][0]);
      const std::size_t panel = next - ends.begin() - 1;
      from[q][0] = ends[panel];
      values[q] = integrals[panel];
    }
  const auto rest = integrate(from, points, n_panels);
  for (std::size_t q = 0; q < points.size(); ++q)
    values[q] += rest[q].value;
}

namespace {

/// The lowest of five coordinates at equal steps, around a point if possible, that lie in the
/// domain. In a notch of a shape that is narrower than the steps they are around the point.
template <int dim>
double first_inside(const Domain<dim>& domain, const Point<dim>& point, const int i,
                    const double step) {
  if (has_paths_along_axes(domain))
    return std::min(std::max(point[i] - 2 * step, domain.lower[i]), domain.upper[i] - 4 * step);
  for (const int n_below : { 2, 1, 3, 0, 4 }) {
    Point<dim> first = point, last = point;
    first[i] -= n_below * step;
    last[i] += (4 - n_below) * step;
    if (domain.contains(first) && domain.contains(last)) return first[i];
  }
  return point[i] - 2 * step;
}

} // namespace

template <int dim>
void IntegratedPotential<dim>::hessians(const std::vector<Point<dim>>& points,
                                        std::vector<SymmetricTensor<2, dim>>& hessians) const {
  constexpr int n = 5; // points of the difference formula
  hessians.assign(points.size(), SymmetricTensor<2, dim>());
  for (int i = 0; i < dim; ++i) {
    const Domain<dim>& box = problem.domain;
    const double step = 1e-4 * box.length(i);
    std::vector<double> first; // coordinate of the first of the n points, which lie in the domain
    for (const auto& point : points)
      first.push_back(first_inside(box, point, i, step));
    for (int k = 0; k < n; ++k) {
      auto shifted = points;
      for (std::size_t q = 0; q < points.size(); ++q)
        shifted[q][i] = first[q] + k * step;
      std::vector<Tensor<1, dim>> g;
      gradients(shifted, g);
      for (std::size_t q = 0; q < points.size(); ++q) {
        // The derivative of Lagrange's polynomial k at the point.
        const double t = (points[q][i] - first[q]) / step;
        double weight = 0;
        for (int m = 0; m < n; ++m) {
          if (m == k) continue;
          double product = 1. / (k - m);
          for (int l = 0; l < n; ++l)
            if (l != k && l != m) product *= (t - l) / (k - l);
          weight += product;
        }
        for (int j = 0; j < dim; ++j)
          hessians[q][i][j] += weight * g[q][j] / step * (i == j ? 1 : 0.5);
      }
    }
  }
}

template class IntegratedPotential<1>;
template class IntegratedPotential<2>;
template class IntegratedPotential<3>;

} // namespace fokker_planck
