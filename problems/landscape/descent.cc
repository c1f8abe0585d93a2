#include "problems/landscape/descent.h"

#include "problems/base/eigenvalues.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

template <int dim>
Descent<dim>::Descent(const Domain<dim>& domain_, const ScalarField<dim>& psi_)
  : domain(domain_), psi(psi_) {}

template <int dim>
typename Descent<dim>::Step Descent<dim>::take_in_box(const Point<dim>& to) const {
  Step step{ domain.clamp(to), {} };
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    if (step.point[Domain<dim>::direction(side)] == domain.coordinate(side))
      step.contacts.push_back(domain.project(step.point, side));
  return step;
}

/// Contacts of a point in the domain. Shapes contain points that are outside by rounding, too.
template <int dim>
typename Descent<dim>::Step Descent<dim>::find_contacts(const Point<dim>& point) const {
  if (domain.is_box()) return take_in_box(point);
  const auto nearest = domain.shape->project(point);
  if (nearest.position.distance(point) > 1e-10 * domain.diameter()) return { point, {} };
  return { nearest.position, { nearest } };
}

template <int dim>
typename Descent<dim>::Step Descent<dim>::take(const Point<dim>& from,
                                               const Tensor<1, dim>& step) const {
  if (domain.is_box()) return take_in_box(from + step);
  if (domain.contains(from + step)) return find_contacts(from + step);
  double inside = 0, outside = 1;
  for (int halving = 0; halving < 50; ++halving) {
    const double middle = 0.5 * (inside + outside);
    (domain.contains(from + middle * step) ? inside : outside) = middle;
  }
  auto contact = domain.shape->project(from + inside * step);
  if (!domain.absorbs(contact.side)) contact = domain.shape->project(from + step);
  return { contact.position, { contact } };
}

template <int dim>
typename Descent<dim>::End Descent<dim>::follow(Point<dim> point) const {
  std::vector<double> value(1), next_value(1);
  std::vector<Tensor<1, dim>> gradient;
  std::vector<SymmetricTensor<2, dim>> hessian;
  psi.values({ point }, value);
  auto contacts = find_contacts(point).contacts;
  for (unsigned int iteration = 0; iteration < 20000; ++iteration) {
    psi.gradients({ point }, gradient);
    psi.hessians({ point }, hessian);
    if (!std::isfinite(gradient[0].norm()) || !std::isfinite(hessian[0].norm())) break;
    for (const BoundaryPoint& contact : contacts) { // slide along reflecting sides
      const double slope = contact.normal * gradient[0];
      if (slope < 0) gradient[0] -= slope * contact.normal;
    }
    Tensor<1, dim> step;
    const double scale = hessian[0].norm() + 1e-300;
    for (const auto& [eigenvalue, vector] : eigenpairs(hessian[0]))
      step -= vector * (vector * gradient[0]) / std::max(std::fabs(eigenvalue), 1e-6 * scale);
    double relative = 0;
    for (int i = 0; i < dim; ++i)
      relative = std::max(relative, std::fabs(step[i]) / domain.length(i));
    if (!(relative > 1e-9)) break;
    step *= std::min(1., 0.01 / relative);

    Step next;
    bool falls = false;
    for (unsigned int halving = 0; halving < 30 && !falls; ++halving, step *= 0.5) {
      next = take(point, step);
      psi.values({ next.point }, next_value);
      falls = next_value[0] < value[0];
    }
    if (!falls) break;
    for (const BoundaryPoint& contact : next.contacts)
      if (domain.absorbs(contact.side)) return { next.point, true, contact.side };
    point = next.point;
    contacts = next.contacts;
    value = next_value;
  }
  return { point, false, 0 };
}

template class Descent<1>;
template class Descent<2>;
template class Descent<3>;

} // namespace fokker_planck
