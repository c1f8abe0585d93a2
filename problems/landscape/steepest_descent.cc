#include "problems/landscape/steepest_descent.h"

#include "problems/base/eigenvalues.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

constexpr unsigned int most_steps = 20000;

template <int dim>
Tensor<2, dim> square_root(const SymmetricTensor<2, dim>& tensor) {
  Tensor<2, dim> root;
  for (const auto& [value, vector] : eigenpairs(tensor))
    root += std::sqrt(std::max(value, 0.)) * outer_product(vector, vector);
  return root;
}

template <int dim>
Sides reflecting_sides(const Domain<dim>& domain) {
  Sides sides = 0;
  for (unsigned int side = 0; side < domain.n_sides(); ++side)
    if (!domain.absorbs(side)) sides |= Sides(1) << side;
  return sides;
}

} // namespace

template <int dim>
SteepestDescent<dim>::SteepestDescent(const Domain<dim>& domain_, const ScalarField<dim>& psi_,
                                      const TensorField<dim>* const metric_, const double spacing_)
  : domain(domain_), reflecting(reflecting_sides(domain)), psi(psi_), metric(metric_),
    spacing(spacing_ * domain.diameter()), tolerance(0.02 * spacing_) {}

template <int dim>
Tensor<1, dim> SteepestDescent<dim>::Flow::displacement(const double time) const {
  Tensor<1, dim> sum;
  for (int i = 0; i < dim; ++i) {
    if (drifts[i] == 0) continue;
    const double exponent = eigenvalues[i] * time;
    const double factor =
      std::fabs(exponent) < 1e-12 ? time : -std::expm1(-exponent) / eigenvalues[i];
    sum += factor * drifts[i] * basis[i];
  }
  return sum;
}

template <int dim>
int SteepestDescent<dim>::Flow::lowest() const {
  int lowest = 0;
  for (int i = 1; i < dim; ++i)
    if (is_free(i) && (!is_free(lowest) || eigenvalues[i] < eigenvalues[lowest])) lowest = i;
  return lowest;
}

template <int dim>
double SteepestDescent<dim>::Flow::time_to(const double distance) const {
  double speed = 0, slowest = INFINITY;
  for (int i = 0; i < dim; ++i) {
    speed += std::fabs(drifts[i]) * basis[i].norm();
    if (drifts[i] != 0) slowest = std::min(slowest, std::fabs(eigenvalues[i]));
  }
  if (!(speed > 0)) return 0;
  double after = distance / speed;
  const double latest = std::min(100 / slowest, 1e30 * after);
  while (displacement(after).norm() < distance) {
    if (after > latest) return after;
    after *= 2;
  }
  double before = after / 2;
  while (!(displacement(before).norm() < distance)) { // the flow accelerates
    after = before;
    before /= 2;
  }
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (before + after);
    (displacement(middle).norm() < distance ? before : after) = middle;
  }
  return after;
}

template <int dim>
typename SteepestDescent<dim>::Flow SteepestDescent<dim>::expand(const State& state) const {
  std::vector<Tensor<1, dim>> gradient;
  std::vector<SymmetricTensor<2, dim>> hessian,
    diffusion = { dealii::unit_symmetric_tensor<dim>() };
  psi.gradients({ state.point }, gradient);
  psi.hessians({ state.point }, hessian);
  if (metric != nullptr) metric->tensors({ state.point }, diffusion);
  Flow flow;
  flow.is_finite = std::isfinite(gradient[0].norm()) && std::isfinite(hessian[0].norm()) &&
                   std::isfinite(diffusion[0].norm());
  if (!flow.is_finite) return flow;
  SymmetricTensor<2, dim>& d = diffusion[0];
  for (const BoundaryPoint& contact : state.contacts) {
    const Tensor<1, dim> conormal = d * contact.normal;
    const double length = contact.normal * conormal;
    if (conormal * gradient[0] < 0 && length > 1e-12 * d.norm())
      d -= symmetrize(outer_product(conormal, conormal)) / length;
  }
  flow.root = square_root(d);
  const auto pairs =
    eigenpairs_by_ql(symmetrize(flow.root * Tensor<2, dim>(hessian[0]) * flow.root));
  for (int i = 0; i < dim; ++i) {
    flow.eigenvalues[i] = pairs[i].first;
    flow.basis[i] = flow.root * pairs[i].second;
    flow.drifts[i] = -(flow.basis[i] * gradient[0]);
  }
  return flow;
}

/// The end of a step that stays in the domain; the absorbing side if it leads there.
template <int dim>
typename SteepestDescent<dim>::State SteepestDescent<dim>::enter(const Point<dim>& from,
                                                                 const Point<dim>& to,
                                                                 int& side) const {
  side = none;
  if (const auto exit = domain.first_absorption(from, to)) {
    side = static_cast<int>(exit->side);
    return { exit->position, {} };
  }
  const Point<dim> inside = domain.confine(to);
  return { inside, domain.contacts(inside, reflecting) };
}

/// A point, which may lie outside, and its contacts with reflecting sides.
template <int dim>
typename SteepestDescent<dim>::State SteepestDescent<dim>::at(const Point<dim>& point) const {
  if (!domain.contains(point)) return { point, {} };
  return { point, domain.contacts(point, reflecting) };
}

template <int dim>
typename SteepestDescent<dim>::Path SteepestDescent<dim>::follow(const Point<dim>& start) const {
  Path path{ { start }, none };
  bool entered = domain.contains(start);
  State state = at(start);
  double length = 0.1 * spacing;
  for (unsigned int i = 0; i < most_steps; ++i) {
    const Flow flow = expand(state);
    if (!flow.is_finite) break;
    const double time = flow.time_to(length);
    const Tensor<1, dim> full = flow.displacement(time);
    if (!(full.norm() > 1e-6 * spacing)) break;
    const Tensor<1, dim> half = flow.displacement(time / 2);
    const Flow second = expand({ state.point + half, state.contacts });
    if (!second.is_finite) break;
    const Tensor<1, dim> halves = half + second.displacement(time / 2);
    const double error = (halves - full).norm(), allowed = tolerance * full.norm();
    length = full.norm() * std::min(2., std::max(0.2, 0.9 * std::sqrt(allowed / (error + 1e-300))));
    length = std::min(length, spacing);
    if (error > allowed && full.norm() > 1e-4 * spacing) continue;
    const Point<dim> next = state.point + halves + (halves - full) / 3;
    if (!entered) {
      state = { next, {} };
      entered = domain.contains(next);
    } else {
      const State reached = enter(state.point, next, path.side);
      const bool stuck = reached.point.distance(state.point) < 1e-9 * spacing;
      state = reached;
      if (stuck && path.side == none) break;
    }
    path.points.push_back(state.point);
    if (path.side != none) break;
  }
  return path;
}

template <int dim>
Tensor<1, dim> SteepestDescent<dim>::unstable_direction(const Point<dim>& saddle) const {
  const Flow flow = expand(at(saddle));
  const auto& direction = flow.basis[flow.lowest()];
  return direction / direction.norm();
}

template <int dim>
std::optional<Point<dim>> SteepestDescent<dim>::find_saddle(const Point<dim>& start) const {
  State state = at(start);
  for (unsigned int i = 0; i < 200; ++i) {
    const Flow flow = expand(state);
    if (!flow.is_finite) return {};
    const int unstable = flow.lowest();
    Tensor<1, dim> step;
    for (int k = 0; k < dim; ++k)
      if (flow.is_free(k))
        step += (k == unstable ? -1. : 1.) * flow.drifts[k] /
                std::max(std::fabs(flow.eigenvalues[k]), 1e-300) * flow.basis[k];
    if (step.norm() < 1e-12 * domain.diameter()) {
      for (int k = 0; k < dim; ++k)
        if (flow.is_free(k) && (flow.eigenvalues[k] < 0) != (k == unstable)) return {};
      return state.point;
    }
    if (step.norm() > spacing) step *= spacing / step.norm();
    int side;
    state = enter(state.point, state.point + step, side);
    if (side != none) return {};
  }
  return {};
}

template class SteepestDescent<1>;
template class SteepestDescent<2>;
template class SteepestDescent<3>;

} // namespace fokker_planck
