// Formulas as text: values, derivatives, constants, scaling and errors.
#include "problems/formula/expression.h"

#include "problems/base/input_error.h"
#include "problems/formula/tape.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <random>

using namespace fokker_planck;

namespace {

using Real = long double;
using Function = Real (*)(Real, Real, Real);

struct Row {
  int dim;
  const char* text;
  Function function;
};

// All are smooth for coordinates in (0.3, 1.4).
const Row rows[] = {
  { 1, "0.5*(x^4 - 16*x^2 + 5*x)",
    [](Real x, Real, Real) { return (x * x * x * x - 16 * x * x + 5 * x) / 2; } },
  { 1, "2^(3^x)/8 + 1.5e-1*x - .5",
    [](Real x, Real, Real) { return std::pow(2.L, std::pow(3.L, x)) / 8 + 0.15L * x - 0.5L; } },
  { 1, "1/x + 1/x^3 - x/(1 + x)^2",
    [](Real x, Real, Real) { return 1 / x + 1 / (x * x * x) - x / (1 + x) / (1 + x); } },
  { 1, "x^(1/2) + x^2.5 - x^(-3/2) + x^0.3 + x^(-0.7)",
    [](Real x, Real, Real) {
      return std::sqrt(x) + std::pow(x, 2.5L) - std::pow(x, -1.5L) + std::pow(x, 0.3L) +
             std::pow(x, -0.7L);
    } },
  { 1, "(x/2)^65 + (x/2)^64 + x^7", // above and at the largest power by multiplication
    [](Real x, Real, Real) {
      return std::pow(x / 2, 65.L) + std::pow(x / 2, 64.L) + std::pow(x, 7.L);
    } },
  { 1, "exp(-x^2)*log(x) + sqrt(1 + x) - (-x)^3",
    [](Real x, Real, Real) {
      return std::exp(-x * x) * std::log(x) + std::sqrt(1 + x) + x * x * x;
    } },
  { 1, "sin(3*x)*cos(x) + tan(x/2)",
    [](Real x, Real, Real) { return std::sin(3 * x) * std::cos(x) + std::tan(x / 2); } },
  { 1, "asin(x/2) - acos(x/3) + atan(2*x)",
    [](Real x, Real, Real) { return std::asin(x / 2) - std::acos(x / 3) + std::atan(2 * x); } },
  { 1, "sinh(x) - cosh(x/2)*tanh(x)",
    [](Real x, Real, Real) { return std::sinh(x) - std::cosh(x / 2) * std::tanh(x); } },
  { 1, "asinh(x) + acosh(x + 2) + atanh(x/2)",
    [](Real x, Real, Real) { return std::asinh(x) + std::acosh(x + 2) + std::atanh(x / 2); } },
  { 1, "abs(x - 2)^3 + abs(x)*Pi",
    [](Real x, Real, Real) { return (2 - x) * (2 - x) * (2 - x) + x * 3.14159265358979323846L; } },
  { 2, "x^4/4 - x^2/2 + y^2*(1 - x/2)",
    [](Real x, Real y, Real) { return x * x * x * x / 4 - x * x / 2 + y * y * (1 - x / 2); } },
  { 2, "pow(x, y) + x^y*atan2(y, x - 2)",
    [](Real x, Real y, Real) { return std::pow(x, y) * (1 + std::atan2(y, x - 2)); } },
  { 3, "x*y*z + exp(x*y) - z^2*sin(x) + y/z",
    [](Real x, Real y, Real z) {
      return x * y * z + std::exp(x * y) - z * z * std::sin(x) + y / z;
    } },
};

using Point = std::array<double, 3>;

std::vector<Point> random_points(const std::size_t n) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> uniform(0.3, 1.4);
  std::vector<Point> points(n);
  for (Point& point : points)
    for (double& coordinate : point)
      coordinate = uniform(generator);
  return points;
}

/// result[k][q] is output k at point q.
std::vector<std::vector<double>> evaluate(const Tape& tape, const std::vector<Point>& points) {
  std::array<std::vector<double>, 3> coordinates;
  std::array<const double*, 3> variables;
  for (int i = 0; i < 3; ++i) {
    for (const Point& point : points)
      coordinates[i].push_back(point[i]);
    variables[i] = coordinates[i].data();
  }
  std::vector<std::vector<double>> result(tape.n_outputs(), std::vector<double>(points.size()));
  std::vector<double*> pointers;
  for (auto& output : result)
    pointers.push_back(output.data());
  tape.evaluate(variables.data(), points.size(), pointers.data());
  return result;
}

/// First difference of order four in the direction i.
template <typename F>
Real difference(const F& f, std::array<Real, 3> at, const int i, const Real step) {
  const auto shifted = [&](const Real by) {
    auto point = at;
    point[i] += by;
    return f(point);
  };
  return (8 * (shifted(step) - shifted(-step)) - (shifted(2 * step) - shifted(-2 * step))) /
         (12 * step);
}

std::string error_of(const std::string& text, const int dim, const Constants& constants = {}) {
  try {
    const Expression expression("Loss/Expression", text, { constants }, dim);
    expression.value();
    expression.gradient();
    expression.hessian();
    expression.third_derivatives();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

} // namespace

BOOST_AUTO_TEST_SUITE(expression)

BOOST_AUTO_TEST_CASE(values_and_derivatives) {
  const auto points = random_points(20);
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.text) {
      const Expression expression("key", row.text, {}, row.dim);
      const auto values = evaluate(expression.value(), points);
      const auto gradients = evaluate(expression.gradient(), points);
      const auto hessians = evaluate(expression.hessian(), points);
      const auto f = [&](const std::array<Real, 3>& x) { return row.function(x[0], x[1], x[2]); };
      for (std::size_t q = 0; q < points.size(); ++q) {
        const std::array<Real, 3> x{ { points[q][0], points[q][1], points[q][2] } };
        const Real expected = f(x);
        // A few roundings of terms of size one to a hundred.
        BOOST_TEST(std::fabs(values[0][q] - expected) <= 1e-13L * (1 + std::fabs(expected)));
        for (int i = 0, k = 0; i < row.dim; ++i) {
          // Long double: steps of 1e-4 truncate at 1e-16/30 times the fifth derivative, which
          // reaches 2e7 for 1/x^3 at x = 0.3; rounding is 1e-14. A wrong term would show at order
          // one.
          const Real slope = difference(f, x, i, 1e-4L);
          const Real size = 1 + std::fabs(slope);
          BOOST_TEST(std::fabs(gradients[i][q] - slope) <= 1e-10L * size);
          for (int j = i; j < row.dim; ++j, ++k) {
            // Steps of 1e-3 truncate at 1e-12/15 times the sixth derivative (6e8 there).
            const Real curvature =
              difference([&](const auto& y) { return difference(f, y, i, 1e-3L); }, x, j, 1e-3L);
            const Real scale = 1 + std::fabs(curvature);
            BOOST_TEST(std::fabs(hessians[k][q] - curvature) <= 1e-6L * scale);
          }
        }
      }
    }
  }
}

// A block holds 64 points: whatever the number of points, each result is that of the point alone.
BOOST_AUTO_TEST_CASE(any_number_of_points) {
  const Expression expression("key", "x*y*z + exp(x*y) - z^2*sin(x) + y/z", {}, 3);
  const Tape tapes[] = { expression.value(), expression.gradient(), expression.hessian() };
  for (const Tape& tape : tapes)
    for (const std::size_t n : { 0, 1, 63, 64, 65, 128, 200 }) {
      const auto points = random_points(n);
      const auto together = evaluate(tape, points);
      for (std::size_t q = 0; q < n; ++q) {
        const auto alone = evaluate(tape, { points[q] });
        for (std::size_t k = 0; k < together.size(); ++k)
          BOOST_TEST(together[k][q] == alone[k][0]);
      }
    }
}

BOOST_AUTO_TEST_CASE(constants) {
  const auto constants = parse_constants("key", " a=2, b = a*Pi ,c_1=-1e-3");
  BOOST_TEST_REQUIRE(constants.size() == 3);
  BOOST_TEST(constants[0].first == "a");
  BOOST_TEST(constants[0].second == 2);
  BOOST_TEST(std::fabs(constants[1].second - 2 * M_PI) <= 1e-15); // one rounding
  BOOST_TEST(constants[2].first == "c_1");
  BOOST_TEST(constants[2].second == -1e-3);
  BOOST_TEST(parse_constants("key", " ").empty());
  const auto values =
    evaluate(Expression("key", "a*x^2 + c_1", { constants }, 1).value(), { Point{ { 3, 0, 0 } } });
  BOOST_TEST(values[0][0] == 18 - 1e-3);

  for (const char* text : { "a", "1a=3", "=3", "x=1", "z=1", "Pi=3", "sin=1", "a=1, a=2", "a=b",
                            "a=1,", "a=", "a=1/0", "a=sqrt(-1)", "a=x", "a=1e400", "a b=1" })
    BOOST_CHECK_EXCEPTION(
      parse_constants("Loss/Constants", text), InputError,
      [](const InputError& e) { return std::string(e.what()).find("Loss/Constants: got '") == 0; });
}

BOOST_AUTO_TEST_CASE(scale) {
  const double s = 1.7;
  const Expression plain("key", "x^3*exp(y) + y*x", {}, 2),
    scaled("key", "x^3*exp(y) + y*x", {}, 2, s);
  for (const Point& point : random_points(10)) {
    const Point image{ { s * point[0], s * point[1], 0 } };
    const auto same = [](const double a, const double b) { // a few roundings
      return std::fabs(a - b) <= 1e-14 * (1 + std::fabs(b));
    };
    BOOST_TEST(
      same(evaluate(scaled.value(), { point })[0][0], evaluate(plain.value(), { image })[0][0]));
    for (int i = 0; i < 2; ++i)
      BOOST_TEST(same(evaluate(scaled.gradient(), { point })[i][0],
                      s * evaluate(plain.gradient(), { image })[i][0]));
    for (int k = 0; k < 3; ++k)
      BOOST_TEST(same(evaluate(scaled.hessian(), { point })[k][0],
                      s * s * evaluate(plain.hessian(), { image })[k][0]));
  }
}

BOOST_AUTO_TEST_CASE(errors) {
  const struct {
    const char *text, *message;
  } cases[] = { { "", "a formula is needed" },
                { "x + q", "'q' at column 5 is not a known variable or constant" },
                { "2*foo(x)", "'foo' at column 3 is not a known function" },

                { "1 + sin", "'sin' at column 5 is a function without argument" },
                { "x**2", "'**' at column 2" },
                { "x + $2", "the character at column 5" },
                { "x + * 2", "syntax error near '*' at column 5" },
                { "x +", "syntax error at its end" },
                { "2 x", "syntax error near 'x' at column 3" },
                { "(x + 1))", "syntax error near ')' at column 8" },
                { "((x + 1)", "syntax error" },
                { "sin(x, 2)", "" },
                { "1.2.3*x", "" },

                { "atan2(x)", "" },
                { "log(0)*x", "" },
                { "x/0", "" },
                { "sqrt(-1)*x", "" },
                { "x + sqrt(-1)", "" },
                { "x + (-8)^0.5", "" } };
  for (const auto& row : cases) {
    const std::string error = error_of(row.text, 1);
    BOOST_TEST_CONTEXT(row.text << " gives: " << error) {
      BOOST_TEST(error.find("Loss/Expression: got '" + std::string(row.text) + "', but ") == 0);
      BOOST_TEST(error.find(row.message) != std::string::npos);
    }
  }
  BOOST_TEST(error_of("y + z", 2).find("'z' at column 5 is not") != std::string::npos);
  BOOST_TEST(error_of("a*x", 1, { { "a", 2. } }) == "no error");
}

BOOST_AUTO_TEST_SUITE_END()
