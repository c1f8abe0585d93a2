#include "solver/gauge.h"

#include "problems/input_error.h"
#include "problems/text.h"

#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

template <int dim>
std::vector<Point<dim>> lattice(const Box<dim>& box, const unsigned int n) {
  std::size_t total = 1;
  for (int i = 0; i < dim; ++i)
    total *= n + 1;
  std::vector<Point<dim>> points(total);
  for (std::size_t index = 0; index < total; ++index) {
    std::size_t rest = index;
    for (int i = 0; i < dim; ++i, rest /= n + 1) {
      const std::size_t step = rest % (n + 1);
      points[index][i] = step == n ? box.upper[i] : box.lower[i] + box.length(i) * step / n;
    }
  }
  return points;
}

namespace {

/// Largest relative commutator |DH - HD| / (|D| |H|) over the points where H is finite. Rounding of
/// the derivatives stays below 1e-12; a real coupling of relative size 1e-9 is seen.
template <int dim>
bool commutes(const SymmetricTensor<2, dim>& d,
              const std::vector<SymmetricTensor<2, dim>>& hessians) {
  double largest = 0, scale = 0;
  for (const auto& hessian : hessians) {
    if (!std::isfinite(hessian.norm())) continue;
    const Tensor<2, dim> product = Tensor<2, dim>(d) * Tensor<2, dim>(hessian);
    largest = std::max(largest, (product - transpose(product)).norm());
    scale = std::max(scale, d.norm() * hessian.norm());
  }
  return largest <= 1e-10 * scale;
}

} // namespace

template <int dim>
Gauge<dim>::Gauge(const Problem<dim>& problem)
  : loss(problem.loss), diffusion(problem.diffusion), center(problem.domain.center()) {
  std::vector<SymmetricTensor<2, dim>> tensors;
  diffusion->tensors({ center }, tensors);
  const auto eigenpairs = eigenvectors(tensors[0]);

  double inverse_trace = 0;
  for (const auto& [value, vector] : eigenpairs) {
    inverse_trace += 1 / value;
    const Tensor<2, dim> projector = outer_product(vector, vector);
    if (!parts.empty() && std::fabs(value / parts.back().diffusion - 1) < 1e-13)
      parts.back().projector += projector;
    else
      parts.push_back({ projector, value });
  }
  if (parts.size() > 1) {
    std::vector<SymmetricTensor<2, dim>> hessians;
    loss->hessians(lattice(problem.domain, dim == 3 ? 8 : 16), hessians);
    balanced = commutes(tensors[0], hessians);
  }
  if (parts.size() == 1 || !balanced) {
    const Tensor<2, dim> identity(dealii::unit_symmetric_tensor<dim>());
    const double mean = parts.size() == 1 ? parts[0].diffusion : dim / inverse_trace;
    parts.assign(1, { identity, mean });
  }
}

template <int dim>
std::vector<Point<dim>> Gauge<dim>::project(const Part& part,
                                            const std::vector<Point<dim>>& points) const {
  if (parts.size() == 1) return points;
  std::vector<Point<dim>> projected(points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    projected[q] = center + part.projector * (points[q] - center);
  return projected;
}

template <int dim>
void Gauge<dim>::potentials(const std::vector<Point<dim>>& points,
                            std::vector<double>& values) const {
  values.assign(points.size(), 0);
  std::vector<double> losses, reference(1, 0.);
  if (parts.size() > 1) loss->values({ center }, reference);
  for (const Part& part : parts) {
    loss->values(project(part, points), losses);
    for (std::size_t q = 0; q < points.size(); ++q)
      values[q] += (losses[q] - reference[0]) / part.diffusion;
  }
  for (std::size_t q = 0; q < points.size(); ++q)
    if (!std::isfinite(values[q])) {
      loss->values(points, losses);
      throw InputError(loss->description() + ", but it is " +
                       (std::isnan(losses[q]) ? "nan" : format_number(losses[q])) + " at " +
                       format_point(&points[q][0], dim) +
                       ": the loss must be finite (and L/D below 1e308) in the whole domain");
    }
}

template <int dim>
void Gauge<dim>::gradients(const std::vector<Point<dim>>& points,
                           std::vector<Tensor<1, dim>>& gradients) const {
  gradients.assign(points.size(), Tensor<1, dim>());
  std::vector<Tensor<1, dim>> loss_gradients;
  for (const Part& part : parts) {
    loss->gradients(project(part, points), loss_gradients);
    for (std::size_t q = 0; q < points.size(); ++q)
      gradients[q] += part.projector * loss_gradients[q] / part.diffusion;
  }
}

template <int dim>
void Gauge<dim>::hessians(const std::vector<Point<dim>>& points,
                          std::vector<SymmetricTensor<2, dim>>& hessians) const {
  hessians.assign(points.size(), SymmetricTensor<2, dim>());
  std::vector<SymmetricTensor<2, dim>> loss_hessians;
  for (const Part& part : parts) {
    loss->hessians(project(part, points), loss_hessians);
    for (std::size_t q = 0; q < points.size(); ++q)
      hessians[q] +=
        symmetrize(part.projector * Tensor<2, dim>(loss_hessians[q]) * part.projector) /
        part.diffusion;
  }
}

template <int dim>
void Gauge<dim>::mismatches(const std::vector<Point<dim>>& points,
                            std::vector<Tensor<1, dim>>& mismatches) const {
  mismatches.assign(points.size(), Tensor<1, dim>());
  if (balanced) return;
  std::vector<Tensor<1, dim>> potential_gradients;
  std::vector<SymmetricTensor<2, dim>> tensors;
  loss->gradients(points, mismatches);
  gradients(points, potential_gradients);
  diffusion->tensors(points, tensors);
  for (std::size_t q = 0; q < points.size(); ++q)
    mismatches[q] -= tensors[q] * potential_gradients[q];
}

template class Gauge<1>;
template class Gauge<2>;
template class Gauge<3>;
template std::vector<Point<1>> lattice(const Box<1>&, unsigned int);
template std::vector<Point<2>> lattice(const Box<2>&, unsigned int);
template std::vector<Point<3>> lattice(const Box<3>&, unsigned int);

} // namespace fokker_planck
