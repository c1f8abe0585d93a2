#include "meshes/layers.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

constexpr double deepest = 0.34; ///< what star shapes allow, see Shape::make_coarse_mesh
constexpr double height = 10;    ///< Psi above its minimum on the boundary, of points that count
constexpr double decay = 25;     ///< the layer ends where the exponential has fallen so much

} // namespace

template <int dim>
std::vector<double> boundary_layers(const Domain<dim>& domain, const ScalarField<dim>& psi,
                                    const Landscape<dim>& landscape, const unsigned int degree,
                                    const double tolerance) {
  if (domain.is_box() || !domain.shape->is_curved()) return {};
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

  double log_odd = 0; // log of (2k-1)!!
  for (unsigned int j = 1; j <= degree; ++j)
    log_odd += std::log(2. * j - 1);
  const double first =
    2 * std::pow(0.1 * tolerance, 1. / (2 * degree)) * std::exp(log_odd / degree);
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

#define INSTANTIATE(dim)                                                                           \
  template std::vector<double> boundary_layers(const Domain<dim>&, const ScalarField<dim>&,        \
                                               const Landscape<dim>&, unsigned int, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
