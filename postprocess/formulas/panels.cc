#include "postprocess/formulas/panels.h"

#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

constexpr unsigned int n = PanelRule::n;

/// P_0 ... P_n at x in [-1, 1].
std::array<double, n + 1> legendre_polynomials(const double x) {
  std::array<double, n + 1> p{ { 1, x } };
  for (unsigned int k = 1; k < n; ++k)
    p[k + 1] = ((2. * k + 1) * x * p[k] - k * p[k - 1]) / (k + 1);
  return p;
}

PanelRule make_rule() {
  PanelRule rule;
  const dealii::QGauss<1> gauss(n);
  for (unsigned int i = 0; i < n; ++i) {
    rule.nodes[i] = gauss.point(i)[0];
    rule.weights[i] = gauss.weight(i);
  }
  for (unsigned int j = 0; j < n; ++j) {
    const auto p = legendre_polynomials(2 * rule.nodes[j] - 1);
    for (unsigned int k = 0; k < n; ++k)
      rule.legendre[k][j] = (2. * k + 1) * rule.weights[j] * p[k];
  }
  for (unsigned int i = 0; i < n; ++i) {
    const auto p = legendre_polynomials(2 * rule.nodes[i] - 1);
    for (unsigned int j = 0; j < n; ++j) {
      double sum = rule.nodes[i] * rule.legendre[0][j];
      for (unsigned int k = 1; k < n; ++k)
        sum += 0.5 * (p[k + 1] - p[k - 1]) / (2. * k + 1) * rule.legendre[k][j];
      rule.integrals[i][j] = sum;
    }
  }
  return rule;
}

/// Adds exp(log) to f = values exp(own_log), in the larger of the two scales.
void add(PanelRule::Values& values, double& own_log, const double log) {
  const double larger = std::max(own_log, log);
  if (larger == -INFINITY) return;
  const double own = std::exp(own_log - larger), other = std::exp(log - larger);
  for (double& value : values)
    value = own * value + other;
  own_log = larger;
}

} // namespace

const PanelRule& PanelRule::get() {
  static const PanelRule rule = make_rule();
  return rule;
}

double PanelRule::integrate(const Values& f) const {
  double sum = 0;
  for (unsigned int i = 0; i < n; ++i)
    sum += weights[i] * f[i];
  return sum;
}

PanelRule::Values PanelRule::running(const Values& f) const {
  Values result{};
  for (unsigned int i = 0; i < n; ++i)
    for (unsigned int j = 0; j < n; ++j)
      result[i] += integrals[i][j] * f[j];
  return result;
}

double PanelRule::tail(const Values& f) const {
  double largest = 0, last = 0;
  for (const double value : f)
    largest = std::max(largest, std::fabs(value));
  for (unsigned int k = n - 3; k < n; ++k) {
    double coefficient = 0;
    for (unsigned int j = 0; j < n; ++j)
      coefficient += legendre[k][j] * f[j];
    last = std::max(last, std::fabs(coefficient));
  }
  return largest > 0 ? last / largest : 0;
}

double PanelRule::interpolate(const Values& f, const double x) const {
  const auto p = legendre_polynomials(2 * x - 1);
  double sum = 0;
  for (unsigned int k = 0; k < n; ++k) {
    double coefficient = 0;
    for (unsigned int j = 0; j < n; ++j)
      coefficient += legendre[k][j] * f[j];
    sum += coefficient * p[k];
  }
  return sum;
}

ScaledFunction ScaledFunction::ones(const std::size_t n_panels) {
  PanelRule::Values one;
  one.fill(1);
  return { std::vector<PanelRule::Values>(n_panels, one), std::vector<double>(n_panels, 0.) };
}

void ScaledFunction::normalise() {
  for (std::size_t p = 0; p < size(); ++p) {
    double largest = 0;
    for (const double value : values[p])
      largest = std::max(largest, std::fabs(value));
    logs[p] += std::log(largest);
    if (largest > 0)
      for (double& value : values[p])
        value /= largest;
  }
}

ScaledFunction operator*(const ScaledFunction& f, const ScaledFunction& g) {
  ScaledFunction product = f;
  for (std::size_t p = 0; p < f.size(); ++p) {
    product.logs[p] += g.logs[p];
    for (unsigned int i = 0; i < n; ++i)
      product.values[p][i] *= g.values[p][i];
  }
  product.normalise();
  return product;
}

ScaledFunction operator+(const ScaledFunction& f, const ScaledFunction& g) {
  ScaledFunction sum = f;
  for (std::size_t p = 0; p < f.size(); ++p) {
    const double larger = std::max(f.logs[p], g.logs[p]);
    if (larger == -INFINITY) continue;
    const double of_f = std::exp(f.logs[p] - larger), of_g = std::exp(g.logs[p] - larger);
    for (unsigned int i = 0; i < n; ++i)
      sum.values[p][i] = of_f * f.values[p][i] + of_g * g.values[p][i];
    sum.logs[p] = larger;
  }
  return sum;
}

double log_sum(const double a, const double b) {
  const double larger = std::max(a, b);
  return larger == -INFINITY ? larger : larger + std::log1p(std::exp(std::min(a, b) - larger));
}

double log_integral(const ScaledFunction& f, const std::vector<double>& lengths) {
  double total = -INFINITY;
  for (std::size_t p = 0; p < f.size(); ++p)
    total =
      log_sum(total, f.logs[p] + std::log(lengths[p] * PanelRule::get().integrate(f.values[p])));
  return total;
}

ScaledFunction integral_from_left(const ScaledFunction& f, const std::vector<double>& lengths) {
  const PanelRule& rule = PanelRule::get();
  ScaledFunction result = f;
  double total = -INFINITY; // logarithm of the integral up to the panel
  for (std::size_t p = 0; p < f.size(); ++p) {
    result.values[p] = rule.running(f.values[p]);
    const double scale = f.logs[p] + std::log(lengths[p]);
    result.logs[p] = scale;
    add(result.values[p], result.logs[p], total);
    total = log_sum(total, scale + std::log(rule.integrate(f.values[p])));
  }
  return result;
}

ScaledFunction integral_to_right(const ScaledFunction& f, const std::vector<double>& lengths) {
  // The nodes lie symmetrically: from the right it is the integral of the mirror image.
  const auto mirror = [](ScaledFunction g) {
    std::reverse(g.values.begin(), g.values.end());
    std::reverse(g.logs.begin(), g.logs.end());
    for (auto& values : g.values)
      std::reverse(values.begin(), values.end());
    return g;
  };
  return mirror(
    integral_from_left(mirror(f), std::vector<double>(lengths.rbegin(), lengths.rend())));
}

} // namespace fokker_planck
