#include "meshes/corners.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

namespace {

constexpr double smooth = std::numeric_limits<double>::infinity();

/// Exponents this close to an integer are integers.
constexpr double rounding = 1e-6;

/// The angle at a vertex of a quadrilateral in the metric of D^-1.
double angle_at(const dealii::Triangulation<2>::active_cell_iterator& cell, const unsigned int v,
                const Diffusion<2>& diffusion) {
  std::vector<dealii::SymmetricTensor<2, 2>> tensor;
  diffusion.tensors({ cell->vertex(v) }, tensor);
  const auto metric = invert(tensor[0]);
  const auto a = cell->vertex(v ^ 1U) - cell->vertex(v), b = cell->vertex(v ^ 2U) - cell->vertex(v);
  return std::acos(
    std::clamp(a * (metric * b) / std::sqrt((a * (metric * a)) * (b * (metric * b))), -1., 1.));
}

/// What the cells around a vertex know of it.
struct Vertex {
  double angle = 0;
  bool absorbs = false, reflects = false;

  double exponent() const {
    if (!absorbs && !reflects) return smooth;
    const double exponent = (absorbs && reflects ? 0.5 : 1) * M_PI / angle;
    return std::fabs(exponent - std::round(exponent)) < rounding ? smooth : exponent;
  }
};

} // namespace

template <int dim>
std::vector<double> corner_exponents(const Problem<dim>& problem, const Mesh<dim>& mesh) {
  const auto& triangulation = mesh.get_triangulation();
  std::vector<double> result(triangulation.n_active_cells(), smooth);
  const Domain<dim>& domain = problem.domain;
  if constexpr (dim == 2) {
    if (domain.shape->is_curved()) return result;
    std::vector<Vertex> vertices(triangulation.n_vertices());
    for (const auto& cell : triangulation.active_cell_iterators()) {
      if (cell->is_artificial()) continue;
      for (const unsigned int f : cell->face_indices())
        if (cell->at_boundary(f))
          for (const unsigned int v : { 0, 1 }) {
            Vertex& vertex = vertices[cell->face(f)->vertex_index(v)];
            (domain.absorbs(cell->face(f)->boundary_id()) ? vertex.absorbs : vertex.reflects) =
              true;
          }
    }
    for (const auto& cell : triangulation.active_cell_iterators()) {
      if (cell->is_artificial()) continue;
      for (const unsigned int v : cell->vertex_indices()) {
        Vertex& vertex = vertices[cell->vertex_index(v)];
        if (vertex.absorbs || vertex.reflects)
          vertex.angle += angle_at(cell, v, *problem.diffusion);
      }
    }
    for (const auto& cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned())
        for (const unsigned int v : cell->vertex_indices())
          result[cell->active_cell_index()] =
            std::min(result[cell->active_cell_index()], vertices[cell->vertex_index(v)].exponent());
  }
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<double> corner_exponents(const Problem<dim>&, const Mesh<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
