// Domains that are star-shaped about a centre.
//
// Method: in y = M^-1 (x - x0) the boundary is |y| = rho(e), e = y/|y|. Reference coordinates xi
// fill the cube [-1, 1]^d: a block |xi| <= 1/3 (maximum norm) in the middle, and around it 2d
// sectors of concentric layers (an equiangular cubed sphere). With s = |xi|, t_i = tan(pi/4
// xi_i/s), e = t/|t|,
//   y_i = c tan(3 pi/4 xi_i)                          for s <= 1/3,
//   y = [(1-mu) c |t| + mu 0.65 rho(e)] e             for s = 1/3 + mu (0.65 - 1/3),
//   y = s rho(e) e                                    for s >= 0.65,
// with c = 0.3 min rho. Outside the block |y| grows with s along each direction e, so that the map
// is invertible whatever rho is.
#pragma once

#include "problems/geometry/shape.h"

namespace fokker_planck {

/// One side, called "boundary".
template <int dim>
class StarShape : public Shape<dim> {
public:
  unsigned int n_sides() const override { return 1; }
  std::string side_name(unsigned int) const override { return "boundary"; }

  bool contains(const dealii::Point<dim>& point) const override;

  /// The point of the boundary in the same direction y/|y|: the nearest one if this is a ball.
  typename Shape<dim>::BoundaryPoint project(const dealii::Point<dim>& point) const override;

  void make_coarse_mesh(dealii::Triangulation<dim, dim>& mesh, unsigned int n,
                        const std::vector<double>& depths) const override;

  dealii::Point<dim> to_physical(const dealii::Point<dim>& reference) const override;

protected:
  /// x0, M (invertible, with a positive determinant) and the minimum of rho.
  StarShape(const dealii::Point<dim>& center, const dealii::Tensor<2, dim>& matrix,
            double least_radius);

  /// rho(e) > 0 for a unit vector e.
  virtual double radius(const dealii::Tensor<1, dim>& direction) const = 0;

  /// Normal and curvature at a point of the boundary.
  virtual typename Shape<dim>::BoundaryPoint boundary_point(
    const dealii::Point<dim>& position) const = 0;

private:
  dealii::Point<dim> center;
  dealii::Tensor<2, dim> matrix, inverse;
  double core; ///< c
};

} // namespace fokker_planck
