// Domain/Type = ball: |x - x0| <= R.
#pragma once

#include "problems/geometry/star_shape.h"

namespace fokker_planck {

template <int dim>
class Ball : public StarShape<dim> {
public:
  /// R > 0.
  Ball(const dealii::Point<dim>& center, double radius);

  std::string description() const override;

protected:
  double radius(const dealii::Tensor<1, dim>&) const override { return 1; }

  /// n = (x - x0)/R, curvature (1 - n n^T)/R.
  typename Shape<dim>::BoundaryPoint boundary_point(
    const dealii::Point<dim>& position) const override;

private:
  dealii::Point<dim> center;
  double R;
};

} // namespace fokker_planck
