#include "solver/operator/geometry_error.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/lac/vector.h>

#include <cmath>

namespace fokker_planck {

/// Enough points to see the oscillations of the polynomials that represent the boundary.
constexpr unsigned int n_points = 8;

template <int dim>
GeometryError<dim>::GeometryError(const Problem<dim>& problem_, const ScalarField<dim>& psi_,
                                  const Discretization<dim>& discretization)
  : problem(problem_), psi(psi_), curved(problem.domain.shape->is_curved()),
    values(discretization.get_mapping(), discretization.get_element(),
           dealii::QGauss<dim - 1>(n_points),
           dealii::update_gradients | dealii::update_JxW_values | dealii::update_normal_vectors |
             dealii::update_quadrature_points) {}

template <int dim>
double GeometryError<dim>::operator()(const Cell& cell, const dealii::Vector<double>& u,
                                      const dealii::Vector<double>& q, const double reference) {
  double sum = 0;
  if (!curved || !cell->at_boundary()) return sum;
  std::vector<double> potentials;
  std::vector<dealii::SymmetricTensor<2, dim>> tensors;
  for (const auto& face : cell->face_iterators()) {
    if (!face->at_boundary() || !problem.domain.absorbs(face->boundary_id())) continue;
    values.reinit(cell, face);
    const auto& points = values.get_quadrature_points();
    psi.values(points, potentials);
    problem.diffusion->tensors(points, tensors);
    for (unsigned int k = 0; k < points.size(); ++k) {
      const dealii::Tensor<1, dim> normal = values.normal_vector(k);
      const double distance =
        (problem.domain.shape->project(points[k]).position - points[k]) * normal;
      double slope_u = 0, slope_q = 0;
      for (unsigned int j = 0; j < u.size(); ++j) {
        const double slope = values.shape_grad(j, k) * normal;
        slope_u += slope * u[j];
        slope_q += slope * q[j];
      }
      sum += values.JxW(k) * distance * std::exp(reference - potentials[k]) *
             (normal * (tensors[k] * normal)) * slope_u * slope_q;
    }
  }
  return sum;
}

template class GeometryError<2>;
template class GeometryError<3>;

template <>
GeometryError<1>::GeometryError(const Problem<1>& problem_, const ScalarField<1>& psi_,
                                const Discretization<1>& discretization)
  : problem(problem_), psi(psi_), curved(false),
    values(discretization.get_mapping(), discretization.get_element(), dealii::QGauss<0>(1),
           dealii::update_default) {}

template <>
double GeometryError<1>::operator()(const Cell& /*cell*/, const dealii::Vector<double>& /*u*/,
                                    const dealii::Vector<double>& /*q*/, double /*reference*/) {
  return 0;
}

} // namespace fokker_planck
