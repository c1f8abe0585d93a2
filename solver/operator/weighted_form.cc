#include "solver/operator/weighted_form.h"

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

/// Makes the columns add up to zero: 1^T A = 0. Tables of shape functions are rounded alike in all
/// cells; in one dimension, where the flux passes through every cell on the way, such errors add up
/// with the square of the number of cells.
void balance_columns(dealii::FullMatrix<double>& matrix) {
  for (std::size_t j = 0; j < matrix.m(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < matrix.m(); ++i)
      if (i != j) sum += matrix(i, j);
    matrix(j, j) = -sum;
  }
}

} // namespace

template <int dim>
WeightedForm<dim>::Rule::Rule(const dealii::Mapping<dim>& mapping,
                              const dealii::FE_DGQ<dim>& no_element, const unsigned int degree,
                              const dealii::Quadrature<1>& quadrature)
  : geometry(mapping, no_element, dealii::Quadrature<dim>(quadrature),
             dealii::update_JxW_values | dealii::update_inverse_jacobians |
               dealii::update_quadrature_points),
    basis(degree, quadrature) {}

template <int dim>
WeightedForm<dim>::WeightedForm(const Problem<dim>& problem, const Gauge<dim>& gauge_,
                                const dealii::Mapping<dim>& mapping, const unsigned int degree,
                                const double cap_)
  : gauge(gauge_), diffusion(*problem.diffusion), cap(cap_), no_element(0),
    probes(mapping, no_element, dealii::QIterated<dim>(dealii::QTrapezoid<1>(), 2),
           dealii::update_quadrature_points) {
  for (const auto& size : rule_sizes)
    rules.push_back(std::make_unique<Rule>(mapping, no_element, degree,
                                           dealii::QGauss<1>(degree + size.extra_points)));
  if constexpr (dim == 1)
    if (problem.domain.is_radial()) {
      const auto graded = [&](const unsigned int size) {
        return std::make_unique<Rule>(mapping, no_element, degree,
                                      graded_rule(degree + rule_sizes[size].extra_points));
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
  probes.reinit(typename dealii::Triangulation<dim>::cell_iterator(cell));
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
const typename WeightedForm<dim>::Samples& WeightedForm<dim>::sample(const Cell& cell,
                                                                     const bool finer) {
  const auto [smallest, largest] = probe(cell);
  sample(cell, smallest, largest, finer);
  return samples;
}

template <int dim>
void WeightedForm<dim>::sample(const Cell& cell, const double smallest, const double largest,
                               const bool finer) {
  Rule& rule = rule_for(cell, largest - smallest, finer);
  rule.geometry.reinit(typename dealii::Triangulation<dim>::cell_iterator(cell));
  const auto& points = rule.geometry.get_quadrature_points();
  evaluate_potentials(points);
  diffusion.tensors(points, tensors);
  if (!diffusion.is_constant()) check_positive_definite(diffusion, points, tensors);
  const bool with_mismatch = !gauge.is_reversible();
  if (with_mismatch) gauge.mismatches(points, tensors, mismatches);

  samples.basis = &rule.basis;
  samples.geometry = &rule.geometry;
  samples.reference = smallest;
  samples.variation = largest - smallest;
  samples.diagonal = true;
  samples.measure.resize(points.size());
  samples.depths.resize(points.size());
  samples.diffusion.resize(points.size());
  samples.drift.resize(with_mismatch ? points.size() : 0);
  for (unsigned int q = 0; q < points.size(); ++q) {
    const double measure = samples.measure[q] = rule.geometry.JxW(q);
    samples.depths[q] = potentials[q] - smallest;
    const Tensor<2, dim> inverse(rule.geometry.inverse_jacobian(q));
    const Tensor<2, dim> product = inverse * Tensor<2, dim>(tensors[q]) * transpose(inverse);
    for (int i = 0; i < dim; ++i)
      for (int j = 0; j <= i; ++j) {
        samples.diffusion[q][i][j] = measure * 0.5 * (product[i][j] + product[j][i]);
        if (i != j && samples.diffusion[q][i][j] != 0) samples.diagonal = false;
      }
    // Where Psi is cut off u is to be constant, as it is if w = 0: no flux drives it.
    if (with_mismatch)
      samples.drift[q] =
        potentials[q] < cap ? measure * (inverse * mismatches[q]) : Tensor<1, dim>();
  }
}

template <int dim>
void WeightedForm<dim>::compute(const Cell& cell, CellMatrices& matrices, const Stiffness kind) {
  const auto [smallest, largest] = probe(cell);
  matrices.reference = smallest;
  matrices.variation = largest - smallest;
  const unsigned int n_nodes = rules[0]->basis.n_nodes();
  matrices.stiffness.reinit(n_nodes, n_nodes);
  matrices.mass.reinit(n_nodes, n_nodes);
  if (is_cut_off(smallest)) return;

  sample(cell, smallest, largest, false);
  const TensorProduct<dim>& basis = *samples.basis;
  const std::size_t n = basis.n_points();
  std::vector<double> weights(n), masses(n);
  for (std::size_t q = 0; q < n; ++q) {
    masses[q] = samples.weight(q);
    weights[q] = kind == Stiffness::unlimited ? masses[q] : samples.limited_weight(q);
  }
  coefficients.resize(n);
  const auto add = [&](const int a, const int b, const auto& coefficient) {
    for (std::size_t q = 0; q < n; ++q)
      coefficients[q] = coefficient(q);
    basis.add_products(coefficients, a, b, pairs);
  };

  if (!samples.diagonal) {
    pairs.assign(n_nodes * n_nodes, 0.);
    for (int a = 0; a < dim; ++a)
      for (int b = 0; b < a; ++b)
        add(a, b, [&](const std::size_t q) { return weights[q] * samples.diffusion[q][a][b]; });
    basis.add_unpacked(pairs, matrices.stiffness);
    basis.add_unpacked(pairs, matrices.stiffness, true);
  }
  pairs.assign(n_nodes * n_nodes, 0.);
  for (int a = 0; a < dim; ++a)
    add(a, a, [&](const std::size_t q) { return weights[q] * samples.diffusion[q][a][a]; });
  if (!samples.drift.empty() && kind != Stiffness::diffusive)
    for (int a = 0; a < dim; ++a)
      add(a, TensorProduct<dim>::value,
          [&](const std::size_t q) { return masses[q] * samples.drift[q][a]; });
  basis.add_unpacked(pairs, matrices.stiffness);
  if (dim == 1 && kind != Stiffness::unlimited) balance_columns(matrices.stiffness);

  pairs.assign(n_nodes * n_nodes, 0.);
  add(TensorProduct<dim>::value, TensorProduct<dim>::value,
      [&](const std::size_t q) { return masses[q] * samples.measure[q]; });
  basis.add_unpacked(pairs, matrices.mass);
}

template class WeightedForm<1>;
template class WeightedForm<2>;
template class WeightedForm<3>;

} // namespace fokker_planck
