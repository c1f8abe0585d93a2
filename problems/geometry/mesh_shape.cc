#include "problems/geometry/mesh_shape.h"

#include "problems/geometry/gmsh_file.h"

#include <deal.II/grid/grid_tools.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;

template <int dim>
MeshShape<dim>::MeshShape(const std::string& file_) : file(file_) {
  read_gmsh(file, mesh);
  auto numbers = mesh.get_boundary_ids();
  std::sort(numbers.begin(), numbers.end());
  for (const auto number : numbers)
    names.push_back(std::to_string(number));

  std::vector<std::pair<dealii::BoundingBox<dim>, Cell>> boxes;
  std::vector<typename BoundaryFaces<dim>::Face> boundary;
  for (const auto& cell : mesh.active_cell_iterators()) {
    auto box = cell->bounding_box();
    box.extend(1e-9 * cell->diameter());
    boxes.emplace_back(box, cell);
    for (const auto& face : cell->face_iterators()) {
      if (!face->at_boundary()) continue;
      const auto side =
        std::lower_bound(numbers.begin(), numbers.end(), face->boundary_id()) - numbers.begin();
      face->set_all_boundary_ids(static_cast<dealii::types::boundary_id>(side));
      boundary.push_back({ {}, static_cast<unsigned int>(side), cell->center() });
      for (const unsigned int v : face->vertex_indices())
        boundary.back().vertices[v] = face->vertex(v);
    }
  }
  cells = dealii::pack_rtree(boxes);
  faces = BoundaryFaces<dim>(boundary);
}

template <int dim>
dealii::BoundingBox<dim> MeshShape<dim>::bounding_box() const {
  return dealii::BoundingBox<dim>(mesh.get_vertices());
}

template <int dim>
bool MeshShape<dim>::contains(const Point<dim>& point) const {
  namespace bgi = boost::geometry::index;
  for (int i = 0; i < dim; ++i)
    if (!std::isfinite(point[i])) return false;
  return std::any_of(
    cells.qbegin(bgi::intersects(point)), cells.qend(), [&](const auto& candidate) {
      try {
        const auto unit = mapping.transform_real_to_unit_cell(candidate.second, point);
        return dealii::GeometryInfo<dim>::is_inside_unit_cell(unit, 1e-10);
      } catch (const typename dealii::Mapping<dim>::ExcTransformationFailed&) {
        return false;
      }
    });
}

template <int dim>
typename Shape<dim>::BoundaryPoint MeshShape<dim>::project(const Point<dim>& point) const {
  return faces.nearest(point);
}

template <int dim>
void MeshShape<dim>::make_coarse_mesh(dealii::Triangulation<dim>& copy, unsigned int,
                                      const std::vector<double>&) const {
  const auto [vertices, cell_data, face_data] =
    dealii::GridTools::get_coarse_mesh_description(mesh);
  copy.create_triangulation(vertices, cell_data, face_data);
}

template class MeshShape<2>;
template class MeshShape<3>;

} // namespace fokker_planck
