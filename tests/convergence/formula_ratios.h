// The ratio computed/formula as the noise vanishes, and the order at which it tends to 1.
#pragma once

#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <iomanip>

namespace fokker_planck::testing {

/// Deviations of computed/formula from 1 for a sequence of noises.
class FormulaRatios {
public:
  explicit FormulaRatios(std::string name_) : name(std::move(name_)) {}

  /// Adds a computed rate; the formula must apply (unless it is only looked at). parameter is what
  /// vanishes.
  void add(const double parameter, const double log_rate, const Formula& formula,
           const bool must_apply = true) {
    if (must_apply) BOOST_TEST(formula.applicable, formula.name << ": " << formula.reason);
    parameters.push_back(parameter);
    leading.push_back(std::expm1(log_rate - formula.log_rate));
    corrected.push_back(
      formula.corrected_log_rate ? std::expm1(log_rate - *formula.corrected_log_rate) : NAN);
  }

  void add(const double parameter, const Solution& solution, const std::string& formula,
           const bool must_apply = true) {
    add(parameter, solution.log_rate, solution.formula(formula), must_apply);
  }

  /// The order seen between the last two noises is the expected one up to a tolerance, and no
  /// deviation is left beyond the given bound.
  void check_leading(const double order, const double tolerance, const double bound) const {
    check("", leading, order, tolerance, bound);
  }
  void check_corrected(const double order, const double tolerance, const double bound) const {
    check(", next order", corrected, order, tolerance, bound);
  }

  double last_leading() const { return leading.back(); }

private:
  void check(const std::string& what, const std::vector<double>& deviations, const double order,
             const double tolerance, const double bound) const {
    double observed = 0;
    for (std::size_t k = 0; k < deviations.size(); ++k) {
      if (k > 0)
        observed =
          std::log(deviations[k - 1] / deviations[k]) / std::log(parameters[k - 1] / parameters[k]);
      BOOST_TEST_MESSAGE(name << what << ": noise " << parameters[k] << ", computed/formula "
                              << std::setprecision(10) << 1 + deviations[k] << ", order "
                              << std::setprecision(3) << observed << ", expected " << order);
    }
    BOOST_TEST(std::fabs(observed - order) <= tolerance, name << what);
    BOOST_TEST(std::fabs(deviations.back()) <= bound, name << what);
  }

  std::string name;
  std::vector<double> parameters, leading, corrected;
};

/// A number in a setting, without loss.
inline std::string exact(const double value) {
  std::ostringstream text;
  text << std::setprecision(17) << value;
  return text.str();
}

/// Uniform cells in one dimension.
inline Solution solve_1d(const std::string& settings, const unsigned int cells = 160) {
  return solve_problem(make_problem<1>(Settings{ settings }), { cells }, 8);
}

/// Refines adaptively; the rate of a problem in more dimensions with the formulas.
template <int dim>
Solution solve_in_space(const std::string& settings, const double tolerance) {
  const auto problem = make_problem<dim>(Settings{ settings });
  Solution solution;
  const auto adaptive = solve_to(problem, tolerance, dim == 2 ? 6 : 4);
  BOOST_TEST(adaptive.converged, settings);
  solution.log_rate = adaptive.solution.log_rate;
  const Gauge<dim> gauge(problem);
  solution.formulas = escape_formulas(
    problem, gauge, explore(problem.domain, gauge, *problem.loss, problem.start, gauge.cutoff()));
  return solution;
}

} // namespace fokker_planck::testing
