#include "problems/geometry/shape.h"

#include <deal.II/grid/tria.h>

namespace fokker_planck {

using dealii::Point;

template <int dim>
bool Shape<dim>::contains_within(const Point<dim>& point, const double tolerance) const {
  return contains(point) || (tolerance > 0 && project(point).position.distance(point) <= tolerance);
}

template <int dim>
typename Shape<dim>::BoundaryPoint Shape<dim>::project_onto(unsigned int,
                                                            const Point<dim>& point) const {
  return project(point);
}

template <int dim>
std::vector<typename Shape<dim>::BoundaryPoint> Shape<dim>::boundary_around(
  const Point<dim>& point) const {
  return { project(point) };
}

template <int dim>
std::optional<typename Shape<dim>::Crossing> Shape<dim>::first_crossing(const Point<dim>& from,
                                                                        const Point<dim>& to,
                                                                        const Sides sides) const {
  constexpr int n_halvings = 50; // to rounding
  if (contains(to)) return {};
  double inside = 0, outside = 1;
  for (int halving = 0; halving < n_halvings; ++halving) {
    const double middle = 0.5 * (inside + outside);
    (contains(from + middle * (to - from)) ? inside : outside) = middle;
  }
  Crossing crossing{ project(from + inside * (to - from)), inside };
  if (!has_side(sides, crossing.side)) crossing = { project(to), inside };
  if (!has_side(sides, crossing.side)) return {};
  return crossing;
}

template <int dim>
void Shape<dim>::make_mesh(dealii::Triangulation<dim>& mesh, const CellLayout<dim>& layout) const {
  unsigned int n = layout.n_cells[0], n_refinements = 0;
  for (; layout.equal_cells && n % 2 == 0; n /= 2)
    ++n_refinements;
  make_coarse_mesh(mesh, n, layout.depths);
  mesh.refine_global(n_refinements);
}

template class Shape<1>;
template class Shape<2>;
template class Shape<3>;

} // namespace fokker_planck
