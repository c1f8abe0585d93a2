// Escape rates with state-dependent noise and in balls, against exact references:
// tests/data/escape_rates_radial.csv (hypergeometric functions and shooting) and
// tests/data/escape_rates_noise_1d.csv (shooting and an integral operator).
#include "tests/solve.h"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

/// Solves one row of a table and compares.
template <int dim>
void check_row(const std::map<std::string, std::string>& row, const unsigned int cells,
               const unsigned int degree, const double tolerance) {
  const auto solution =
    solve_problem(make_problem<dim>(Settings{ row.at("settings") }), { cells }, degree);
  const double expected = std::stod(row.at("log_rate"));
  log_comparison(row.at("settings"), solution.log_rate, expected);
  BOOST_TEST_CONTEXT(row.at("settings")) {
    BOOST_TEST(relative_error(solution.log_rate, expected) <= tolerance);
    BOOST_TEST(solution.detailed_balance);
    BOOST_TEST(solution.flux_discrepancy <= 1e-6);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(noise_models)

BOOST_AUTO_TEST_CASE(radial) {
  for (const auto& row : read_table("escape_rates_radial.csv"))
    check_row<1>(row, 240, 6, row.at("case") == "loss_proportional" ? 1e-8 : 1e-9);
}

// 13 settings, each read as Ito, Stratonovich and anti-Ito: the rates differ by factors of up to 5.
BOOST_AUTO_TEST_CASE(interpretations) {
  for (const auto& row : read_table("escape_rates_noise_1d.csv"))
    check_row<1>(row, 120, 8, 1e-9);
}

// The mean first-passage time from the minimum is a double integral of exp(Phi); above a barrier of
// 25 it is 1/gamma up to exp(-25) = 1e-11.
BOOST_AUTO_TEST_CASE(double_integral) {
  using Quadrature = boost::math::quadrature::gauss_kronrod<double, 61>;
  using Function = std::function<double(double)>;
  const auto loss_derivative = [](double x) { return x * x * x - x; };
  struct {
    const char* settings;
    Function d, d_derivative;
  } const models[] = {
    { "Loss/Expression=x^4/4 - x^2/2|Noise/Type=expression|Noise/Expressions=0.006*(1 + x/4 + "
      "x^2/2)",
      [](double x) { return 0.006 * (1 + x / 4 + x * x / 2); },
      [](double x) { return 0.006 * (0.25 + x); } },
    { "Loss/Expression=x^4/4 - x^2/2|Noise/Type=hessian aligned|Noise/Learning "
      "rate=0.01|Noise/Hessian=absolute|Noise/Floor=0.5",
      [](double x) { return 0.005 * std::hypot(3 * x * x - 1, 0.5); },
      [](double x) { return 0.005 * (3 * x * x - 1) * 6 * x / std::hypot(3 * x * x - 1, 0.5); } },
    { "Loss/Expression=x^4/4 - x^2/2 + 0.3|Noise/Type=loss proportional|Noise/Learning "
      "rate=0.02|Noise/Batch size=1",
      [](double x) { return 0.04 * (x * x * x * x / 4 - x * x / 2 + 0.3); },
      [&](double x) { return 0.04 * loss_derivative(x); } },
  };
  const double lower = -2, start = -1, upper = 0.5;
  constexpr int n = 3000; // panels of the outer integral; Phi is integrated along with it
  for (const auto& model : models)
    for (const auto& [name, a] :
         { std::pair("ito", 0.), { "stratonovich", 0.5 }, { "anti-ito", 1. } }) {
      // tau = int_start^upper dy e^Phi(y) / D(y) int_lower^y dz e^-Phi(z),
      // Phi = int (L' + (1-a) D')/D; panel by panel, each inner integral relative to Phi at its
      // end.
      const auto slope = [&, a = a](double x) {
        return (loss_derivative(x) + (1 - a) * model.d_derivative(x)) / model.d(x);
      };
      double phi = 0, log_inner = -INFINITY, log_tau = -INFINITY;
      const auto add = [](double x, double y) {
        const double larger = std::max(x, y);
        return larger == -INFINITY ? larger
                                   : larger + std::log(std::exp(x - larger) + std::exp(y - larger));
      };
      for (int i = 0; i < n; ++i) {
        const double left = lower + (upper - lower) * i / n,
                     right = lower + (upper - lower) * (i + 1) / n;
        const auto rise = [&](double x) { return Quadrature::integrate(slope, left, x, 0); };
        const auto inner = [&](double y) {
          return Quadrature::integrate([&](double z) { return std::exp(-rise(z)); }, left, y, 0);
        };
        if (left >= start - 1e-12) {
          const double before = std::exp(log_inner + phi); // may be large, never infinite here
          const auto outer = [&](double y) {
            return std::exp(rise(y)) / model.d(y) * (before + inner(y));
          };
          using Coarse = boost::math::quadrature::gauss<double, 7>;
          log_tau = add(log_tau, std::log(Coarse::integrate(outer, left, right)));
        }
        log_inner = add(log_inner, std::log(inner(right)) - phi);
        phi += rise(right);
      }
      const auto problem =
        make_problem<1>(Settings{ std::string(model.settings) + "|Noise/Interpretation=" + name +
                                  "|Domain/Lower=-2|Domain/Upper=0.5|Domain/Absorbing=x+" });
      const auto solution = solve_problem(problem, { 120 }, 8);
      log_comparison(std::string(model.settings) + ", " + name, solution.log_rate, -log_tau);
      BOOST_TEST(solution.log_rate < -25);
      BOOST_TEST(relative_error(solution.log_rate, -log_tau) <= 1e-9);
    }
}

BOOST_AUTO_TEST_SUITE_END()
