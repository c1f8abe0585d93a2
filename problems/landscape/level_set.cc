#include "problems/landscape/level_set.h"

#include "problems/base/text.h"

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

constexpr unsigned int n_steps = 64; // of the scan along a ray

} // namespace

template <int dim>
LevelSet<dim>::LevelSet(const std::shared_ptr<const ScalarField<dim>>& loss_,
                        const Point<dim>& minimum_, const double level_,
                        const Tensor<2, dim>& matrix_, const Radii& radii)
  : StarShape<dim>(minimum_, matrix_, radii.least), loss(loss_), minimum(minimum_), level(level_),
    matrix(matrix_), longest(1.1 * radii.largest), rays(loss, minimum, level) {}

template <int dim>
std::string LevelSet<dim>::description() const {
  return "the level set L < " + format_rounded(level) + " around " + format_point(&minimum[0], dim);
}

template <int dim>
double LevelSet<dim>::radius(const Tensor<1, dim>& direction) const {
  return rays.first_root(matrix * direction, longest, n_steps).value_or(longest);
}

template <int dim>
typename Shape<dim>::BoundaryPoint LevelSet<dim>::boundary_point(const Point<dim>& position) const {
  std::vector<Tensor<1, dim>> gradient;
  std::vector<SymmetricTensor<2, dim>> hessian;
  loss->gradients({ position }, gradient);
  loss->hessians({ position }, hessian);
  const Tensor<1, dim> radial = position - minimum;
  const double slope = gradient[0].norm();
  if (!(slope > 1e-10 * hessian[0].norm() * radial.norm()))
    return { position, 0, radial / radial.norm(), {} };
  const Tensor<1, dim> normal = gradient[0] / slope;
  const Tensor<2, dim> along =
    dealii::unit_symmetric_tensor<dim>() - symmetrize(outer_product(normal, normal));
  return { position, 0, normal, symmetrize(along * Tensor<2, dim>(hessian[0]) * along) / slope };
}

template class LevelSet<2>;
template class LevelSet<3>;

} // namespace fokker_planck
