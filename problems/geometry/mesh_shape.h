// Domain/Type = gmsh: a domain given by a mesh of straight cells.
#pragma once

#include "problems/geometry/boundary_faces.h"
#include "problems/geometry/shape.h"

#include <deal.II/fe/mapping_q1.h>
#include <deal.II/grid/tria.h>
#include <deal.II/numerics/rtree.h>

namespace fokker_planck {

/// The sides are the physical numbers of the boundary in ascending order, by which they are called.
template <int dim>
class MeshShape : public Shape<dim> {
public:
  /// Reads the file. Throws InputError; see read_gmsh().
  explicit MeshShape(const std::string& file);

  std::string description() const override { return "the mesh " + file; }
  unsigned int n_sides() const override { return static_cast<unsigned int>(names.size()); }
  std::string side_name(const unsigned int side) const override { return names[side]; }
  const std::vector<std::string>& side_names() const { return names; }

  dealii::BoundingBox<dim> bounding_box() const;

  bool contains(const dealii::Point<dim>& point) const override;

  /// The nearest point of the boundary.
  typename Shape<dim>::BoundaryPoint project(const dealii::Point<dim>& point) const override;

  /// Copies the mesh.
  void make_coarse_mesh(dealii::Triangulation<dim, dim>& mesh, unsigned int n,
                        const std::vector<double>& depths) const override;

  bool is_curved() const override { return false; }
  dealii::Point<dim> to_physical(const dealii::Point<dim>& reference) const override {
    return reference;
  }

private:
  using Cell = typename dealii::Triangulation<dim>::active_cell_iterator;

  std::string file;
  std::vector<std::string> names;
  dealii::Triangulation<dim> mesh;
  dealii::MappingQ1<dim> mapping;
  dealii::RTree<std::pair<dealii::BoundingBox<dim>, Cell>> cells;
  BoundaryFaces<dim> faces;
};

} // namespace fokker_planck
