// Domain/Type = level set: the part of {L < level} around a minimum x0 of the loss.
//
// The boundary is rho(e), the first root of L(x0 + rho M e) = level, with M = sqrt(2 (level - L0))
// H^(-1/2) for the Hessian H at x0: rho = 1 if L is quadratic.
#pragma once

#include "problems/base/scalar_field.h"
#include "problems/geometry/level_rays.h"
#include "problems/geometry/star_shape.h"

namespace fokker_planck {

/// A level set that is star-shaped about its minimum; see survey_level_set().
template <int dim>
class LevelSet : public StarShape<dim> {
public:
  /// The smallest and the largest rho over all directions (bounds suffice).
  struct Radii {
    double least, largest;
  };

  LevelSet(const std::shared_ptr<const ScalarField<dim>>& loss, const dealii::Point<dim>& minimum,
           double level, const dealii::Tensor<2, dim>& matrix, const Radii& radii);

  std::string description() const override;

protected:
  double radius(const dealii::Tensor<1, dim>& direction) const override;

  /// n = grad L/|grad L|, curvature P H P/|grad L| with P = 1 - n n^T. At a saddle, where the
  /// boundary has a corner, the normal is that of a ball and the curvature zero.
  typename Shape<dim>::BoundaryPoint boundary_point(
    const dealii::Point<dim>& position) const override;

private:
  std::shared_ptr<const ScalarField<dim>> loss;
  dealii::Point<dim> minimum;
  double level;
  dealii::Tensor<2, dim> matrix;
  double longest; ///< where the search for roots ends
  LevelRays<dim> rays;
};

} // namespace fokker_planck
