#include "solver/monte_carlo/start.h"

#include "problems/base/eigenvalues.h"
#include "problems/geometry/lattice.h"
#include "problems/landscape/valley.h"

#include <deal.II/base/numbers.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

template <int dim>
SymmetricTensor<2, dim> tensor_at(const Problem<dim>& problem, const Point<dim>& point) {
  std::vector<SymmetricTensor<2, dim>> tensors;
  problem.diffusion->tensors({ point }, tensors);
  return tensors[0];
}

/// A place that trajectories may visit; some must be possible.
template <int dim>
struct Place {
  Point<dim> position;
  bool is_needed;
};

/// The Ito drift.
template <int dim>
Tensor<1, dim> drift_at(Coefficients<dim>& coefficients, const Point<dim>& point) {
  Lanes<dim> x, drift;
  for (int i = 0; i < dim; ++i) {
    x[i].assign(1, point[i]);
    drift[i].resize(1);
  }
  coefficients.drifts(x, 1, drift);
  Tensor<1, dim> result;
  for (int i = 0; i < dim; ++i)
    result[i] = drift[i][0];
  return result;
}

/// dB_i/dtheta_j by differences that stay within the box around the domain.
template <int dim>
Tensor<2, dim> jacobian(const Problem<dim>& problem, const Point<dim>& point) {
  Coefficients<dim> coefficients(problem);
  const Domain<dim>& domain = problem.domain;
  Tensor<2, dim> result;
  for (int j = 0; j < dim; ++j) {
    Point<dim> below = point, above = point;
    below[j] -= 1e-4 * domain.length(j);
    above[j] += 1e-4 * domain.length(j);
    below = domain.clamp(below);
    above = domain.clamp(above);
    const auto difference = drift_at(coefficients, above) - drift_at(coefficients, below);
    for (int i = 0; i < dim; ++i)
      result[i][j] = difference[i] / (above[j] - below[j]);
  }
  return result;
}

/// The ratio of noise to curvature where the loss is lowest, which is the width of the valley.
template <int dim>
double noise_per_hessian(const Problem<dim>& problem) {
  const auto points = lattice(problem.domain, dim == 3 ? 16 : 64);
  std::vector<double> losses;
  std::vector<SymmetricTensor<2, dim>> hessian;
  problem.loss->values(points, losses);
  const auto lowest = std::min_element(losses.begin(), losses.end()) - losses.begin();
  problem.loss->hessians({ points[lowest] }, hessian);
  const double noise = trace(tensor_at(problem, points[lowest])) / dim, norm = hessian[0].norm();
  return std::isfinite(norm) && norm > 0 ? noise / norm : noise;
}

/// Whether the loss is the same everywhere, so that no point is special.
template <int dim>
bool is_flat(const Problem<dim>& problem) {
  const auto points = lattice(problem.domain, 8);
  std::vector<Tensor<1, dim>> gradients;
  problem.loss->gradients(points, gradients);
  return std::all_of(gradients.begin(), gradients.end(),
                     [](const auto& gradient) { return gradient.norm() == 0; });
}

/// pi^2 D/l^2 times the gap between the two lowest eigenvalues of an interval: 1 if both ends
/// reflect, 3 if both absorb, 2 otherwise; the least of all directions.
template <int dim>
double diffusive_rate(const Problem<dim>& problem, const SymmetricTensor<2, dim>& tensor) {
  const Domain<dim>& domain = problem.domain;
  double least = std::numeric_limits<double>::max();
  for (int i = 0; i < dim; ++i) {
    int gap = 1;
    if (domain.is_box()) // its ends in each direction are sides
      gap += domain.absorbs(2 * i) + domain.absorbs(2 * i + 1);
    const double length = domain.is_radial() ? 2 * domain.length(i) : domain.length(i);
    least = std::min(least, gap * dealii::numbers::PI * dealii::numbers::PI * tensor[i][i] /
                              (length * length));
  }
  return least;
}

} // namespace

template <int dim>
double SimulationScales<dim>::time_step(const Scheme scheme) const {
  const double fraction = scheme == Scheme::heun ? 1. / 20 : 1. / 200;
  const double largest = crossing_time / 1600;
  return fastest_rate * largest > fraction ? fraction / fastest_rate : largest;
}

template <int dim>
SimulationScales<dim> find_scales(const Problem<dim>& problem) {
  const Domain<dim>& domain = problem.domain;
  SimulationScales<dim> scales{ problem.start.value_or(inner_point(domain)), 0, 0, 0 };
  constexpr int n_between = 16;
  std::vector<Place<dim>> places;
  if (!is_flat(problem)) {
    const auto valley =
      find_valley(problem.domain, *problem.loss, problem.start, noise_per_hessian(problem));
    scales.start = valley.minimum;
    for (const auto& exit : valley.exits) {
      places.push_back({ exit.position, true });
      for (int k = 1; k < n_between; ++k) // noise may change most between the ends
        places.push_back(
          { scales.start + (1. * k / n_between) * (exit.position - scales.start), false });
    }
  }
  places.push_back({ scales.start, true });

  double largest_noise = 0;
  std::vector<Tensor<1, dim>> divergence;
  for (const auto& [place, is_needed] : places) {
    const auto tensor = tensor_at(problem, place);
    problem.diffusion->divergences({ place }, divergence);
    const double change = trace(tensor) > 0 ? divergence[0].norm_square() / trace(tensor) : 0.;
    const double rate = std::max(jacobian(problem, place).norm(), change);
    if (!std::isfinite(tensor.norm()) || !std::isfinite(divergence[0].norm())) {
      if (is_needed) problem.refuse_drift(place);
      continue;
    }
    if (is_needed || std::isfinite(rate)) scales.fastest_rate = std::max(scales.fastest_rate, rate);
    largest_noise = std::max(largest_noise, tensor.norm());
  }
  double shortest = domain.length(0);
  for (int i = 1; i < dim; ++i)
    shortest = std::min(shortest, domain.length(i));
  scales.crossing_time = shortest * shortest / (2 * largest_noise);

  const double slowest =
    -ascending_eigenvalues(symmetrize(jacobian(problem, scales.start)))[dim - 1];
  scales.relaxation_time =
    1 / (std::max(slowest, 0.) + diffusive_rate(problem, tensor_at(problem, scales.start)));
  return scales;
}

#define INSTANTIATE(dim)                                                                           \
  template struct SimulationScales<dim>;                                                           \
  template SimulationScales<dim> find_scales(const Problem<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
