#include "postprocess/commands/comparison/exit_distribution.h"

#include "postprocess/fields/boundary_samples.h"
#include "postprocess/fields/density.h"
#include "postprocess/fields/grid_search.h"
#include "problems/base/collective.h"
#include "problems/base/text.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace fokker_planck {

namespace {

template <int dim>
std::vector<ExitShare<dim>> shares_of_box(const Problem<dim>& problem,
                                          const Discretization<dim>& discretization,
                                          const QuasiStationary<dim>& solution) {
  constexpr unsigned int n_points = dim == 3 ? 101 : 2001;
  const Domain<dim>& box = problem.domain;
  std::vector<ExitShare<dim>> shares;
  for (unsigned int side = 0; side < box.n_sides(); ++side) {
    if (!box.absorbs(side)) continue;
    const unsigned int normal = Domain<dim>::direction(side);
    std::array<std::vector<double>, dim> axes;
    for (unsigned int i = 0; i < dim; ++i)
      axes[i] = linspace(box.lower[i], box.upper[i], n_points);
    axes[normal] = { box.coordinate(side) };
    const auto densities = sample_exit_density<dim>(problem, discretization, solution, axes);
    if (!is_first_rank(discretization.get_communicator())) continue;
    const Grid<dim> grid(axes);
    for (std::size_t q = 0; q < densities.size(); ++q) {
      const auto position = grid.point(q);
      double probability = std::max(densities[q], 0.);
      for (unsigned int i = 0; i < dim; ++i)
        if (i != normal) { // the trapezoidal rule
          const bool at_end = position[i] == axes[i].front() || position[i] == axes[i].back();
          probability *= (at_end ? 0.5 : 1.) * box.length(i) / (n_points - 1);
        }
      shares.push_back({ side, position, probability });
    }
  }
  return shares;
}

/// Midpoints along each direction of a face of a shape: fewer on fine meshes, because the first
/// rank receives all of them.
template <int dim>
dealii::Quadrature<1> midpoints(const Discretization<dim>& discretization) {
  constexpr double most_samples = 3e6;
  constexpr double most = dim == 2 ? 100 : 24, least = 4;
  double n_faces = 0;
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators())
    if (cell->is_locally_owned())
      for (const auto& face : cell->face_iterators())
        n_faces += face->at_boundary() ? 1 : 0;
  n_faces = dealii::Utilities::MPI::sum(n_faces, discretization.get_communicator());
  const double n = std::pow(most_samples / n_faces, 1. / (dim - 1));
  return dealii::QIterated<1>(dealii::QMidpoint<1>(),
                              static_cast<unsigned int>(std::clamp(n, least, most)));
}

} // namespace

template <int dim>
std::vector<ExitShare<dim>> exit_shares(const Problem<dim>& problem,
                                        const Discretization<dim>& discretization,
                                        const QuasiStationary<dim>& solution) {
  if constexpr (dim == 1) return {};
  if (problem.domain.is_box()) // grids of coordinates along its sides
    return shares_of_box(problem, discretization, solution);
  std::vector<ExitShare<dim>> shares;
  if constexpr (dim > 1)
    for (const auto& face : sample_boundary(discretization, solution, midpoints(discretization)))
      if (problem.domain.absorbs(face.side))
        for (const auto& sample : face.samples)
          shares.push_back(
            { face.side, sample.position, sample.weight * std::max(sample.exit_density, 0.) });
  return shares;
}

template <int dim>
CoordinateDistribution::CoordinateDistribution(const std::vector<ExitShare<dim>>& shares,
                                               const unsigned int side, const unsigned int axis) {
  std::vector<std::pair<double, double>> masses; // by coordinate
  double sum = 0;
  for (const auto& share : shares)
    if (share.side == side) {
      masses.emplace_back(share.position[axis], share.probability);
      sum += share.probability;
    }
  std::sort(masses.begin(), masses.end());
  // Positions that differ by rounding are one.
  const double tolerance =
    masses.empty() ? 0. : 1e-9 * (masses.back().first - masses.front().first);
  double below = 0;
  for (std::size_t k = 0; k < masses.size();) {
    const double coordinate = masses[k].first;
    double mass = 0;
    for (; k < masses.size() && masses[k].first <= coordinate + tolerance; ++k)
      mass += masses[k].second;
    at.push_back(coordinate);
    cumulative.push_back((below + 0.5 * mass) / sum);
    below += mass;
  }
}

double CoordinateDistribution::operator()(const double coordinate) const {
  const auto above = std::upper_bound(at.begin(), at.end(), coordinate) - at.begin();
  if (above == 0) return 0;
  if (above == static_cast<std::ptrdiff_t>(at.size())) return 1;
  const double t = (coordinate - at[above - 1]) / (at[above] - at[above - 1]);
  return cumulative[above - 1] + t * (cumulative[above] - cumulative[above - 1]);
}

template <int dim>
std::string distribution_table(const Domain<dim>& domain,
                               const std::vector<ExitShare<dim>>& shares) {
  constexpr unsigned int n_points = 401;
  std::string text = "side,axis,coordinate,probability\n";
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    for (unsigned int axis = 0; axis < dim; ++axis) {
      const CoordinateDistribution distribution(shares, side, axis);
      if (!domain.absorbs(side) || !distribution.varies()) continue;
      for (const double x : linspace(distribution.least(), distribution.greatest(), n_points))
        text += domain.side_name(side) + "," + domain.coordinate_name(axis) + "," +
                format_number(x) + "," + format_number(distribution(x)) + "\n";
    }
  return text;
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<ExitShare<dim>> exit_shares(                                                \
    const Problem<dim>&, const Discretization<dim>&, const QuasiStationary<dim>&);                 \
  template std::string distribution_table(const Domain<dim>&, const std::vector<ExitShare<dim>>&); \
  template CoordinateDistribution::CoordinateDistribution(const std::vector<ExitShare<dim>>&,      \
                                                          unsigned int, unsigned int);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
