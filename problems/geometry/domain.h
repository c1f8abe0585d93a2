// Where the process lives: a shape with one boundary condition on each of its sides.
#pragma once

#include "problems/geometry/shape.h"

#include <memory>
#include <string>
#include <vector>

namespace fokker_planck {

/// A value; its shape numbers the sides. A ball in radial coordinates is the interval 0 <= r <= R
/// (RadialInterval) in one dimension, whose origin reflects.
template <int dim>
struct Domain {
  using BoundaryPoint = typename Shape<dim>::BoundaryPoint;
  using Crossing = typename Shape<dim>::Crossing;

  dealii::Point<dim> lower, upper;         ///< corners of a box around the shape
  std::vector<BoundaryKind> boundary;      ///< per side
  std::shared_ptr<const Shape<dim>> shape; ///< never null

  /// A box without extent, to be replaced.
  Domain();

  /// Throws std::invalid_argument unless there is one kind per side, which some analysis can use:
  /// none knows periodic sides yet.
  Domain(const std::shared_ptr<const Shape<dim>>& shape, const std::vector<BoundaryKind>& boundary,
         const dealii::Point<dim>& lower, const dealii::Point<dim>& upper);

  /// The box lower_i <= theta_i <= upper_i.
  static Domain box(const dealii::Point<dim>& lower, const dealii::Point<dim>& upper,
                    const std::vector<BoundaryKind>& boundary =
                      std::vector<BoundaryKind>(2 * dim, BoundaryKind::reflecting));

  /// Reads Domain/Lower, Upper, Absorbing. Throws InputError.
  static Domain parse(const std::string& lower, const std::string& upper,
                      const std::string& absorbing);

  /// Reads Domain/Radius, Effective dimension; only for dim = 1. Throws InputError.
  static Domain parse_radial(const std::string& radius, const std::string& effective_dimension);

  /// See Shape.
  bool is_box() const { return shape->is_box(); }
  bool is_radial() const { return shape->is_radial(); }
  double dimension() const { return shape->dimension(); }

  unsigned int n_sides() const { return static_cast<unsigned int>(boundary.size()); }
  bool absorbs(unsigned int side) const { return boundary[side] == BoundaryKind::absorbing; }
  Sides absorbing_sides() const;

  /// "x", "y", "z", or "r" in radial coordinates.
  std::string coordinate_name(unsigned int i) const {
    return std::string(1, is_radial() ? 'r' : "xyz"[i]);
  }

  /// "x-", "x+", "y-", ..., or as the shape names it.
  std::string side_name(unsigned int side) const { return shape->side_name(side); }

  /// The coordinate across a side of a box.
  static unsigned int direction(unsigned int side) { return side / 2; }

  /// +1 on upper sides, -1 on lower sides: the outward normal is outward(side) times unit vector.
  static double outward(unsigned int side) { return side % 2 ? 1. : -1.; }

  /// The coordinate that is constant on a side of a box.
  double coordinate(unsigned int side) const { return (side % 2 ? upper : lower)[direction(side)]; }

  double length(unsigned int i) const { return upper[i] - lower[i]; }
  dealii::Point<dim> center() const { return lower + 0.5 * (upper - lower); }

  /// Length of the diagonal, the scale of all tolerances on positions.
  double diameter() const { return (upper - lower).norm(); }

  /// Whether the point lies inside or on the boundary, up to tolerance.
  bool contains(const dealii::Point<dim>& point, double tolerance = 0) const;

  /// The point moved to the nearest point of the box around the shape.
  dealii::Point<dim> clamp(const dealii::Point<dim>& point) const;

  /// The point itself if it lies inside, else its projection.
  dealii::Point<dim> confine(const dealii::Point<dim>& point) const;

  /// The point of a side that is nearest to a point; see Shape::project_onto.
  BoundaryPoint project(const dealii::Point<dim>& point, unsigned int side) const {
    return shape->project_onto(side, point);
  }

  /// See Shape.
  std::vector<BoundaryPoint> boundary_around(const dealii::Point<dim>& point) const {
    return shape->boundary_around(point);
  }

  /// The sides, of the given ones, that a point lies on up to rounding.
  std::vector<BoundaryPoint> contacts(const dealii::Point<dim>& point,
                                      Sides sides = all_sides) const;

  /// Where the segment from a point inside first leaves through a side, and through an absorbing
  /// one, while it slides along those that reflect; see Shape.
  std::optional<Crossing> first_crossing(const dealii::Point<dim>& from,
                                         const dealii::Point<dim>& to) const {
    return shape->first_crossing(from, to, all_sides);
  }
  std::optional<Crossing> first_absorption(const dealii::Point<dim>& from,
                                           const dealii::Point<dim>& to) const {
    return shape->first_crossing(from, to, absorbing_sides());
  }
};

} // namespace fokker_planck
