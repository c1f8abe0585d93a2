// Domain/Type = box: lower_i <= theta_i <= upper_i; Type = radial: 0 <= r <= R.
#pragma once

#include "problems/geometry/shape.h"

namespace fokker_planck {

/// Side 2i is theta_i = lower_i ("x-", "y-", "z-"), side 2i+1 is theta_i = upper_i ("x+", ...).
template <int dim>
class Box : public Shape<dim> {
public:
  using BoundaryPoint = typename Shape<dim>::BoundaryPoint;
  using Crossing = typename Shape<dim>::Crossing;

  Box(const dealii::Point<dim>& lower, const dealii::Point<dim>& upper);

  std::string description() const override;
  unsigned int n_sides() const override { return 2 * dim; }
  std::string side_name(unsigned int side) const override;

  /// Without any tolerance.
  bool contains(const dealii::Point<dim>& point) const override;

  /// Each coordinate may exceed its limits by the tolerance.
  bool contains_within(const dealii::Point<dim>& point, double tolerance) const override;

  /// The nearest point of the box if the point lies outside, else that of the nearest side.
  BoundaryPoint project(const dealii::Point<dim>& point) const override;

  BoundaryPoint project_onto(unsigned int side, const dealii::Point<dim>& point) const override;
  std::vector<BoundaryPoint> boundary_around(const dealii::Point<dim>& point) const override;
  double rounding() const override { return 0; }

  /// Explicitly: of the planes of the sides that lie between the points the first one; of equal
  /// ones that with the lowest number.
  std::optional<Crossing> first_crossing(const dealii::Point<dim>& from,
                                         const dealii::Point<dim>& to, Sides sides) const override;

  std::optional<dealii::Point<dim>> deepest_point() const override;

  /// n^dim equal cells.
  void make_coarse_mesh(dealii::Triangulation<dim, dim>& mesh, unsigned int n,
                        const std::vector<double>& depths) const override;

  void make_mesh(dealii::Triangulation<dim, dim>& mesh,
                 const CellLayout<dim>& layout) const override;

  bool is_curved() const override { return false; }
  bool is_box() const override { return true; }
  dealii::Point<dim> to_physical(const dealii::Point<dim>& reference) const override {
    return reference;
  }

private:
  dealii::Point<dim> clamp(const dealii::Point<dim>& point) const;

  dealii::Point<dim> lower, upper;
};

/// A ball |theta| <= R in n dimensions, as the interval 0 <= r <= R with the volume element r^(n-1)
/// dr, up to the area of the unit sphere. Its sides are "r-", the origin, and "r+".
class RadialInterval : public Box<1> {
public:
  /// R > 0 and n, a real number >= 1.
  RadialInterval(double radius, double dimension);

  std::string description() const override;
  std::string side_name(unsigned int side) const override { return side == 0 ? "r-" : "r+"; }
  bool is_radial() const override { return true; }
  double dimension() const override { return n; }

private:
  double radius, n;
};

} // namespace fokker_planck
