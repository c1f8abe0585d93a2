#include "postprocess/density.h"

#include <deal.II/base/mpi.h>
#include <deal.II/fe/mapping_cartesian.h>
#include <deal.II/matrix_free/fe_point_evaluation.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

/// log of S_n in a ball, 0 in a box.
template <int dim>
double log_sphere_area(const Domain<dim>& domain) {
  if (!domain.radial) return 0;
  const double n = domain.effective_dimension;
  return std::log(2.) + 0.5 * n * std::log(M_PI) - std::lgamma(0.5 * n);
}

} // namespace

template <int dim>
Density<dim>::Density(const Problem<dim>& problem_, const Gauge<dim>& gauge_,
                      const double log_mass_)
  : problem(problem_), gauge(gauge_), log_mass(log_mass_ + log_sphere_area(problem.domain)) {}

template <int dim>
void Density<dim>::evaluate(const std::vector<Point<dim>>& points, const std::vector<double>& u,
                            const std::vector<Tensor<1, dim>>& gradients,
                            std::vector<double>& densities,
                            std::vector<Tensor<1, dim>>& currents) const {
  std::vector<double> potentials;
  std::vector<dealii::SymmetricTensor<2, dim>> tensors;
  gauge.values_per_volume(points, potentials);
  problem.diffusion->tensors(points, tensors);
  gauge.mismatches(points, tensors, currents);
  densities.resize(points.size());
  for (std::size_t q = 0; q < points.size(); ++q) {
    const double weight = std::exp(-potentials[q] - log_mass);
    densities[q] = weight * std::max(u[q], 0.);
    currents[q] = -weight * (tensors[q] * gradients[q] + currents[q] * u[q]);
  }
}

std::vector<double> linspace(const double a, const double b, const unsigned int n) {
  std::vector<double> points(n);
  for (unsigned int i = 0; i < n; ++i)
    points[i] = i + 1 == n ? b : a + (b - a) * i / (n - 1);
  return points;
}

namespace {

/// Indices [first, last) of the coordinates within [lower, upper], up to rounding.
std::pair<std::size_t, std::size_t> range(const std::vector<double>& axis, const double lower,
                                          const double upper) {
  const double tolerance = 1e-12 * (std::fabs(lower) + std::fabs(upper));
  return { std::lower_bound(axis.begin(), axis.end(), lower - tolerance) - axis.begin(),
           std::upper_bound(axis.begin(), axis.end(), upper + tolerance) - axis.begin() };
}

} // namespace

template <int dim>
Samples<dim> sample(const Problem<dim>& problem, const Density<dim>& density,
                    const Discretization<dim>& discretization, const QuasiStationary<dim>& solution,
                    const std::array<std::vector<double>, dim>& axes) {
  Samples<dim> samples;
  samples.axes = axes;
  std::size_t total = 1;
  for (const auto& axis : axes)
    total *= axis.size();
  for (std::size_t index = 0; index < total; ++index) {
    Point<dim> point;
    std::size_t rest = index;
    for (int i = 0; i < dim; rest /= axes[i].size(), ++i)
      point[i] = axes[i][rest % axes[i].size()];
    samples.points.push_back(point);
  }

  // Per point: density, current, and the number of cells that contributed (more than one on faces).
  constexpr unsigned int n_values = dim + 2;
  std::vector<double> sums(total * n_values, 0.);
  const dealii::MappingCartesian<dim> mapping;
  dealii::FEPointEvaluation<1, dim> evaluation(mapping, discretization.get_element(),
                                               dealii::update_values | dealii::update_gradients);
  dealii::Vector<double> nodal(discretization.get_element().n_dofs_per_cell());
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    const auto box = cell->bounding_box();
    std::array<std::pair<std::size_t, std::size_t>, dim> ranges;
    std::size_t n_inside = 1;
    for (int i = 0; i < dim; ++i) {
      ranges[i] = range(axes[i], box.lower_bound(i), box.upper_bound(i));
      n_inside *= ranges[i].second - ranges[i].first;
    }
    if (n_inside == 0) continue;

    std::vector<std::size_t> indices;
    std::vector<Point<dim>> points, unit_points;
    for (std::size_t k = 0; k < n_inside; ++k) {
      std::size_t rest = k, index = 0, stride = 1;
      for (int i = 0; i < dim; ++i) {
        const std::size_t n = ranges[i].second - ranges[i].first;
        index += stride * (ranges[i].first + rest % n);
        rest /= n;
        stride *= axes[i].size();
      }
      indices.push_back(index);
      points.push_back(samples.points[index]);
      unit_points.push_back(mapping.transform_real_to_unit_cell(cell, samples.points[index]));
    }
    cell->get_dof_values(solution.u, nodal);
    evaluation.reinit(cell, unit_points);
    evaluation.evaluate(dealii::make_array_view(nodal.begin(), nodal.end()),
                        dealii::EvaluationFlags::values | dealii::EvaluationFlags::gradients);
    std::vector<double> u(points.size()), densities;
    std::vector<Tensor<1, dim>> gradients(points.size()), currents;
    for (std::size_t k = 0; k < points.size(); ++k) {
      u[k] = evaluation.get_value(k);
      gradients[k] = evaluation.get_gradient(k);
    }
    density.evaluate(points, u, gradients, densities, currents);
    for (std::size_t k = 0; k < points.size(); ++k) {
      double* const sum = &sums[indices[k] * n_values];
      sum[0] += densities[k];
      for (int i = 0; i < dim; ++i)
        sum[1 + i] += currents[k][i];
      sum[1 + dim] += 1;
    }
  }
  std::vector<double> all(sums.size());
  MPI_Reduce(sums.data(), all.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM, 0,
             discretization.get_communicator());
  if (dealii::Utilities::MPI::this_mpi_process(discretization.get_communicator()) != 0)
    return samples;

  problem.loss->values(samples.points, samples.losses);
  for (std::size_t index = 0; index < total; ++index) {
    const double* const sum = &all[index * n_values];
    samples.densities.push_back(sum[0] / sum[1 + dim]);
    Tensor<1, dim> current;
    for (int i = 0; i < dim; ++i)
      current[i] = sum[1 + i] / sum[1 + dim];
    samples.currents.push_back(current);
  }
  return samples;
}

#define INSTANTIATE(dim)                                                                           \
  template class Density<dim>;                                                                     \
  template Samples<dim> sample<dim>(const Problem<dim>&, const Density<dim>&,                      \
                                    const Discretization<dim>&, const QuasiStationary<dim>&,       \
                                    const std::array<std::vector<double>, dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
