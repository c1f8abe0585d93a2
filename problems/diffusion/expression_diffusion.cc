#include "problems/diffusion/expression_diffusion.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/formula/evaluate.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/separated_loss.h"

#include <deal.II/base/parameter_handler.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

const std::string key = "Noise/Expressions";

/// Throws InputError naming the first point of a lattice at which two formulas differ.
template <int dim>
void check_equal(const std::string& text, const Tape& upper, const Tape& lower,
                 const Domain<dim>& domain) {
  const auto points = lattice(domain, 8);
  const auto a = evaluate(upper, points)[0], b = evaluate(lower, points)[0];
  double largest = 0;
  for (const double value : a)
    largest = std::max(largest, std::fabs(value));
  for (std::size_t q = 0; q < points.size(); ++q)
    if (std::fabs(a[q] - b[q]) > 1e-12 * largest)
      throw InputError(key, text,
                       "the matrix is not symmetric: two entries that should be equal are " +
                         format_number(a[q]) + " and " + format_number(b[q]) + " at " +
                         format_point(&points[q][0], dim));
}

} // namespace

template <int dim>
ExpressionDiffusion<dim>::ExpressionDiffusion(const std::string& text_, const FormulaNames& names,
                                              const Domain<dim>& domain)
  : text(text_) {
  const auto formulas = split_formulas(key, text);
  const std::size_t n_upper = dim * (dim + 1) / 2, n_all = dim * dim;
  if (formulas.size() != 1 && formulas.size() != n_upper && formulas.size() != n_all)
    throw InputError(
      key, text,
      dim == 1 ? std::string("one formula is needed")
               : "one formula, or the " + std::to_string(n_upper) + " of the upper triangle (" +
                   (dim == 2 ? "xx; xy; yy" : "xx; xy; xz; yy; yz; zz") + "), or all " +
                   std::to_string(n_all) + " entries row by row are needed, separated by ;");
  const auto expression = [&](const std::size_t index) {
    return Expression(key, formulas[index], names, dim);
  };
  if (formulas.size() < n_all || dim == 1)
    for (std::size_t index = 0; index < formulas.size(); ++index)
      entries.push_back({ expression(index).value(), expression(index).gradient() });
  else
    for (int i = 0; i < dim; ++i)
      for (int j = i; j < dim; ++j) {
        const Expression formula = expression(i * dim + j);
        entries.push_back({ formula.value(), formula.gradient() });
        check_equal(text, formula.value(), expression(j * dim + i).value(), domain);
      }
}

template <int dim>
const typename ExpressionDiffusion<dim>::Entry* ExpressionDiffusion<dim>::entry(const int i,
                                                                                const int j) const {
  if (entries.size() == 1) return i == j ? &entries[0] : nullptr;
  return &entries[i * dim - i * (i - 1) / 2 + j - i];
}

template <int dim>
void ExpressionDiffusion<dim>::tensors(const std::vector<Point<dim>>& points,
                                       std::vector<SymmetricTensor<2, dim>>& tensors) const {
  tensors.assign(points.size(), SymmetricTensor<2, dim>());
  for (int i = 0; i < dim; ++i)
    for (int j = i; j < dim; ++j) {
      const Entry* const formula = entry(i, j);
      if (formula == nullptr) continue;
      const auto values = evaluate(formula->value, points)[0];
      for (std::size_t q = 0; q < points.size(); ++q)
        tensors[q][i][j] = values[q];
    }
}

template <int dim>
void ExpressionDiffusion<dim>::divergences(const std::vector<Point<dim>>& points,
                                           std::vector<Tensor<1, dim>>& divergences) const {
  divergences.assign(points.size(), Tensor<1, dim>());
  for (int i = 0; i < dim; ++i)
    for (int j = i; j < dim; ++j) {
      const Entry* const formula = entry(i, j);
      if (formula == nullptr) continue;
      const auto gradient = evaluate(formula->gradient, points);
      for (std::size_t q = 0; q < points.size(); ++q) {
        divergences[q][i] += gradient[j][q];
        if (i != j) divergences[q][j] += gradient[i][q];
      }
    }
}

template <int dim>
std::vector<PotentialCandidate<dim>> ExpressionDiffusion<dim>::potentials(
  const std::shared_ptr<const Loss<dim>>& loss, const Domain<dim>& domain,
  const double /*interpretation*/, const double injected) const {
  const auto points = lattice(domain, dim == 3 ? 20 : 80);
  std::vector<double> losses;
  loss->values(points, losses);
  for (double& value : losses)
    if (std::isnan(value)) value = INFINITY;
  const auto lowest = std::min_element(losses.begin(), losses.end()) - losses.begin();
  std::vector<SymmetricTensor<2, dim>> tensor;
  tensors({ points[lowest] }, tensor);
  const auto identity = dealii::unit_symmetric_tensor<dim>();
  const double mean = dim / trace(invert(tensor[0] + injected * identity));
  return { { std::make_shared<SeparatedLoss<dim>>(loss, mean * identity, inner_point(domain)),
             PotentialCandidate<dim>::Exactness::never } };
}

template <int dim>
Quantities ExpressionDiffusion<dim>::quantities() const {
  return { { "expressions", text } };
}

void ExpressionDiffusionInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Expressions", expressions,
    "Type = expression: D as one formula (times the identity), or the upper triangle row by row "
    "(xx; xy; yy in 2-D, xx; xy; xz; yy; yz; zz in 3-D), or all entries, separated by ';'.");
}

template class ExpressionDiffusion<1>;
template class ExpressionDiffusion<2>;
template class ExpressionDiffusion<3>;

} // namespace fokker_planck
