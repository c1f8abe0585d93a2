#include "problems/geometry/ball.h"

#include "problems/base/text.h"

namespace fokker_planck {

using dealii::Point;

template <int dim>
Ball<dim>::Ball(const Point<dim>& center_, const double radius)
  : StarShape<dim>(center_, radius * dealii::Tensor<2, dim>(dealii::unit_symmetric_tensor<dim>()),
                   1),
    center(center_), R(radius) {}

template <int dim>
std::string Ball<dim>::description() const {
  return "the ball of radius " + format_number(R) + " around " + format_point(&center[0], dim);
}

template <int dim>
typename Shape<dim>::BoundaryPoint Ball<dim>::boundary_point(const Point<dim>& position) const {
  const dealii::Tensor<1, dim> radial = position - center;
  const dealii::Tensor<1, dim> normal = radial / radial.norm();
  return { position, 0, normal,
           (dealii::unit_symmetric_tensor<dim>() - symmetrize(outer_product(normal, normal))) / R };
}

template class Ball<2>;
template class Ball<3>;

} // namespace fokker_planck
