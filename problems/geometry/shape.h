// Shapes of domains: boxes, balls, level sets, meshes from files.
#pragma once

#include "problems/geometry/boundary_kind.h"

#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace dealii {
template <int dim, int spacedim>
class Triangulation;
}

namespace fokker_planck {

/// How a mesh is divided before it is refined locally.
template <int dim>
struct CellLayout {
  /// Cells per direction of a box; for other shapes the first number counts, see
  /// Shape::make_coarse_mesh.
  std::array<unsigned int, dim> n_cells;

  /// Sizes of the cells along a direction of a box that is divided unequally.
  std::array<std::vector<double>, dim> steps = {};

  std::vector<double> depths = {}; ///< of layers along a curved boundary

  /// Whether cells across a curved boundary are to be divided as those along it.
  bool equal_cells = false;
};

/// A bounded, connected part of space with numbered sides, and how to mesh it.
///
/// The mesh is made of straight cells in reference coordinates xi, which a continuous map carries
/// to the domain; the map is smooth on each cell of the coarse mesh. Its boundary faces carry the
/// number of their side as boundary id.
template <int dim>
class Shape {
public:
  virtual ~Shape() = default;

  /// For messages, for example "the ball of radius 1 around (0, 0)".
  virtual std::string description() const = 0;

  virtual unsigned int n_sides() const = 0;
  virtual std::string side_name(unsigned int side) const = 0;

  /// Whether a point lies inside or, up to rounding, on the boundary.
  virtual bool contains(const dealii::Point<dim>& point) const = 0;

  /// Whether a point lies inside, or outside by no more than a tolerance.
  virtual bool contains_within(const dealii::Point<dim>& point, double tolerance) const;

  struct BoundaryPoint {
    dealii::Point<dim> position;
    unsigned int side;
    dealii::Tensor<1, dim> normal; ///< outward, of length 1

    /// The change of the normal along the boundary, dn = curvature dx: zero on planes, (1 - n n^T)
    /// / R on a sphere. Its product with the normal is zero.
    dealii::SymmetricTensor<2, dim> curvature;
  };

  /// A point of the boundary near to a point. It is the point itself if that lies on the boundary;
  /// otherwise it need not be exactly the nearest one.
  virtual BoundaryPoint project(const dealii::Point<dim>& point) const = 0;

  /// The point near to a point on the plane of one side of a box. Of other shapes that of the whole
  /// boundary, which is the one asked for only near that side.
  virtual BoundaryPoint project_onto(unsigned int side, const dealii::Point<dim>& point) const;

  /// The points of the boundary around a point: one on each side of a box, else the projected one.
  virtual std::vector<BoundaryPoint> boundary_around(const dealii::Point<dim>& point) const;

  /// How far a point that was put on the boundary may lie from it, relative to the diameter.
  virtual double rounding() const { return 1e-10; }

  /// Where a segment meets the boundary.
  struct Crossing : BoundaryPoint {
    double fraction; ///< of the segment, between 0 and 1
  };

  /// Where the segment between two points, the first of which lies inside, first leaves through one
  /// of the given sides; none if it does not. A segment that ends on the boundary does not leave,
  /// nor does one along a side. Beyond the other sides it slides along them.
  ///
  /// Method: bisection, by whether points of the segment lie inside. On the way the segment may
  /// leave and come back unseen.
  virtual std::optional<Crossing> first_crossing(const dealii::Point<dim>& from,
                                                 const dealii::Point<dim>& to, Sides sides) const;

  /// A point that is as far from the boundary as any other; none if it takes a search.
  virtual std::optional<dealii::Point<dim>> deepest_point() const { return {}; }

  /// Builds the coarse mesh in reference coordinates. n is the number of cells along each edge of
  /// its building blocks; depths (descending, below 0.35) are those of layers of cells along an
  /// absorbing boundary, relative to the size of the domain. A mesh from a file ignores both.
  virtual void make_coarse_mesh(dealii::Triangulation<dim, dim>& mesh, unsigned int n,
                                const std::vector<double>& depths) const = 0;

  /// Builds a mesh as the layout says. Equal cells are divided as late as possible, because every
  /// rank stores all coarse ones.
  virtual void make_mesh(dealii::Triangulation<dim, dim>& mesh,
                         const CellLayout<dim>& layout) const;

  /// Whether the map is more than the identity.
  virtual bool is_curved() const { return true; }

  /// Whether this is a box: its sides are normal to the axes, lattices of points and cells end on
  /// them, and paths along the axes between points inside stay inside. Asked only where another
  /// algorithm follows from that.
  virtual bool is_box() const { return false; }

  /// Whether this is an interval of a radial coordinate r.
  virtual bool is_radial() const { return false; }

  /// The dimension of the space the process lives in, not an integer for some radial coordinates.
  virtual double dimension() const { return dim; }

  /// The map from reference coordinates to the domain.
  virtual dealii::Point<dim> to_physical(const dealii::Point<dim>& reference) const = 0;
};

} // namespace fokker_planck
