#include "postprocess/fields/boundary_samples.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/lac/petsc_vector.h>

#include <algorithm>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

/// Makes the domain lie to the left on the way from end to end.
void orient(SampledFace<2>& face, const Tensor<1, 2>& normal) {
  const Tensor<1, 2> along = face.ends[1] - face.ends[0];
  if (normal[0] * along[1] - normal[1] * along[0] > 0) return;
  std::swap(face.ends[0], face.ends[1]);
  std::reverse(face.samples.begin(), face.samples.end());
}

/// Numbers from which unpack() restores the faces.
template <int dim>
void pack(const SampledFace<dim>& face, std::vector<double>& numbers) {
  const auto append = [&](const Point<dim>& point) {
    numbers.insert(numbers.end(), &point[0], &point[0] + dim);
  };
  numbers.push_back(face.side);
  for (const auto& end : face.ends)
    append(end);
  numbers.push_back(static_cast<double>(face.samples.size()));
  for (const auto& sample : face.samples) {
    append(sample.position);
    numbers.push_back(sample.weight);
    numbers.push_back(sample.exit_density);
  }
}

template <int dim>
void unpack(const std::vector<double>& numbers, std::vector<SampledFace<dim>>& faces) {
  auto next = numbers.begin();
  const auto extract = [&](Point<dim>& point) {
    std::copy_n(next, dim, &point[0]);
    next += dim;
  };
  while (next != numbers.end()) {
    SampledFace<dim> face;
    face.side = static_cast<unsigned int>(*next++);
    for (auto& end : face.ends)
      extract(end);
    face.samples.resize(static_cast<std::size_t>(*next++));
    for (auto& sample : face.samples) {
      extract(sample.position);
      sample.weight = *next++;
      sample.exit_density = *next++;
    }
    faces.push_back(face);
  }
}

} // namespace

dealii::Quadrature<1> boundary_rule(const unsigned int degree) {
  return dealii::QGauss<1>(degree + 2);
}

template <int dim>
std::vector<SampledFace<dim>> sample_boundary(const Discretization<dim>& discretization,
                                              const QuasiStationary<dim>& solution,
                                              const dealii::Quadrature<1>& rule) {
  const auto& element = discretization.get_element();
  const auto& mapping = discretization.get_mapping();
  dealii::FEFaceValues<dim> values(mapping, element, dealii::Quadrature<dim - 1>(rule),
                                   dealii::update_values | dealii::update_quadrature_points |
                                     dealii::update_normal_vectors | dealii::update_JxW_values);
  const unsigned int n = values.n_quadrature_points;
  std::vector<double> densities(n), numbers;
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned() || !cell->at_boundary()) continue;
    for (const unsigned int f : cell->face_indices()) {
      if (!cell->face(f)->at_boundary()) continue;
      values.reinit(cell, f);
      const unsigned int side = cell->face(f)->boundary_id();
      const auto node = cell->face(f)->vertex_dof_index(0, 0);
      const bool absorbs = ((discretization.absorbing_sides(node) >> side) & 1U) != 0;
      if (absorbs)
        values.get_function_values(solution.exit_density, densities);
      else
        densities.assign(n, 0.); // not what the neighbour's nodes on the common edge have
      SampledFace<dim> face{ side, {}, {} };
      for (unsigned int q = 0; q < n; ++q)
        face.samples.push_back({ values.quadrature_point(q), values.JxW(q), densities[q] });
      if constexpr (dim == 2) {
        const auto vertices = mapping.get_vertices(cell);
        for (const unsigned int v : { 0, 1 })
          face.ends[v] = vertices[dealii::GeometryInfo<dim>::face_to_cell_vertices(f, v)];
        orient(face, values.normal_vector(n / 2));
      }
      pack(face, numbers);
    }
  }
  std::vector<SampledFace<dim>> faces;
  for (const auto& of_rank :
       dealii::Utilities::MPI::gather(discretization.get_communicator(), numbers))
    unpack(of_rank, faces);
  return faces;
}

template std::vector<SampledFace<2>> sample_boundary(const Discretization<2>&,
                                                     const QuasiStationary<2>&,
                                                     const dealii::Quadrature<1>&);
template std::vector<SampledFace<3>> sample_boundary(const Discretization<3>&,
                                                     const QuasiStationary<3>&,
                                                     const dealii::Quadrature<1>&);

} // namespace fokker_planck
