#include "problems/geometry/star_shape.h"

#include <deal.II/base/numbers.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/grid/tria.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

constexpr double block = 1. / 3; // |xi| of the block in the middle
constexpr double outer = 0.65;   // |xi| from which on the layers follow the boundary

template <int dim>
double maximum_norm(const Point<dim>& point) {
  double norm = 0;
  for (int i = 0; i < dim; ++i)
    norm = std::max(norm, std::fabs(point[i]));
  return norm;
}

/// tan(pi/4 x_i), which makes equal steps of x on a face of a cube equal angles.
template <int dim>
Tensor<1, dim> equiangular(const Tensor<1, dim>& x) {
  Tensor<1, dim> t;
  for (int i = 0; i < dim; ++i)
    t[i] = std::tan(dealii::numbers::PI_4 * x[i]);
  return t;
}

/// Vertices and cells between concentric cubes with n intervals along each edge.
template <int dim>
class CubeLayers {
public:
  CubeLayers(const unsigned int n_, const std::vector<double>& half_widths_)
    : n(n_), half_widths(half_widths_) {
    add_block();
    for (unsigned int layer = 0; layer + 1 < half_widths.size(); ++layer)
      add_layer(layer);
  }

  void build(dealii::Triangulation<dim>& mesh) {
    dealii::GridTools::consistently_order_cells(cells);
    mesh.create_triangulation(vertices, cells, {});
  }

private:
  using Index = std::array<unsigned int, dim>; ///< of a lattice point, from 0 to n

  unsigned int vertex(const unsigned int layer, const Index& index) {
    const auto [known, is_new] =
      numbers.emplace(std::make_pair(layer, index), static_cast<unsigned int>(vertices.size()));
    if (is_new) {
      Point<dim> point;
      for (int i = 0; i < dim; ++i)
        point[i] = half_widths[layer] * (2. * index[i] / n - 1);
      vertices.push_back(point);
    }
    return known->second;
  }

  /// Calls f for all lattice points with n_i points in direction i.
  template <typename Function>
  static void for_lattice(const Index& n_points, const Function& f) {
    Index index{};
    for (unsigned int i = 0; i < dim;) {
      f(index);
      for (i = 0; i < dim && ++index[i] == n_points[i]; ++i)
        index[i] = 0;
    }
  }

  void add_block() {
    Index n_cells;
    n_cells.fill(n);
    for_lattice(n_cells, [&](const Index& corner) {
      dealii::CellData<dim> cell;
      for (unsigned int v = 0; v < (1u << dim); ++v) {
        Index index = corner;
        for (unsigned int i = 0; i < dim; ++i)
          index[i] += (v >> i) & 1;
        cell.vertices[v] = vertex(0, index);
      }
      cells.push_back(cell);
    });
  }

  void add_layer(const unsigned int layer) {
    for (unsigned int across = 0; across < dim; ++across)
      for (const unsigned int upper : { 0, 1 }) {
        Index n_cells;
        n_cells.fill(n);
        n_cells[across] = 1;
        for_lattice(n_cells, [&](const Index& corner) {
          dealii::CellData<dim> cell;
          for (unsigned int v = 0; v < (1u << dim); ++v) {
            Index index = corner;
            for (unsigned int i = 0; i < dim; ++i)
              index[i] += (v >> i) & 1;
            index[across] = upper * n;
            cell.vertices[v] = vertex(layer + (((v >> across) & 1) == upper ? 1 : 0), index);
          }
          cells.push_back(cell);
        });
      }
  }

  unsigned int n;
  std::vector<double> half_widths;
  std::map<std::pair<unsigned int, Index>, unsigned int> numbers;
  std::vector<Point<dim>> vertices;
  std::vector<dealii::CellData<dim>> cells;
};

} // namespace

template <int dim>
StarShape<dim>::StarShape(const Point<dim>& center_, const Tensor<2, dim>& matrix_,
                          const double least_radius)
  : center(center_), matrix(matrix_), inverse(invert(matrix_)), core(0.3 * least_radius) {}

template <int dim>
bool StarShape<dim>::contains(const Point<dim>& point) const {
  const Tensor<1, dim> y = inverse * (point - center);
  const double length = y.norm();
  return length == 0 || length <= radius(y / length) * (1 + 1e-12); // false if not a number
}

template <int dim>
typename Shape<dim>::BoundaryPoint StarShape<dim>::project(const Point<dim>& point) const {
  Tensor<1, dim> y = inverse * (point - center);
  if (y.norm() == 0) y[0] = 1;
  const Tensor<1, dim> direction = y / y.norm();
  return boundary_point(center + matrix * (radius(direction) * direction));
}

template <int dim>
void StarShape<dim>::make_coarse_mesh(dealii::Triangulation<dim>& mesh, const unsigned int n,
                                      const std::vector<double>& depths) const {
  std::vector<double> half_widths{ block, outer };
  for (const double depth : depths)
    half_widths.push_back(1 - depth);
  half_widths.push_back(1);
  CubeLayers<dim>(n, half_widths).build(mesh);
}

template <int dim>
Point<dim> StarShape<dim>::to_physical(const Point<dim>& reference) const {
  const double s = maximum_norm(reference);
  if (s <= block) return center + core * (matrix * equiangular<dim>(reference / block));
  const Tensor<1, dim> t = equiangular<dim>(reference / s);
  const Tensor<1, dim> direction = t / t.norm();
  const double rho = radius(direction);
  const double mu = (s - block) / (outer - block);
  const double length = mu < 1 ? (1 - mu) * core * t.norm() + mu * outer * rho : s * rho;
  return center + matrix * (length * direction);
}

template class StarShape<2>;
template class StarShape<3>;

} // namespace fokker_planck
