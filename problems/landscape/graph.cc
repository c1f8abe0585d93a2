#include "problems/landscape/graph.h"

#include "problems/geometry/lattice.h"

#include <deal.II/grid/tria.h>
#include <deal.II/numerics/rtree.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace fokker_planck {

using dealii::Point;

namespace {

template <int dim>
constexpr unsigned int n = dim == 1   ? 2000
                           : dim == 2 ? 240
                                      : 48; // lattice intervals per direction

/// Of the mesh of a shape, about as many as a lattice has points: evaluating the map of a level set
/// costs more than the loss.
template <int dim>
constexpr double most_cells = dim == 2 ? 60000 : 120000;

/// The finest mesh of a shape below the limit. It starts from one or another number of cells per
/// block, or the factor between the two finest would be that of a refinement.
template <int dim>
void make_fine_mesh(const Shape<dim>& shape, dealii::Triangulation<dim>& mesh) {
  const auto n_fine = [&](const unsigned int n_cells, unsigned int& n_refinements) {
    mesh.clear();
    shape.make_coarse_mesh(mesh, n_cells, {});
    const double factor = std::pow(2., dim);
    double count = mesh.n_active_cells();
    for (n_refinements = 0; count * factor <= most_cells<dim>; ++n_refinements)
      count *= factor;
    return count;
  };
  unsigned int refinements_of_3, refinements_of_2;
  const double cells_of_3 = n_fine(3, refinements_of_3);
  if (n_fine(2, refinements_of_2) < cells_of_3 && cells_of_3 <= most_cells<dim>) {
    n_fine(3, refinements_of_3);
    mesh.refine_global(refinements_of_3);
  } else
    mesh.refine_global(refinements_of_2);
}

} // namespace

template <int dim>
Graph<dim>::Graph(const Domain<dim>& domain) {
  absorbing = domain.absorbing_sides();
  if (domain.is_box()) // a lattice fits: neighbours need no search
    build_lattice(domain);
  else
    build_mesh(domain);
}

template <int dim>
void Graph<dim>::build_lattice(const Domain<dim>& box) {
  intervals = n<dim>;
  positions = lattice(box, n<dim>);
  masks.assign(size(), 0);
  starts.reserve(size() + 1);
  neighbours.reserve(2 * dim * size());
  for (std::size_t index = 0; index < size(); ++index) {
    starts.push_back(neighbours.size());
    std::size_t stride = 1, rest = index;
    for (int i = 0; i < dim; ++i, stride *= n<dim> + 1, rest /= n<dim> + 1) {
      const std::size_t step = rest % (n<dim> + 1);
      if (step > 0)
        neighbours.push_back(index - stride);
      else
        masks[index] |= 1U << (2 * i);
      if (step < n<dim>)
        neighbours.push_back(index + stride);
      else
        masks[index] |= 1U << (2 * i + 1);
    }
  }
  starts.push_back(neighbours.size());
  search = [box](const Point<dim>& point) {
    std::size_t index = 0, stride = 1;
    for (int i = 0; i < dim; ++i, stride *= n<dim> + 1) {
      const double step = std::round((point[i] - box.lower[i]) / box.length(i) * n<dim>);
      index += stride * static_cast<std::size_t>(std::min(std::max(step, 0.), 1. * n<dim>));
    }
    return index;
  };
}

template <>
void Graph<1>::build_mesh(const Domain<1>&) {} // all shapes of one dimension are boxes

template <int dim>
void Graph<dim>::build_mesh(const Domain<dim>& domain) {
  dealii::Triangulation<dim> mesh;
  make_fine_mesh(*domain.shape, mesh);
  std::vector<std::uint32_t> number(mesh.n_vertices());
  for (std::size_t vertex = 0; vertex < number.size(); ++vertex)
    if (mesh.vertex_used(vertex)) {
      number[vertex] = static_cast<std::uint32_t>(size());
      positions.push_back(domain.shape->to_physical(mesh.get_vertices()[vertex]));
    }
  masks.assign(size(), 0);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (const auto& cell : mesh.active_cell_iterators()) {
    for (const auto line : cell->line_indices()) {
      const auto a = number[cell->line(line)->vertex_index(0)];
      const auto b = number[cell->line(line)->vertex_index(1)];
      edges.emplace_back(a, b);
      edges.emplace_back(b, a);
    }
    for (const auto& face : cell->face_iterators())
      if (face->at_boundary())
        for (const auto vertex : face->vertex_indices())
          masks[number[face->vertex_index(vertex)]] |= 1U << face->boundary_id();
  }
  set_edges(edges);

  using Leaf = std::pair<Point<dim>, std::uint32_t>;
  std::vector<Leaf> leaves;
  for (std::size_t index = 0; index < size(); ++index)
    leaves.emplace_back(positions[index], index);
  const auto tree = std::make_shared<dealii::RTree<Leaf>>(dealii::pack_rtree(leaves));
  search = [tree](const Point<dim>& point) {
    return std::size_t(tree->qbegin(boost::geometry::index::nearest(point, 1))->second);
  };
}

template <int dim>
void Graph<dim>::set_edges(std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges) {
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  starts.assign(size() + 1, 0);
  for (const auto& [from, to] : edges) {
    ++starts[from + 1];
    neighbours.push_back(to);
  }
  for (std::size_t index = 0; index < size(); ++index)
    starts[index + 1] += starts[index];
}

template class Graph<1>;
template class Graph<2>;
template class Graph<3>;

} // namespace fokker_planck
