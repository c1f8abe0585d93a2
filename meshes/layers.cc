#include "meshes/layers.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

constexpr double deepest = 0.34; ///< what star shapes allow, see Shape::make_coarse_mesh
constexpr double height = 10;    ///< Psi above its minimum on the boundary, of points that count
constexpr double decay = 25;     ///< the layer ends where the exponential has fallen so much

/// Length of the first interval in units of the width.
double first_step(const unsigned int degree, const double tolerance) {
  double log_odd = 0; // log of (2k-1)!!
  for (unsigned int j = 1; j <= degree; ++j)
    log_odd += std::log(2. * j - 1);
  return 2 * std::pow(0.1 * tolerance, 1. / (2 * degree)) * std::exp(log_odd / degree);
}

/// Sizes of the cells from a side inwards, until they are as large as the given one.
template <int dim>
std::vector<double> steps_from(const unsigned int side, const Domain<dim>& box,
                               const ScalarField<dim>& psi, const Landscape<dim>& landscape,
                               const unsigned int degree, const double tolerance,
                               const double largest) {
  const auto points = landscape.watershed.points_on(side);
  std::vector<double> potentials;
  psi.values(points, potentials);
  const auto lowest = std::min_element(potentials.begin(), potentials.end());
  if (!(*lowest < landscape.exit_level + height)) return {};
  const dealii::Point<dim> exit = points[lowest - potentials.begin()];
  std::vector<dealii::Tensor<1, dim>> gradient;
  std::vector<dealii::SymmetricTensor<2, dim>> hessian;
  psi.gradients({ exit }, gradient);
  psi.hessians({ exit }, hessian);
  const unsigned int i = Domain<dim>::direction(side);
  const double slope = Domain<dim>::outward(side) * gradient[0][i];
  const double width = 1 / std::max(slope, std::sqrt(std::max(-hessian[0][i][i], 0.)));
  const double first = first_step(degree, tolerance) * width;
  std::vector<double> steps, potential;
  double depth = 0, step = first;
  while (step < 0.7 * largest && depth + step < 0.5 * box.length(i)) {
    steps.push_back(step);
    depth += step;
    dealii::Point<dim> inside = exit;
    inside[i] -= Domain<dim>::outward(side) * depth;
    psi.values({ inside }, potential);
    const double fall = std::max(0., *lowest - potential[0]);
    step = first * std::exp(std::min(fall, 2. * decay) / (2 * degree));
  }
  return steps;
}

/// Depths of layers along a curved boundary, descending, relative to the size of the domain.
template <int dim>
std::vector<double> boundary_layers(const Domain<dim>& domain, const ScalarField<dim>& psi,
                                    const Landscape<dim>& landscape, const unsigned int degree,
                                    const double tolerance) {
  if (!domain.shape->is_curved()) return {};
  std::vector<dealii::Point<dim>> points;
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    if (domain.absorbs(side)) {
      const auto on_side = landscape.watershed.points_on(side);
      points.insert(points.end(), on_side.begin(), on_side.end());
    }
  std::vector<double> potentials;
  std::vector<dealii::Tensor<1, dim>> gradients;
  psi.values(points, potentials);
  psi.gradients(points, gradients);
  const double lowest = *std::min_element(potentials.begin(), potentials.end());
  const dealii::Point<dim> center = domain.shape->to_physical(dealii::Point<dim>());
  double slope = 0; // of Psi against the depth
  for (std::size_t q = 0; q < points.size(); ++q)
    if (potentials[q] < lowest + height)
      slope = std::max(slope, gradients[q] * (points[q] - center));

  const double first = first_step(degree, tolerance);
  std::vector<double> depths;
  double depth = 0; // in units of the width
  while (true) {
    depth += first * std::exp(depth / (2 * degree));
    if (!(depth < deepest * slope) || depth > decay) break;
    depths.push_back(depth / slope);
  }
  std::reverse(depths.begin(), depths.end());
  return depths;
}

/// Sizes of cells along each direction of a box; empty where they are equal.
template <int dim>
std::array<std::vector<double>, dim> graded_steps(const Domain<dim>& domain,
                                                  const ScalarField<dim>& psi,
                                                  const Landscape<dim>& landscape,
                                                  const unsigned int degree, const double tolerance,
                                                  const std::array<unsigned int, dim>& n_cells) {
  std::array<std::vector<double>, dim> result;
  if (dim < 3 || !domain.is_box()) return result; // layers along planes are rows of cells
  for (int i = 0; i < dim; ++i) {
    const double equal = domain.length(i) / n_cells[i];
    std::vector<double> from[2];
    double rest = domain.length(i);
    for (const unsigned int end : { 0U, 1U })
      if (domain.absorbs(2 * i + end)) {
        from[end] = steps_from(2 * i + end, domain, psi, landscape, degree, tolerance, equal);
        for (const double step : from[end])
          rest -= step;
      }
    if (from[0].empty() && from[1].empty()) continue;
    result[i] = from[0];
    const auto n_between = std::max(1U, static_cast<unsigned int>(std::lround(rest / equal)));
    result[i].insert(result[i].end(), n_between, rest / n_between);
    result[i].insert(result[i].end(), from[1].rbegin(), from[1].rend());
  }
  return result;
}

} // namespace

template <int dim>
void grade(typename Mesh<dim>::Layout& layout, const Domain<dim>& domain,
           const ScalarField<dim>& psi, const Landscape<dim>& landscape, const unsigned int degree,
           const double tolerance) {
  layout.steps = graded_steps<dim>(domain, psi, landscape, degree, tolerance, layout.n_cells);
  layout.depths = boundary_layers(domain, psi, landscape, degree, tolerance);
}

#define INSTANTIATE(dim)                                                                           \
  template void grade(typename Mesh<dim>::Layout&, const Domain<dim>&, const ScalarField<dim>&,    \
                      const Landscape<dim>&, unsigned int, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
