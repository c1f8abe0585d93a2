#include "postprocess/fields/slice_outline.h"

#include "problems/base/text.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_values.h>

namespace fokker_planck {

using dealii::Point;

namespace {

constexpr unsigned int n = 4; // patches along each edge of a face

struct Plane {
  unsigned int fixed;
  double at;

  double height(const Point<3>& point) const { return point[fixed] - at; }
};

/// Appends side and end points of the segment in which a triangle meets the plane, if it does.
void intersect(const Plane& plane, const std::array<Point<3>, 3>& triangle, const unsigned int side,
               std::vector<double>& numbers) {
  std::vector<double> ends;
  for (int i = 0; i < 3; ++i) {
    const Point<3>&a = triangle[i], &b = triangle[(i + 1) % 3];
    const double height_a = plane.height(a), height_b = plane.height(b);
    if ((height_a < 0) == (height_b < 0)) continue;
    const Point<3> end = a + height_a / (height_a - height_b) * (b - a);
    ends.insert(ends.end(), &end[0], &end[0] + 3);
  }
  if (ends.empty()) return;
  numbers.push_back(side);
  numbers.insert(numbers.end(), ends.begin(), ends.end());
}

} // namespace

std::string slice_outline(const Domain<3>& domain, const Discretization<3>& discretization,
                          const unsigned int fixed, const double at) {
  const Plane plane{ fixed, at };
  const dealii::FE_Nothing<3> no_element;
  dealii::FEFaceValues<3> values(discretization.get_mapping(), no_element,
                                 dealii::QIterated<2>(dealii::QTrapezoid<1>(), n),
                                 dealii::update_quadrature_points);
  std::vector<double> numbers;
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned() || !cell->at_boundary()) continue;
    for (const unsigned int f : cell->face_indices()) {
      if (!cell->face(f)->at_boundary()) continue;
      values.reinit(typename dealii::Triangulation<3>::cell_iterator(cell), f);
      const auto& points = values.get_quadrature_points();
      for (unsigned int j = 0; j < n; ++j)
        for (unsigned int i = 0; i < n; ++i) {
          const unsigned int first = j * (n + 1) + i, above = first + n + 1;
          const auto side = cell->face(f)->boundary_id();
          intersect(plane, { { points[first], points[first + 1], points[above] } }, side, numbers);
          intersect(plane, { { points[first + 1], points[above + 1], points[above] } }, side,
                    numbers);
        }
    }
  }

  std::string text = "curve,side,x,y,z\n";
  unsigned int curve = 0;
  for (const auto& of_rank :
       dealii::Utilities::MPI::gather(discretization.get_communicator(), numbers))
    for (auto next = of_rank.begin(); next != of_rank.end(); ++curve) {
      const std::string side = domain.side_name(static_cast<unsigned int>(*next++));
      for (int end = 0; end < 2; ++end, next += 3)
        text += std::to_string(curve) + "," + side + "," + format_number(next[0]) + "," +
                format_number(next[1]) + "," + format_number(next[2]) + "\n";
    }
  return text;
}

} // namespace fokker_planck
