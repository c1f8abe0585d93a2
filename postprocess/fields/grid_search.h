// Which points of a regular grid lie in a cell of the mesh.
//
// Method: candidates are the points in the bounding box of the cell; in a box, where cells are
// their bounding boxes, these are the points themselves. Elsewhere the mapping is inverted by
// Newton's method and the reference coordinates decide.
#pragma once

#include "problems/problem.h"
#include "solver/operator/discretization.h"

#include <deal.II/base/bounding_box.h>
#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_values.h>

#include <array>
#include <memory>
#include <vector>

namespace fokker_planck {

/// A tensor-product grid. Points are numbered with the first direction fastest.
template <int dim>
class Grid {
public:
  explicit Grid(const std::array<std::vector<double>, dim>& axes);

  /// The number of points along each direction, multiplied.
  std::size_t n_points() const;
  dealii::Point<dim> point(std::size_t index) const;

  /// Numbers of the points within a box, up to rounding.
  std::vector<std::size_t> within(const dealii::BoundingBox<dim>& box) const;

private:
  std::array<std::vector<double>, dim> axes;
};

template <int dim>
class GridSearch {
public:
  using Cell = typename dealii::DoFHandler<dim>::active_cell_iterator;

  /// Points of a cell, its faces included.
  struct Found {
    std::vector<std::size_t> indices; ///< numbers in the grid
    std::vector<dealii::Point<dim>> points, unit_points;
  };

  /// The mesh of the discretization and the grid must outlive this.
  GridSearch(const Problem<dim>& problem, const Discretization<dim>& discretization,
             const Grid<dim>& grid);

  /// The mapping with which the reference coordinates were found.
  const dealii::Mapping<dim>& get_mapping() const { return mapping; }

  Found operator()(const Cell& cell);

private:
  dealii::BoundingBox<dim> bounding_box(const Cell& cell);

  const Grid<dim>& grid;
  const bool is_box;
  const std::unique_ptr<const dealii::Mapping<dim>> cartesian; ///< in a box
  const dealii::Mapping<dim>& mapping;
  const dealii::FE_Nothing<dim> no_element;
  dealii::FEValues<dim> probes; ///< points all over a cell, vertices included
};

} // namespace fokker_planck
