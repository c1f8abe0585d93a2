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
typename Descent<dim>::Step Descent<dim>::step_to(const Point<dim>& to) const {
  const Point<dim> inside = domain.confine(to);
  const auto contacts = domain.contacts(inside);
  return { contacts.empty() ? inside : contacts[0].position, contacts };
}

template <int dim>
typename Descent<dim>::End Descent<dim>::follow(Point<dim> point) const {
  std::vector<double> value(1), next_value(1);
  std::vector<Tensor<1, dim>> gradient;
  std::vector<SymmetricTensor<2, dim>> hessian;
  psi.values({ point }, value);
  auto contacts = step_to(point).contacts;
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
    Point<dim> to;
    bool falls = false;
    for (unsigned int halving = 0; halving < 30 && !falls; ++halving, step *= 0.5) {
      to = point + step;
      next = step_to(to);
      psi.values({ next.point }, next_value);
      falls = next_value[0] < value[0];
    }
    if (!falls) break;
    if (const auto exit = domain.first_absorption(point, to))
      return { exit->position, true, exit->side };
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
