// Where the process lives, with one boundary condition on each side: a box, a ball in radial
// coordinates, or another shape.
#pragma once

#include "problems/geometry/shape.h"

#include <memory>
#include <string>
#include <vector>

namespace fokker_planck {

/// The box lower_i <= theta_i <= upper_i. Side 2i is theta_i = lower_i ("x-", "y-", "z-"), side
/// 2i+1 is theta_i = upper_i ("x+", ...). A side absorbs (P = 0) or reflects (J.n = 0).
///
/// A ball |theta| <= R in n dimensions is the interval 0 <= r <= R with the volume element
/// r^(n-1) dr, up to the area of the unit sphere; r = 0 reflects, R ("r+") absorbs.
///
/// Any other domain is given by its shape, which also numbers the sides; lower and upper are then
/// the corners of a box around it.
template <int dim>
struct Domain {
  dealii::Point<dim> lower, upper;
  std::vector<bool> absorbing = std::vector<bool>(2 * dim, false); ///< per side
  std::shared_ptr<const Shape<dim>> shape; ///< none for boxes and radial coordinates
  bool radial = false;                     ///< whether this is a ball; only for dim = 1
  double effective_dimension = 1;          ///< n of a ball, a real number >= 1

  bool is_box() const { return shape == nullptr; }

  unsigned int n_sides() const { return static_cast<unsigned int>(absorbing.size()); }
  bool absorbs(unsigned int side) const { return absorbing[side]; }

  /// "x", "y", "z", or "r" in a ball.
  std::string coordinate_name(unsigned int i) const {
    return std::string(1, radial ? 'r' : "xyz"[i]);
  }

  /// "x-", "x+", "y-", ..., or as the shape names it.
  std::string side_name(unsigned int side) const;

  /// The dimension of the space the process lives in: dim, or n in a ball.
  double dimension() const { return radial ? effective_dimension : dim; }

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

  /// The point moved to the nearest point of the box (around the shape).
  dealii::Point<dim> clamp(const dealii::Point<dim>& point) const;

  /// Reads Domain/Lower, Upper, Absorbing. Throws InputError.
  static Domain parse(const std::string& lower, const std::string& upper,
                      const std::string& absorbing);

  /// Reads Domain/Radius, Effective dimension; only for dim = 1. Throws InputError.
  static Domain parse_radial(const std::string& radius, const std::string& effective_dimension);

  using BoundaryPoint = typename Shape<dim>::BoundaryPoint;

  /// The point of a side that is nearest to a point, and which way the side faces there. Of a shape
  /// the nearest point of the whole boundary, which is the one asked for only near that side.
  BoundaryPoint project(const dealii::Point<dim>& point, unsigned int side) const;

  /// The points of the boundary around a point: one on each side of a box, of a shape the nearest.
  std::vector<BoundaryPoint> boundary_around(const dealii::Point<dim>& point) const;
};

} // namespace fokker_planck
