// Minima of Psi along the boundary of a shape: exit points and wells on reflecting sides.
//
// Method: Newton's iteration along the boundary, from the local minima of Psi among the points of a
// graph on each side. With the outward normal n, the tangents T and the curvature C (see Shape)
//   x(t) = x + T t - n (t^T T^T C T t)/2,
//   d Psi/dt = T^T grad Psi,   d^2 Psi/dt^2 = T^T H T - (dPsi/dn) T^T C T,
// a step is taken in the tangent plane and projected. Where it fails, as in corners and on edges, a
// compass search along the side (steps along the axes, projected) takes its place.
#pragma once

#include "problems/landscape/critical_points.h"

#include <optional>

namespace fokker_planck {

template <int dim>
class BoundarySearch {
public:
  /// loss: L, of which values and Hessians at the exit points are recorded.
  BoundarySearch(const Domain<dim>& domain, const ScalarField<dim>& psi,
                 const ScalarField<dim>& loss);

  struct Result {
    std::vector<CriticalPoint<dim>> exits;
    std::vector<dealii::Point<dim>> reflecting_minima; ///< towards which Psi falls
  };

  /// No exit point is recorded where Psi is constant along the boundary, nor in a corner of
  /// absorbing sides; one where an absorbing side ends at a reflecting one has both sides.
  Result find(const Watershed<dim>& watershed) const;

  /// The point at a distance (less, if that is outside) from an exit point: along the normal, or
  /// from a corner in the direction in which Psi falls most.
  dealii::Point<dim> way_down(const CriticalPoint<dim>& exit, double distance) const;

private:
  using BoundaryPoint = typename Domain<dim>::BoundaryPoint;

  std::optional<BoundaryPoint> newton(const dealii::Point<dim>& start, unsigned int side) const;
  dealii::Point<dim> compass(const dealii::Point<dim>& start, unsigned int side) const;
  void add(const BoundaryPoint& point, Result& result) const;
  void add_corner(const dealii::Point<dim>& point, unsigned int side, Result& result) const;
  CriticalPoint<dim> make_exit(const dealii::Point<dim>& position) const;
  bool is_below_surroundings(const dealii::Point<dim>& point) const;

  const Domain<dim>& domain;
  const ScalarField<dim>& psi;
  const ScalarField<dim>& loss;
  const Shape<dim>& shape;
  const double diameter;
};

} // namespace fokker_planck
