#include "solver/weighted_form.h"

#include "problems/diffusion/positive_definite.h"

#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

/// Points beyond the degree of the element, for cells where Psi varies by less than the bound. The
/// last rule only serves to judge the one before.
constexpr struct {
  double variation;
  unsigned int extra_points;
} rule_sizes[] = { { 4, 2 }, { 10, 4 }, { 18, 6 }, { 1e300, 8 }, { 0, 12 } };

/// Gauss quadrature in the panels [1/2, 1], [1/4, 1/2], ... of the unit interval.
dealii::Quadrature<1> graded_rule(const unsigned int n_points) {
  const dealii::QGauss<1> gauss(n_points);
  std::vector<Point<1>> points;
  std::vector<double> weights;
  constexpr int n_panels = 53; // the rest is below rounding
  for (int panel = 0; panel <= n_panels; ++panel) {
    const double right = std::ldexp(1., -panel), left = panel == n_panels ? 0. : 0.5 * right;
    for (unsigned int q = 0; q < n_points; ++q) {
      points.emplace_back(left + (right - left) * gauss.point(q)[0]);
      weights.push_back((right - left) * gauss.weight(q));
    }
  }
  return { points, weights };
}

} // namespace

template <int dim>
WeightedForm<dim>::Rule::Rule(const dealii::Mapping<dim>& mapping,
                              const dealii::FiniteElement<dim>& element,
                              const dealii::Quadrature<dim>& quadrature)
  : values(mapping, element, quadrature,
           dealii::update_values | dealii::update_gradients | dealii::update_JxW_values |
             dealii::update_quadrature_points) {
  const unsigned int n_dofs = element.n_dofs_per_cell(), n = values.n_quadrature_points;
  gradients.reinit(n * dim, n_dofs);
  fluxes.reinit(n * dim, n_dofs);
  shapes.reinit(n, n_dofs);
  weighted.reinit(n, n_dofs);
}

template <int dim>
WeightedForm<dim>::WeightedForm(const Problem<dim>& problem, const Gauge<dim>& gauge_,
                                const dealii::Mapping<dim>& mapping,
                                const dealii::FiniteElement<dim>& element, const double cap_)
  : gauge(gauge_), diffusion(*problem.diffusion), cap(cap_),
    probes(mapping, element, dealii::QIterated<dim>(dealii::QTrapezoid<1>(), 2),
           dealii::update_quadrature_points) {
  for (const auto& size : rule_sizes)
    rules.push_back(std::make_unique<Rule>(
      mapping, element, dealii::QGauss<dim>(element.degree + size.extra_points)));
  if constexpr (dim == 1)
    if (problem.domain.radial) {
      const auto graded = [&](const unsigned int size) {
        return std::make_unique<Rule>(mapping, element,
                                      graded_rule(element.degree + rule_sizes[size].extra_points));
      };
      rule_at_center = graded(3);
      finer_rule_at_center = graded(4);
    }
}

template <int dim>
void WeightedForm<dim>::evaluate_potentials(const std::vector<Point<dim>>& points) {
  gauge.values(points, potentials);
  for (double& potential : potentials)
    potential = std::min(potential, cap);
}

template <int dim>
std::pair<double, double> WeightedForm<dim>::probe(const Cell& cell) {
  probes.reinit(cell);
  evaluate_potentials(probes.get_quadrature_points());
  const auto [smallest, largest] = std::minmax_element(potentials.begin(), potentials.end());
  return { *smallest, *largest };
}

template <int dim>
double WeightedForm<dim>::smallest_potential(const Cell& cell) {
  return probe(cell).first;
}

template <int dim>
typename WeightedForm<dim>::Rule& WeightedForm<dim>::rule_for(const Cell& cell,
                                                              const double variation,
                                                              const bool finer) {
  if (rule_at_center && cell->vertex(0)[0] == 0)
    return finer ? *finer_rule_at_center : *rule_at_center;
  std::size_t i = 0;
  while (variation > rule_sizes[i].variation)
    ++i;
  return *rules[finer ? i + 1 : i];
}

template <int dim>
typename WeightedForm<dim>::Samples WeightedForm<dim>::sample(const Cell& cell, const bool finer) {
  const auto [smallest, largest] = probe(cell);
  Rule& rule = rule_for(cell, largest - smallest, finer);
  rule.values.reinit(cell);
  const auto& points = rule.values.get_quadrature_points();
  evaluate_potentials(points);
  diffusion.tensors(points, tensors);
  if (!diffusion.is_constant()) check_positive_definite(diffusion, points, tensors);
  return { rule.values, potentials, tensors, smallest, largest - smallest };
}

template <int dim>
void WeightedForm<dim>::compute(const Cell& cell, CellMatrices& matrices, const Stiffness kind) {
  const auto [smallest, largest] = probe(cell);
  const unsigned int n_dofs = probes.dofs_per_cell;
  matrices.reference = smallest;
  matrices.variation = largest - smallest;
  matrices.stiffness.reinit(n_dofs, n_dofs);
  matrices.mass.reinit(n_dofs, n_dofs);
  if (is_cut_off(smallest)) return;

  sample(cell);
  Rule& rule = rule_for(cell, largest - smallest);
  const auto& points = rule.values.get_quadrature_points();
  const bool with_mismatch = !gauge.is_exact() && kind != Stiffness::diffusive;
  if (with_mismatch) gauge.mismatches(points, tensors, mismatches);

  const bool limited = kind != Stiffness::unlimited;
  for (unsigned int q = 0; q < points.size(); ++q) {
    const double depth = potentials[q] - smallest;
    const double flux_weight =
      std::exp(-(limited ? std::min(depth, largest_depth) : depth)) * rule.values.JxW(q);
    const double mass_weight = std::exp(-depth) * rule.values.JxW(q);
    // Where Psi is cut off u is to be constant, as it is if w = 0: no flux drives it.
    const bool carries_mismatch = with_mismatch && potentials[q] < cap;
    for (unsigned int j = 0; j < n_dofs; ++j) {
      const double value = rule.values.shape_value(j, q);
      const Tensor<1, dim> gradient = rule.values.shape_grad(j, q);
      Tensor<1, dim> flux = flux_weight * (tensors[q] * gradient);
      if (carries_mismatch) flux += (mass_weight * value) * mismatches[q];
      for (int i = 0; i < dim; ++i) {
        rule.gradients(q * dim + i, j) = gradient[i];
        rule.fluxes(q * dim + i, j) = flux[i];
      }
      rule.shapes(q, j) = value;
      rule.weighted(q, j) = mass_weight * value;
    }
  }
  rule.gradients.Tmmult(matrices.stiffness, rule.fluxes);
  rule.shapes.Tmmult(matrices.mass, rule.weighted);
}

template class WeightedForm<1>;
template class WeightedForm<2>;
template class WeightedForm<3>;

} // namespace fokker_planck
