#include "solver/potential/gauge.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/separated_loss.h"
#include "solver/potential/integrated_potential.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

/// The loss over the mean of the eigenvalues of D on a lattice.
template <int dim>
std::shared_ptr<const ScalarField<dim>> guess(const Problem<dim>& problem) {
  std::vector<SymmetricTensor<2, dim>> tensors;
  const auto points = lattice(problem.domain, dim == 3 ? 10 : 20);
  problem.diffusion->tensors(points, tensors);
  double sum = 0;
  for (const auto& tensor : tensors)
    sum += trace(tensor) / dim;
  return std::make_shared<SeparatedLoss<dim>>(
    problem.loss, sum / tensors.size() * dealii::unit_symmetric_tensor<dim>(),
    inner_point(problem.domain));
}

} // namespace

template <int dim>
Gauge<dim>::Gauge(const Problem<dim>& problem_, const double scale_)
  : problem(problem_), scale(scale_), volume_exponent(problem.domain.dimension() - dim) {
  using Exactness = typename PotentialCandidate<dim>::Exactness;
  const auto candidates =
    problem.diffusion->potentials(problem.loss, problem.domain, problem.interpretation, 0);
  if (!problem.force)
    for (const auto& candidate : candidates)
      if (candidate.exactness == Exactness::always ||
          (candidate.exactness == Exactness::perhaps && is_potential(*candidate.potential))) {
        potential = candidate.potential;
        return;
      }
  const auto integral = std::make_shared<IntegratedPotential<dim>>(problem);
  balanced = integral->exists();
  if (balanced)
    potential = integral;
  else
    potential = candidates.empty() ? guess(problem) : candidates.back().potential;
}

/// Whether D grad Psi = c at the points of a lattice where both are finite. Rounding of the
/// derivatives stays below 1e-12; a real coupling of relative size 1e-9 is seen. In a shape Psi
/// must be finite wherever c is: a candidate may look at points outside, where the loss may be
/// singular.
template <int dim>
bool Gauge<dim>::is_potential(const ScalarField<dim>& candidate) const {
  const auto points = lattice(problem.domain, dim == 1 ? 400 : dim == 2 ? 16 : 8);
  std::vector<Tensor<1, dim>> convections, gradients;
  std::vector<SymmetricTensor<2, dim>> tensors;
  problem.convections(points, convections);
  problem.diffusion->tensors(points, tensors);
  candidate.gradients(points, gradients);
  double largest = 0;
  for (const auto& convection : convections)
    if (std::isfinite(convection.norm())) largest = std::max(largest, convection.norm());
  for (std::size_t q = 0; q < points.size(); ++q) {
    const Tensor<1, dim> flux = tensors[q] * gradients[q];
    if (!std::isfinite(convections[q].norm())) continue;
    if (!std::isfinite(flux.norm())) {
      if (problem.domain.is_box()) continue;
      return false;
    }
    const double size = flux.norm() + convections[q].norm() + 1e-4 * largest;
    if ((convections[q] - flux).norm() > 1e-10 * size) return false;
  }
  return true;
}

template <int dim>
void Gauge<dim>::values_per_volume(const std::vector<Point<dim>>& points,
                                   std::vector<double>& values) const {
  potential->values(points, values);
  for (std::size_t q = 0; q < points.size(); ++q) {
    values[q] *= scale;
    if (std::isfinite(values[q])) continue;
    std::vector<double> loss;
    problem.loss->values({ points[q] }, loss);
    if (std::isfinite(loss[0])) problem.refuse_drift(points[q]);
    throw InputError(problem.loss->description() + ", but it is " +
                     (std::isnan(loss[0]) ? "nan" : format_number(loss[0])) + " at " +
                     format_point(&points[q][0], dim) +
                     ": the loss must be finite (and L/D below 1e308) in the whole domain");
  }
}

template <int dim>
void Gauge<dim>::values(const std::vector<Point<dim>>& points, std::vector<double>& values) const {
  values_per_volume(points, values);
  if (volume_exponent > 0)
    for (std::size_t q = 0; q < points.size(); ++q)
      values[q] -= volume_exponent * std::log(std::fabs(points[q][0]));
}

template <int dim>
void Gauge<dim>::gradients(const std::vector<Point<dim>>& points,
                           std::vector<Tensor<1, dim>>& gradients) const {
  potential->gradients(points, gradients);
  for (std::size_t q = 0; q < points.size(); ++q) {
    gradients[q] *= scale;
    if (volume_exponent > 0) gradients[q][0] -= volume_exponent / points[q][0];
  }
}

template <int dim>
void Gauge<dim>::hessians(const std::vector<Point<dim>>& points,
                          std::vector<SymmetricTensor<2, dim>>& hessians) const {
  potential->hessians(points, hessians);
  for (std::size_t q = 0; q < points.size(); ++q) {
    hessians[q] *= scale;
    if (volume_exponent > 0) hessians[q][0][0] += volume_exponent / (points[q][0] * points[q][0]);
  }
}

template <int dim>
void Gauge<dim>::mismatches(const std::vector<Point<dim>>& points,
                            const std::vector<SymmetricTensor<2, dim>>& tensors,
                            std::vector<Tensor<1, dim>>& mismatches) const {
  mismatches.assign(points.size(), Tensor<1, dim>());
  if (is_reversible()) return;
  std::vector<Tensor<1, dim>> gradients;
  problem.convections(points, mismatches);
  potential->gradients(points, gradients);
  for (std::size_t q = 0; q < points.size(); ++q) {
    mismatches[q] -= scale * (tensors[q] * gradients[q]);
    if (!std::isfinite(mismatches[q].norm())) problem.refuse_drift(points[q]);
  }
}

template <int dim>
bool Gauge<dim>::is_stationary() const {
  if (is_reversible()) return true;
  constexpr double accuracy = 1e-6, relative_step = 1e-4;
  const Domain<dim>& domain = problem.domain;
  const auto w = [&](const std::vector<Point<dim>>& points) {
    std::vector<SymmetricTensor<2, dim>> tensors;
    std::vector<Tensor<1, dim>> result;
    problem.diffusion->tensors(points, tensors);
    mismatches(points, tensors, result);
    return result;
  };
  for (const Point<dim>& point : lattice(domain, dim == 1 ? 50 : dim == 2 ? 9 : 5)) {
    std::vector<Tensor<1, dim>> slope;
    gradients({ point }, slope);
    const Tensor<1, dim> here = w({ point })[0];
    double divergence = -here * slope[0], size = std::fabs(divergence);
    bool is_inside = true;
    for (int i = 0; i < dim; ++i) {
      const double step = relative_step * domain.length(i);
      Point<dim> before = point, after = point;
      before[i] -= step;
      after[i] += step;
      is_inside = is_inside && domain.contains(before) && domain.contains(after);
      if (!is_inside) break;
      const double derivative = (w({ after })[0][i] - w({ before })[0][i]) / (2 * step);
      divergence += derivative;
      size += std::fabs(derivative) + here.norm() * std::fabs(slope[0][i]);
    }
    if (is_inside && std::fabs(divergence) > accuracy * size) return false;
    for (const auto& wall : domain.boundary_around(point)) {
      if (domain.absorbs(wall.side) || !domain.contains(wall.position)) continue;
      const Tensor<1, dim> there = w({ wall.position })[0];
      if (std::fabs(there * wall.normal) > accuracy * there.norm()) return false;
    }
  }
  return true;
}

template class Gauge<1>;
template class Gauge<2>;
template class Gauge<3>;

} // namespace fokker_planck
