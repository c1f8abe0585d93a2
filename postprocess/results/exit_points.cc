#include "postprocess/results/exit_points.h"

#include "postprocess/fields/boundary_curves.h"
#include "postprocess/fields/density.h"
#include "postprocess/fields/grid_search.h"
#include "problems/base/collective.h"
#include "problems/base/text.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;

namespace {

std::string row(const std::initializer_list<double> numbers) {
  std::string text;
  for (const double number : numbers)
    text += (text.empty() ? "" : ",") + format_number(number);
  return text + "\n";
}

template <int dim>
void write_box(const OutputDirectory& directory, const Problem<dim>& problem,
               const Discretization<dim>& discretization, const QuasiStationary<dim>& solution) {
  const Domain<dim>& box = problem.domain;
  for (unsigned int side = 0; side < box.n_sides(); ++side) {
    if (!box.absorbs(side)) continue;
    const unsigned int normal = Domain<dim>::direction(side);
    std::array<std::vector<double>, dim> axes;
    for (unsigned int i = 0; i < dim; ++i)
      axes[i] = linspace(box.lower[i], box.upper[i], dim == 3 ? 61 : 401);
    axes[normal] = { box.coordinate(side) };
    const auto densities = sample_exit_density<dim>(problem, discretization, solution, axes);
    if (!is_first_rank(discretization.get_communicator())) continue;
    std::string text;
    for (int i = 0; i < dim; ++i)
      text += box.coordinate_name(i) + ",";
    text += "exit_density\n";
    const Grid<dim> grid(axes);
    for (std::size_t q = 0; q < densities.size(); ++q) {
      const Point<dim> point = grid.point(q);
      for (int i = 0; i < dim; ++i)
        text += format_number(point[i]) + ",";
      text += format_number(densities[q]) + "\n";
    }
    directory.write("exit_" + box.side_name(side) + ".csv", text);
  }
}

std::string outline(const std::vector<BoundaryCurve>& curves, const Domain<2>& domain) {
  std::string text = "curve,side,x,y\n";
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const auto add = [&](const SampledFace<2>& face, const Point<2>& point) {
      text +=
        std::to_string(c) + "," + domain.side_name(face.side) + "," + row({ point[0], point[1] });
    };
    for (const auto& face : curves[c]) {
      add(face, face.ends[0]);
      for (const auto& sample : face.samples)
        add(face, sample.position);
    }
    add(curves[c].back(), curves[c].front().ends[0]);
  }
  return text;
}

void write_shape(const OutputDirectory& directory, const Domain<2>& domain, const Point<2>& center,
                 const std::vector<SampledFace<2>>& faces, const unsigned int degree) {
  const auto curves = connect(faces);
  for (unsigned int side = 0; side < domain.n_sides(); ++side) {
    if (!domain.absorbs(side)) continue;
    std::string text = "x,y,arc_length,angle,weight,exit_density\n";
    for (const auto& [sample, arc_length, angle] :
         samples_along(pieces_of_side(curves, side), center, boundary_rule(degree)))
      text += row({ sample.position[0], sample.position[1], arc_length, angle, sample.weight,
                    sample.exit_density });
    directory.write("exit_" + domain.side_name(side) + ".csv", text);
  }
  directory.write("outline.csv", outline(curves, domain));
}

void write_shape(const OutputDirectory& directory, const Domain<3>& domain, const Point<3>& center,
                 const std::vector<SampledFace<3>>& faces, unsigned int) {
  for (unsigned int side = 0; side < domain.n_sides(); ++side) {
    if (!domain.absorbs(side)) continue;
    std::vector<BoundarySample<3>> samples;
    for (const auto& face : faces)
      if (face.side == side)
        samples.insert(samples.end(), face.samples.begin(), face.samples.end());
    std::sort(samples.begin(), samples.end(), [](const auto& a, const auto& b) {
      return std::lexicographical_compare(&a.position[0], &a.position[0] + 3, &b.position[0],
                                          &b.position[0] + 3);
    });
    std::string text = "x,y,z,theta,phi,weight,exit_density\n";
    for (const auto& [x, weight, exit_density] : samples) {
      const auto direction = x - center;
      const double theta = std::atan2(std::hypot(direction[0], direction[1]), direction[2]);
      const double phi = std::atan2(direction[1], direction[0]);
      text += row({ x[0], x[1], x[2], theta, phi, weight, exit_density });
    }
    directory.write("exit_" + domain.side_name(side) + ".csv", text);
  }
}

} // namespace

template <int dim>
void write_exit_points(const OutputDirectory& directory, const Problem<dim>& problem,
                       const Landscape<dim>& landscape, const Discretization<dim>& discretization,
                       const QuasiStationary<dim>& solution) {
  const Domain<dim>& domain = problem.domain;
  if (domain.is_box()) { // on grids of coordinates along its sides
    write_box(directory, problem, discretization, solution);
    return;
  }
  if constexpr (dim > 1) {
    const auto faces =
      sample_boundary(discretization, solution, boundary_rule(discretization.get_element().degree));
    if (is_first_rank(discretization.get_communicator()))
      write_shape(directory, domain, landscape.has_bottom ? landscape.wells[0] : domain.center(),
                  faces, discretization.get_element().degree);
  }
}

#define INSTANTIATE(dim)                                                                           \
  template void write_exit_points(const OutputDirectory&, const Problem<dim>&,                     \
                                  const Landscape<dim>&, const Discretization<dim>&,               \
                                  const QuasiStationary<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
