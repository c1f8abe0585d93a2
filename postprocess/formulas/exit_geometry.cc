#include "postprocess/formulas/exit_geometry.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/text.h"

#include <cmath>

namespace fokker_planck {

using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

constexpr double least_radius = 2;   // of curvature, in widths of the exit and of the layer
constexpr double least_distance = 2; // of corners and edges, in widths of the exit
constexpr double most_bend = 0.3;    // change of Psi over the width of the exit by edges

/// Unit vectors along the boundary: both in a plane, eight in space.
template <int dim>
std::vector<Tensor<1, dim>> tangents(const Tensor<1, dim>& normal) {
  std::vector<Tensor<1, dim>> axes;
  for (const auto& [value, axis] : eigenpairs(symmetrize(outer_product(normal, normal))))
    if (value < 0.5) axes.push_back(axis);
  if (dim < 3) axes.resize(2); // the second one zero
  constexpr int n = dim == 3 ? 8 : 2;
  std::vector<Tensor<1, dim>> directions;
  for (int k = 0; k < n; ++k)
    directions.push_back(std::cos(2 * M_PI * k / n) * axes[0] +
                         std::sin(2 * M_PI * k / n) * axes[1]);
  return directions;
}

/// Whether the side ends at a point in a direction, or bends there: a small step along it is not
/// possible.
template <int dim>
bool ends_at(const Domain<dim>& domain, const typename Domain<dim>::BoundaryPoint& point,
             const Tensor<1, dim>& direction) {
  Tensor<1, dim> step = direction - (direction * point.normal) * point.normal;
  step *= 1e-6 * domain.diameter() / step.norm();
  const auto next = domain.project(point.position + step, point.side);
  return next.side != point.side || !(next.position.distance(point.position) > 0.5 * step.norm());
}

} // namespace

template <int dim>
std::string objection_to_boundary(const Domain<dim>& domain,
                                  const typename Domain<dim>::BoundaryPoint& wall,
                                  const Tensor<1, dim>& gradient,
                                  const SymmetricTensor<2, dim>& hessian) {
  const double slope = std::fabs(wall.normal * gradient);
  const SymmetricTensor<2, dim> along = hessian - (wall.normal * gradient) * wall.curvature;
  for (const auto& tangent : tangents(wall.normal)) {
    const double curvature = std::fabs(tangent * (wall.curvature * tangent));
    const double width = 1 / std::sqrt(std::fabs(tangent * (along * tangent)));
    if (slope < least_radius * curvature)
      return "the boundary is curved too much at the exit point: its radius of curvature is only " +
             format_rounded(slope / curvature) +
             " times the layer over which the density falls to zero (" +
             format_rounded(least_radius) + " needed)";
    if (least_radius * width * curvature > 1)
      return "the exit point is not isolated on the scale of the noise: the radius of curvature of "
             "the boundary is only " +
             format_rounded(1 / (width * curvature)) + " times the width of the exit along it (" +
             format_rounded(least_radius) + " needed)";
    const Tensor<1, dim> step = least_distance * width * tangent;
    const Tensor<1, dim> bent = wall.normal + wall.curvature * step;
    const auto beside = domain.project(wall.position + step, wall.side);
    if (beside.side != wall.side || ends_at(domain, beside, tangent) ||
        slope * (beside.normal - bent / bent.norm()).norm() * width > most_bend)
      return "the boundary has a corner or an edge, or does not keep its curvature, within " +
             format_rounded(least_distance) + " widths of the exit from the exit point";
  }
  return "";
}

template std::string objection_to_boundary(const Domain<1>&, const Domain<1>::BoundaryPoint&,
                                           const Tensor<1, 1>&, const SymmetricTensor<2, 1>&);
template std::string objection_to_boundary(const Domain<2>&, const Domain<2>::BoundaryPoint&,
                                           const Tensor<1, 2>&, const SymmetricTensor<2, 2>&);
template std::string objection_to_boundary(const Domain<3>&, const Domain<3>::BoundaryPoint&,
                                           const Tensor<1, 3>&, const SymmetricTensor<2, 3>&);

} // namespace fokker_planck
