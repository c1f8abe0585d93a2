// Domains that are no boxes.
#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>

#include <string>
#include <vector>

namespace dealii {
template <int dim, int spacedim>
class Triangulation;
}

namespace fokker_planck {

/// A bounded, connected domain in 2 or 3 dimensions, and how to mesh it.
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

  /// Builds the coarse mesh in reference coordinates. n is the number of cells along each edge of
  /// its building blocks; depths (descending, below 0.35) are those of layers of cells along an
  /// absorbing boundary, relative to the size of the domain. A mesh from a file ignores both.
  virtual void make_coarse_mesh(dealii::Triangulation<dim, dim>& mesh, unsigned int n,
                                const std::vector<double>& depths) const = 0;

  /// Whether the map is more than the identity.
  virtual bool is_curved() const { return true; }

  /// The map from reference coordinates to the domain.
  virtual dealii::Point<dim> to_physical(const dealii::Point<dim>& reference) const = 0;
};

} // namespace fokker_planck
