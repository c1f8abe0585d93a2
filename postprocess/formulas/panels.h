// Spectral integration on panels, at any range of magnitudes.
//
// Method: on each panel a function is given by its values at the nodes of Gauss and Legendre and a
// scale of its own; running integrals are those of the interpolating polynomial. Sums over panels
// carry the logarithm of their scale along, so that exp(+-Psi) may range over any number of orders
// of magnitude. Only nonnegative functions are meant: nothing cancels, and what is lost in a sum is
// below rounding.
#pragma once

#include <array>
#include <vector>

namespace fokker_planck {

/// Nodes x_i and weights w_i on [0, 1], and B_ij with int_0^x_i f = sum_j B_ij f(x_j).
struct PanelRule {
  static constexpr unsigned int n = 20;
  using Values = std::array<double, n>;

  Values nodes, weights;
  std::array<Values, n> integrals;
  std::array<Values, n> legendre; ///< row k: from values to the coefficient of P_k

  static const PanelRule& get();

  /// int_0^1 f.
  double integrate(const Values& f) const;

  /// int_0^x_i f for all i.
  Values running(const Values& f) const;

  /// The largest of the last three Legendre coefficients relative to the largest value: the error
  /// of interpolation.
  double tail(const Values& f) const;

  /// The interpolating polynomial at x in [0, 1].
  double interpolate(const Values& f, double x) const;
};

/// A function on consecutive panels: value i on panel p is values[p][i] exp(logs[p]).
struct ScaledFunction {
  std::vector<PanelRule::Values> values;
  std::vector<double> logs;

  static ScaledFunction ones(std::size_t n_panels);

  std::size_t size() const { return logs.size(); }

  /// Scales each panel to a largest value of 1.
  void normalise();
};

ScaledFunction operator*(const ScaledFunction& f, const ScaledFunction& g);
ScaledFunction operator+(const ScaledFunction& f, const ScaledFunction& g);

/// log(exp(a) + exp(b)).
double log_sum(double a, double b);

/// Logarithm of the integral of f over all panels, of the given lengths.
double log_integral(const ScaledFunction& f, const std::vector<double>& lengths);

/// The integral of f from the left end of the first panel to each node.
ScaledFunction integral_from_left(const ScaledFunction& f, const std::vector<double>& lengths);

/// The integral of f from each node to the right end of the last panel.
ScaledFunction integral_to_right(const ScaledFunction& f, const std::vector<double>& lengths);

} // namespace fokker_planck
