// The nearest point on the boundary of a mesh of straight cells.
//
// Method: faces by ascending distance of their bounding boxes (R-tree), until a box is farther away
// than the nearest point found. On a segment the nearest point is explicit. A quadrilateral in 3-D
// is bilinear: the nearest point of its two triangles, exact if it is plane, starts Gauss-Newton
// steps.
#pragma once

#include "problems/geometry/shape.h"

#include <deal.II/numerics/rtree.h>

#include <array>

namespace fokker_planck {

template <int dim>
class BoundaryFaces {
public:
  struct Face {
    std::array<dealii::Point<dim>, (1 << (dim - 1))> vertices; ///< in lexicographic order
    unsigned int side;
    dealii::Point<dim> inside; ///< a point on the inner side, such as the centre of the cell
  };

  BoundaryFaces() = default;
  explicit BoundaryFaces(const std::vector<Face>& faces);

  /// The curvature is zero.
  typename Shape<dim>::BoundaryPoint nearest(const dealii::Point<dim>& point) const;

private:
  std::vector<Face> faces;
  dealii::RTree<std::pair<dealii::BoundingBox<dim>, std::size_t>> tree;
};

} // namespace fokker_planck
