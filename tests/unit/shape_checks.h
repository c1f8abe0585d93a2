// What holds for every shape: coarse mesh, map and boundary fit together.
#pragma once

#include "problems/geometry/shape.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/fe/mapping_q_cache.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace fokker_planck::testing {

template <int dim>
struct Measures {
  double volume, area;
  double least_jacobian; ///< the smallest determinant at Gauss points
  double normal_error;   ///< the largest difference of normals of mesh and shape at Gauss points
};

/// On the mapped mesh, with polynomials of the given degree.
template <int dim>
Measures<dim> measure(const Shape<dim>& shape, const dealii::Triangulation<dim>& mesh,
                      const unsigned int degree) {
  dealii::MappingQCache<dim> mapping(degree);
  mapping.initialize(
    dealii::MappingQ1<dim>(), mesh,
    [&](const auto&, const dealii::Point<dim>& xi) { return shape.to_physical(xi); }, false);
  const dealii::FE_Nothing<dim> element;
  dealii::FEValues<dim> cell_values(mapping, element, dealii::QGauss<dim>(degree + 2),
                                    dealii::update_JxW_values | dealii::update_jacobians);
  dealii::FEFaceValues<dim> face_values(mapping, element, dealii::QGauss<dim - 1>(degree + 2),
                                        dealii::update_JxW_values | dealii::update_normal_vectors |
                                          dealii::update_quadrature_points);
  Measures<dim> sums{ 0, 0, 1e300, 0 };
  for (const auto& cell : mesh.active_cell_iterators()) {
    cell_values.reinit(cell);
    for (const unsigned int q : cell_values.quadrature_point_indices()) {
      sums.volume += cell_values.JxW(q);
      sums.least_jacobian =
        std::min(sums.least_jacobian, determinant(dealii::Tensor<2, dim>(cell_values.jacobian(q))));
    }
    for (const auto& face : cell->face_iterators())
      if (face->at_boundary()) {
        face_values.reinit(cell, face);
        for (const unsigned int q : face_values.quadrature_point_indices()) {
          sums.area += face_values.JxW(q);
          const auto boundary = shape.project(face_values.quadrature_point(q));
          sums.normal_error =
            std::max(sums.normal_error, (face_values.normal_vector(q) - boundary.normal).norm());
        }
      }
  }
  return sums;
}

/// Refines all cells whose centre in reference coordinates has no negative component.
template <int dim>
void refine_locally(dealii::Triangulation<dim>& mesh) {
  for (const auto& cell : mesh.active_cell_iterators()) {
    const dealii::Point<dim> center = cell->center();
    if (std::all_of(&center[0], &center[0] + dim, [](double x) { return x > 0; }))
      cell->set_refine_flag();
  }
  mesh.execute_coarsening_and_refinement();
}

/// Boundary points of the mesh lie on the boundary of the shape, with unit normals whose change
/// along the boundary is the curvature (by finite differences of project()).
template <int dim>
void check_boundary(const Shape<dim>& shape, const dealii::Triangulation<dim>& mesh,
                    const double size) {
  using dealii::Tensor;
  for (const auto& cell : mesh.active_cell_iterators())
    for (const auto& face : cell->face_iterators()) {
      if (!face->at_boundary()) continue;
      const auto point = shape.to_physical(face->center());
      BOOST_TEST(shape.contains(point));
      const auto boundary = shape.project(point);
      BOOST_TEST(boundary.side == face->boundary_id());
      BOOST_TEST(boundary.position.distance(point) < 1e-12 * size);
      BOOST_TEST(boundary.normal.norm() == 1, boost::test_tools::tolerance(1e-14));
      BOOST_TEST(shape.contains(point - 1e-6 * size * boundary.normal));
      BOOST_TEST(!shape.contains(point + 1e-6 * size * boundary.normal));
      const double h = 1e-5 * size;
      for (int i = 0; i < dim; ++i) {
        Tensor<1, dim> tangent;
        tangent[i] = 1;
        tangent -= (tangent * boundary.normal) * boundary.normal;
        const auto before = shape.project(point - h * tangent);
        const auto behind = shape.project(point + h * tangent);
        const Tensor<1, dim> error =
          (behind.normal - before.normal) -
          Tensor<1, dim>(boundary.curvature * (behind.position - before.position));
        BOOST_TEST(error.norm() / (2 * h) < 1e-6 / size);
      }
      const Tensor<1, dim> across = boundary.curvature * boundary.normal;
      BOOST_TEST(across.norm() < 1e-12 / size);
    }
}

} // namespace fokker_planck::testing
