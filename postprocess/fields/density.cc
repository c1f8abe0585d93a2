#include "postprocess/fields/density.h"

#include "postprocess/fields/grid_search.h"
#include "problems/base/collective.h"

#include <deal.II/base/mpi.h>
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

/// Averages over the cells in which a point of the grid lies (several on faces) of values that are
/// computed from a nodal function: values per point, one point after the other; NaN outside the
/// domain. compute(points, u, gradients, results) appends them for the points in a cell.
/// Collective; only rank 0 receives the averages.
template <int dim, typename Compute>
std::vector<double> average(const Problem<dim>& problem, const Discretization<dim>& discretization,
                            const dealii::PETScWrappers::MPI::Vector& function,
                            const std::array<std::vector<double>, dim>& axes,
                            const unsigned int n_values, const Compute& compute) {
  const Grid<dim> grid(axes);
  const std::size_t stride = n_values + 1; // with the number of cells
  std::vector<double> sums(grid.n_points() * stride, 0.), results;
  GridSearch<dim> search(problem, discretization, grid);
  dealii::FEPointEvaluation<1, dim> evaluation(search.get_mapping(), discretization.get_element(),
                                               dealii::update_values | dealii::update_gradients);
  dealii::Vector<double> nodal(discretization.get_element().n_dofs_per_cell());
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    const auto found = search(cell);
    const std::size_t n = found.indices.size();
    if (n == 0) continue;
    cell->get_dof_values(function, nodal);
    evaluation.reinit(cell, found.unit_points);
    evaluation.evaluate(dealii::make_array_view(nodal.begin(), nodal.end()),
                        dealii::EvaluationFlags::values | dealii::EvaluationFlags::gradients);
    std::vector<double> u(n);
    std::vector<Tensor<1, dim>> gradients(n);
    for (std::size_t k = 0; k < n; ++k) {
      u[k] = evaluation.get_value(k);
      gradients[k] = evaluation.get_gradient(k);
    }
    results.clear();
    compute(found.points, u, gradients, results);
    for (std::size_t k = 0; k < n; ++k) {
      double* const sum = &sums[found.indices[k] * stride];
      for (unsigned int i = 0; i < n_values; ++i)
        sum[i] += results[k * n_values + i];
      sum[n_values] += 1;
    }
  }
  std::vector<double> all(sums.size()), averages;
  MPI_Reduce(sums.data(), all.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM, 0,
             discretization.get_communicator());
  for (std::size_t index = 0; index < grid.n_points(); ++index) {
    const double* const sum = &all[index * stride];
    // No cell has a point outside a shape.
    for (unsigned int i = 0; i < n_values; ++i)
      averages.push_back(sum[n_values] > 0 ? sum[i] / sum[n_values] : std::nan(""));
  }
  return averages;
}

} // namespace

template <int dim>
Samples<dim> sample_density(const Problem<dim>& problem, const Density<dim>& density,
                            const Discretization<dim>& discretization,
                            const QuasiStationary<dim>& solution,
                            const std::array<std::vector<double>, dim>& axes) {
  constexpr unsigned int n_values = dim + 1; // density and current
  const auto averages =
    average<dim>(problem, discretization, solution.u, axes, n_values,
                 [&](const std::vector<Point<dim>>& points, const std::vector<double>& u,
                     const std::vector<Tensor<1, dim>>& gradients, std::vector<double>& results) {
                   std::vector<double> densities;
                   std::vector<Tensor<1, dim>> currents;
                   density.evaluate(points, u, gradients, densities, currents);
                   for (std::size_t k = 0; k < points.size(); ++k) {
                     results.push_back(densities[k]);
                     for (int i = 0; i < dim; ++i)
                       results.push_back(currents[k][i]);
                   }
                 });
  const Grid<dim> grid(axes);
  Samples<dim> samples;
  samples.axes = axes;
  for (std::size_t index = 0; index < grid.n_points(); ++index)
    samples.points.push_back(grid.point(index));
  if (!is_first_rank(discretization.get_communicator())) return samples;

  problem.loss->values(samples.points, samples.losses);
  for (std::size_t index = 0; index < samples.points.size(); ++index) {
    const double* const here = &averages[index * n_values];
    if (std::isnan(here[0])) samples.losses[index] = here[0];
    samples.densities.push_back(here[0]);
    Tensor<1, dim> current;
    for (int i = 0; i < dim; ++i)
      current[i] = here[1 + i];
    samples.currents.push_back(current);
  }
  return samples;
}

template <int dim>
std::vector<double> sample_exit_density(const Problem<dim>& problem,
                                        const Discretization<dim>& discretization,
                                        const QuasiStationary<dim>& solution,
                                        const std::array<std::vector<double>, dim>& axes) {
  return average<dim>(problem, discretization, solution.exit_density, axes, 1,
                      [](const std::vector<Point<dim>>&, const std::vector<double>& values,
                         const std::vector<Tensor<1, dim>>&,
                         std::vector<double>& results) { results = values; });
}

#define INSTANTIATE(dim)                                                                           \
  template class Density<dim>;                                                                     \
  template Samples<dim> sample_density<dim>(                                                       \
    const Problem<dim>&, const Density<dim>&, const Discretization<dim>&,                          \
    const QuasiStationary<dim>&, const std::array<std::vector<double>, dim>&);                     \
  template std::vector<double> sample_exit_density<dim>(                                           \
    const Problem<dim>&, const Discretization<dim>&, const QuasiStationary<dim>&,                  \
    const std::array<std::vector<double>, dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
