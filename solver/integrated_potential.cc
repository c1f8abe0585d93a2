#include "solver/integrated_potential.h"

#include "problems/landscape/lattice.h"

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
  if constexpr (dim == 1)
    build_table();
  else
    choose_panels();
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

template <int dim>
void IntegratedPotential<dim>::choose_panels() {
  const Domain<dim>& box = problem.domain;
  std::vector<Point<dim>> targets, centers;
  for (const auto& point : lattice(box, dim == 2 ? 7 : 4)) {
    Point<dim> target = point;
    for (int i = 0; i < dim; ++i) // off the symmetric positions, at which a curl could hide
      target[i] += 0.03 * (i + 1) * (box.center()[i] - point[i]);
    targets.push_back(target);
  }
  centers.assign(targets.size(), box.center());

  const auto differs = [](const std::vector<Integral>& a, const std::vector<Integral>& b,
                          const double tolerance) {
    double scale = 0, difference = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
      scale = std::max(scale, b[k].absolute);
      difference = std::max(difference, std::fabs(a[k].value - b[k].value));
      if (!std::isfinite(a[k].value) || !std::isfinite(b[k].value)) return true;
    }
    return difference > tolerance * scale;
  };
  auto straight = integrate(centers, targets, n_panels);
  for (;; n_panels *= 2) {
    auto finer = integrate(centers, targets, 2 * n_panels);
    const bool converged = !differs(straight, finer, accuracy);
    straight = finer;
    if (converged) break;
    if (2 * n_panels >= most_panels) {
      independent_of_path = false;
      return;
    }
  }
  n_panels *= 2;
  std::vector<Integral> along_axes(targets.size(), { 0, 0 });
  auto corners = centers;
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
  independent_of_path = !differs(straight, along_axes, independence);
}

template <int dim>
void IntegratedPotential<dim>::values(const std::vector<Point<dim>>& points,
                                      std::vector<double>& values) const {
  std::vector<Point<dim>> from(points.size(), problem.domain.center());
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
      first.push_back(
        std::min(std::max(point[i] - 2 * step, box.lower[i]), box.upper[i] - 4 * step));
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
