// First passage to a level of the potential: the whole boundary is reached at the same height.
//
// With Phi = int_boundary n.D grad Psi dS the rate is, as the noise vanishes,
//   gamma = Phi exp(-Psi_b)/int exp(-Psi) = Phi sqrt(det Psi''_a/(2 pi)^n) exp(-(Psi_b - Psi_a)).
// In a ball Phi = S_n R^(n-1) D Psi'(R), S_n = 2 pi^(n/2)/Gamma(n/2), any real n. For constant D
// Phi is int Laplace(L) over the domain (divergence theorem).
// Next order in a ball: the weight of the valley gains 1 - Psi4 <r^4>/24 + ... over the normal
// distribution in n dimensions, the layer at the boundary 1 + Psi''/Psi'^2 + (D'/D + (n-1)/R)/Psi'.
// Reference: B. J. Matkowsky, Z. Schuss, SIAM J. Appl. Math. 33 (1977) 365.
//
// Elsewhere the surface is rho(e): x_a + rho M e, M = Psi''_a^(-1/2), |e| = 1, with
//   Phi = det M int rho^(n-1) (M^-1 v).N/(e.N) de,   v = D grad Psi, N = M grad Psi,
// by the trapezoidal rule in the angle and, in three dimensions, Gauss quadrature in its cosine.
#include "postprocess/formulas/conditions.h"
#include "postprocess/formulas/escape_formula.h"
#include "postprocess/formulas/next_order.h"
#include "problems/base/eigenvalues.h"
#include "problems/base/input_error.h"

#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using conditions::text;
using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

double log_area_of_sphere(const double n) {
  return std::log(2.) + 0.5 * n * std::log(M_PI) - std::lgamma(0.5 * n);
}

/// Mean of r^m for the density exp(-k r^2/2) in n dimensions.
double moment(const double n, const int m, const double k) {
  return std::pow(2 / k, 0.5 * m) * std::exp(std::lgamma(0.5 * (n + m)) - std::lgamma(0.5 * n));
}

std::string objection_to_corrections(const double of_weight, const double of_layer) {
  if (!(std::fabs(of_layer) < conditions::most_correction))
    return text("the slope at the boundary is small: the next order is %.2g of the rate", of_layer);
  if (!(std::fabs(of_weight) < conditions::most_correction))
    return text("the noise is not small: the next order is %.2g of the weight of the valley",
                of_weight);
  return "";
}

/// The valley of a ball around r = 0 is the only one and lower than the boundary.
bool rises_to_boundary(const EscapeSetting<1>& setting) {
  constexpr unsigned int n_points = 1000;
  std::vector<Point<1>> points(n_points + 1);
  for (unsigned int i = 0; i <= n_points; ++i)
    points[i][0] = setting.problem.domain.upper[0] * i / n_points;
  std::vector<double> psi;
  setting.gauge.values_per_volume(points, psi);
  return std::is_sorted(psi.begin(), psi.end());
}

Evaluation in_ball(const EscapeSetting<1>& setting) {
  const Problem<1>& problem = setting.problem;
  const double n = problem.domain.dimension(), radius = problem.domain.upper[0];
  Expansion bottom = expand(problem, 0, 1e-3 * radius, false);
  if (bottom.psi2 > 0) bottom = expand(problem, 0, 1 / std::sqrt(bottom.psi2), false);
  const double k = bottom.psi2;
  if (!(k > 0) || std::fabs(bottom.psi1) > 1e-6 * std::sqrt(k))
    return not_applicable("the loss has no quadratic minimum at r = 0");
  const double slope = expand(problem, radius, 1e-3 * radius, false).psi1;
  if (!(slope > 0) || !rises_to_boundary(setting))
    return not_applicable("the potential does not rise all the way to the boundary");
  const Expansion wall = expand(problem, radius, 2 / slope, false);
  std::vector<double> psi;
  std::vector<SymmetricTensor<2, 1>> diffusion;
  setting.gauge.values_per_volume({ Point<1>(0.), Point<1>(radius) }, psi);
  problem.diffusion->tensors({ Point<1>(radius) }, diffusion);

  Evaluation result;
  const double barrier = psi[1] - psi[0];
  result.log_rate = log_area_of_sphere(n) + (n - 1) * std::log(radius) +
                    std::log(diffusion[0][0][0] * wall.psi1) + 0.5 * n * std::log(k / (2 * M_PI)) -
                    barrier;
  const double of_weight = -bottom.psi3 / 6 * moment(n, 3, k) - bottom.psi4 / 24 * moment(n, 4, k) +
                           bottom.psi3 * bottom.psi3 / 72 * moment(n, 6, k);
  const double of_layer =
    wall.psi2 / (wall.psi1 * wall.psi1) + (wall.log_d1 + (n - 1) / radius) / wall.psi1;
  result.reason = objection_to_corrections(of_weight, of_layer);
  if (result.reason.empty())
    result.corrected_log_rate = result.log_rate - std::log1p(of_weight) - std::log1p(of_layer);
  if (result.reason.empty() && barrier < conditions::least_barrier)
    result.reason = text("barrier/D = %.3g is not large", barrier) +
                    text(" (%g needed)", conditions::least_barrier);
  result.applicable = result.reason.empty();
  if (result.applicable) result.reason = text("barrier/D = %.4g", barrier);
  return result;
}

/// Directions and weights: int f(e) de = sum w f(e).
template <int dim>
void sphere_rule(std::vector<Tensor<1, dim>>& directions, std::vector<double>& weights) {
  constexpr unsigned int n_angles = dim == 2 ? 256 : 64, n_heights = dim == 2 ? 1 : 32;
  const dealii::QGauss<1> gauss(n_heights);
  for (unsigned int h = 0; h < n_heights; ++h)
    for (unsigned int k = 0; k < n_angles; ++k) {
      const double angle = 2 * M_PI * (k + 0.5) / n_angles;
      const double height = dim == 2 ? 0. : 2 * gauss.point(h)[0] - 1;
      Tensor<1, dim> e;
      e[0] = std::sqrt(1 - height * height) * std::cos(angle);
      e[1] = std::sqrt(1 - height * height) * std::sin(angle);
      if (dim == 3) e[dim - 1] = height;
      directions.push_back(e);
      weights.push_back(2 * M_PI / n_angles * (dim == 2 ? 1. : 2 * gauss.weight(h)));
    }
}

/// The boundary as a surface around the minimum, on which Psi has one value.
template <int dim>
class LevelSurface {
public:
  LevelSurface(const EscapeSetting<dim>& setting_, const double level_)
    : setting(setting_), center(setting.minimum().position), level(level_) {
    std::vector<SymmetricTensor<2, dim>> hessian;
    setting.gauge.hessians({ center }, hessian);
    for (const auto& [value, vector] : eigenpairs(hessian[0]))
      matrix += 1 / std::sqrt(value) * outer_product(vector, vector);
    sphere_rule(directions, weights);
    find_radii();
  }

  /// Phi, and the least slope of Psi across the surface in widths of the landscape.
  void integrate(double& flux, double& least_slope) const {
    std::vector<Point<dim>> points;
    for (std::size_t q = 0; q < directions.size(); ++q)
      points.push_back(at(q, radii[q]));
    std::vector<Tensor<1, dim>> gradients;
    std::vector<SymmetricTensor<2, dim>> hessians, tensors;
    setting.gauge.gradients(points, gradients);
    setting.gauge.hessians(points, hessians);
    setting.problem.diffusion->tensors(points, tensors);
    const Tensor<2, dim> inverse = invert(matrix);
    flux = 0;
    least_slope = INFINITY;
    for (std::size_t q = 0; q < points.size(); ++q) {
      const Tensor<1, dim> normal = matrix * gradients[q];
      flux += determinant(matrix) * weights[q] * std::pow(radii[q], dim - 1) *
              ((inverse * (tensors[q] * gradients[q])) * normal) / (directions[q] * normal);
      const double slope = gradients[q].norm();
      const double curvature = gradients[q] * (hessians[q] * gradients[q]) / (slope * slope);
      least_slope = std::min(least_slope, slope / std::sqrt(std::fabs(curvature)));
    }
  }

private:
  Point<dim> at(const std::size_t q, const double radius) const {
    return center + radius * (matrix * directions[q]);
  }

  std::vector<bool> are_inside(const std::vector<double>& at_radii) const {
    std::vector<Point<dim>> points;
    for (std::size_t q = 0; q < directions.size(); ++q)
      points.push_back(at(q, at_radii[q]));
    std::vector<double> psi;
    setting.gauge.values(points, psi);
    std::vector<bool> inside;
    for (const double value : psi)
      inside.push_back(value < level);
    return inside;
  }

  /// Steps outwards to the first point above the level, then bisects.
  void find_radii() {
    const double height = level - setting.minimum().potential;
    const double step = std::sqrt(2 * height) / 32; // 32 steps if Psi is quadratic
    std::vector<double> inner(directions.size(), 0.), outer(directions.size(), 0.);
    std::vector<bool> found(directions.size(), false);
    for (unsigned int i = 0; i < 1000 && std::count(found.begin(), found.end(), false) > 0; ++i) {
      for (std::size_t q = 0; q < inner.size(); ++q)
        if (!found[q]) outer[q] = inner[q] + step;
      const auto inside = are_inside(outer);
      for (std::size_t q = 0; q < inner.size(); ++q)
        if (inside[q])
          inner[q] = outer[q];
        else
          found[q] = true;
    }
    for (unsigned int i = 0; i < 46; ++i) {
      std::vector<double> middle(inner.size());
      for (std::size_t q = 0; q < inner.size(); ++q)
        middle[q] = 0.5 * (inner[q] + outer[q]);
      const auto inside = are_inside(middle);
      for (std::size_t q = 0; q < inner.size(); ++q)
        (inside[q] ? inner : outer)[q] = middle[q];
    }
    radii = inner;
  }

  const EscapeSetting<dim>& setting;
  const Point<dim> center;
  const double level;
  Tensor<2, dim> matrix;
  std::vector<Tensor<1, dim>> directions;
  std::vector<double> weights, radii;
};

template <int dim>
Evaluation in_shape(const EscapeSetting<dim>& setting) {
  const Domain<dim>& domain = setting.problem.domain;
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    if (!domain.absorbs(side) || !setting.landscape.watershed.is_constant_along(side))
      return not_applicable("the potential is not constant along the boundary");
  const auto& minimum = setting.minimum();
  std::vector<double> psi;
  setting.gauge.values({ domain.boundary_around(minimum.position)[0].position }, psi);
  const double barrier = psi[0] - minimum.potential;
  if (!(barrier > 0)) return not_applicable("the boundary is not above the minimum");
  double flux, least_slope;
  try {
    LevelSurface<dim>(setting, psi[0]).integrate(flux, least_slope);
  } catch (const InputError&) {
    return not_applicable("the loss is not finite beyond the boundary");
  }
  Evaluation result;
  result.log_rate = std::log(flux) - psi[0] - EscapeSetting<dim>::log_weight(minimum);
  result.reason = setting.objection_to(minimum);
  if (setting.landscape.wells.size() > 1)
    result.reason = "the domain holds more than one valley";
  else if (least_slope < conditions::least_slope)
    result.reason = text("the slope at the boundary is only %.2g widths of the landscape away from "
                         "a critical point",
                         least_slope) +
                    text(" (%g needed)", conditions::least_slope);
  else if (barrier < conditions::least_barrier)
    result.reason = text("barrier/D = %.3g is not large", barrier) +
                    text(" (%g needed)", conditions::least_barrier);
  result.applicable = result.reason.empty() && std::isfinite(result.log_rate);
  if (result.applicable) result.reason = text("barrier/D = %.4g", barrier);
  return result;
}

template <int dim>
Evaluation first_passage_to_level(const EscapeSetting<dim>& setting) {
  if (!setting.gauge.detailed_balance() || !setting.gauge.is_reversible())
    return not_applicable(setting.objection);
  if constexpr (dim == 1) {
    if (setting.problem.domain.is_radial()) return in_ball(setting);
    return not_applicable("the ends of an interval are exit points (see boundary exit)");
  } else {
    if (!setting.objection.empty()) return not_applicable(setting.objection);
    return in_shape(setting);
  }
}

} // namespace

template <int dim>
std::vector<EscapeFormula<dim>> level_formulas() {
  return { { "first passage to a level",
             "B. J. Matkowsky, Z. Schuss, SIAM J. Appl. Math. 33 (1977) 365",
             "int n.D grad Psi dS sqrt(det Psi''_a/(2 pi)^n) exp(-(Psi_b - Psi_a)); in a ball the "
             "integral is S_n R^(n-1) D Psi'(R)",
             first_passage_to_level<dim> } };
}

template std::vector<EscapeFormula<1>> level_formulas();
template std::vector<EscapeFormula<2>> level_formulas();
template std::vector<EscapeFormula<3>> level_formulas();

} // namespace fokker_planck
