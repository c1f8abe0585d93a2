// Escape formulas against rates by hand, and their conditions.
#include "postprocess/formulas/formulas.h"

#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace fokker_planck;
using testing::Case;

namespace {

/// The formulas of a problem.
template <int dim>
std::vector<Formula> formulas(const Case& text) {
  const auto problem = testing::make_problem<dim>(text);
  const Gauge<dim> gauge(problem);
  return escape_formulas(problem, gauge,
                         explore(problem.domain, gauge, *problem.loss, problem.start));
}

const Formula& find(const std::vector<Formula>& all, const std::string& name) {
  const auto found =
    std::find_if(all.begin(), all.end(), [&](const Formula& f) { return f.name == name; });
  BOOST_TEST_REQUIRE((found != all.end()), name);
  return *found;
}

/// Exactly the named formulas apply, with the given rate; all others say why not. The exact
/// integral needs no condition (tests/unit/exact_integral.cc).
void check(const std::vector<Formula>& all, const std::vector<std::string>& names,
           const double log_rate) {
  BOOST_TEST(all.size() == 15);
  for (const Formula& formula : all)
    BOOST_TEST_CONTEXT(formula.name << ": " << formula.reason) {
      BOOST_TEST(!formula.reference.empty());
      BOOST_TEST(!formula.expression.empty());
      if (formula.name == "exact 1-D integral") continue;
      const bool named = std::count(names.begin(), names.end(), formula.name) > 0;
      BOOST_TEST(formula.applicable == named);
      BOOST_TEST(!formula.reason.empty());
      // Newton's iteration finds the points to rounding; exponents of 50 round to 1e-14.
      if (named) BOOST_TEST(std::fabs(formula.log_rate - log_rate) <= 1e-12);
    }
}

const std::string double_well = "x^4/4 - x^2/2";
const std::string styblinski_tang = "0.5*(x^4 - 16*x^2 + 5*x)";

/// The well at -1 has curvature 2, the saddle at 0 curvature -1 and height 1/4 above the well.
double kramers(const double d) {
  return std::log(std::sqrt(2.) / (2 * M_PI)) - 0.25 / d;
}

} // namespace

BOOST_AUTO_TEST_SUITE(formulas_by_hand)

BOOST_AUTO_TEST_CASE(kramers_1d) {
  for (const double d : { 0.02, 0.005 }) {
    const std::string diffusion = d == 0.02 ? "0.02" : "0.005";
    check(formulas<1>({ double_well, diffusion, "-2.5", "0.8", "x+" }),
          { "Kramers", "Eyring-Kramers" }, kramers(d));
    check(formulas<1>({ double_well, diffusion, "-2.5", "0", "x+" }),
          { "Kramers at the saddle", "Eyring-Kramers at the saddle" }, kramers(d) + std::log(2.));
    // From the right valley to the left, and with the saddle shifted away from zero.
    check(formulas<1>({ double_well, diffusion, "-0.8", "2.5", "x-" }),
          { "Kramers", "Eyring-Kramers" }, kramers(d));
    check(formulas<1>({ "(x-3)^4/4 - (x-3)^2/2 + 7", diffusion, "0.5", "3.8", "x+" }),
          { "Kramers", "Eyring-Kramers" }, kramers(d));
  }
}

// At x = -0.4: slope 0.336, height -0.0736; rate = slope/sqrt(2 pi) sqrt(2/D) exp(-0.1764/D).
BOOST_AUTO_TEST_CASE(boundary_exit_1d) {
  const double d = 0.01;
  const double expected = std::log(0.336 / std::sqrt(2 * M_PI) * std::sqrt(2 / d)) - 0.1764 / d;
  check(formulas<1>({ double_well, "0.01", "-2.5", "-0.4", "x+" }), { "boundary exit" }, expected);
}

// At (-0.4, 0) of L = x^4/4 - x^2/2 + y^2 (1 - x/2): along the side the curvature is 2.4, at the
// bottom of the well 3.
BOOST_AUTO_TEST_CASE(boundary_exit_2d) {
  const double d = 0.01;
  const double expected =
    std::log(0.336 / std::sqrt(2 * M_PI) * std::sqrt(2 * 3 / (2.4 * d))) - 0.1764 / d;
  check(formulas<2>({ double_well + " + y^2*(1 - x/2)", "0.01", "-2.5, -2", "-0.4, 2", "x+" }),
        { "boundary exit" }, expected);
}

BOOST_AUTO_TEST_CASE(eyring_kramers_2d) {
  check(formulas<2>({ double_well + " + y^2", "0.02", "-2.5, -2", "0.8, 2", "x+" }),
        { "Eyring-Kramers" }, kramers(0.02));
  check(formulas<2>({ double_well + " + y^2", "0.02", "-2.5, -2", "0, 2", "x+" }),
        { "Eyring-Kramers at the saddle" }, kramers(0.02) + std::log(2.));
  // Across the way the curvature falls from 3 at the well to 2 at the saddle.
  check(formulas<2>({ double_well + " + y^2*(1 - x/2)", "0.02", "-2.5, -2", "0.8, 2", "x+" }),
        { "Eyring-Kramers" }, kramers(0.02) + 0.5 * std::log(1.5));
}

BOOST_AUTO_TEST_CASE(eyring_kramers_3d) {
  check(formulas<3>({ double_well + " + y^2*(1 - x/2) + 2*z^2*(1 - x/4)", "0.02", "-2.5, -2, -2",
                      "0.8, 2, 2", "x+" }),
        { "Eyring-Kramers" }, kramers(0.02) + 0.5 * std::log(1.5) + 0.5 * std::log(1.25));
}

// Equal ways in x and in y.
BOOST_AUTO_TEST_CASE(parallel_ways) {
  const auto one = formulas<1>({ styblinski_tang, "2", "-5", "1", "x+" });
  const std::string plane = styblinski_tang + " + 0.5*(y^4 - 16*y^2 + 5*y)";
  const auto two = formulas<2>({ plane, "2", "-5, -5", "1, 1", "x+ y+" });
  // The roots of 2 x^3 - 16 x + 2.5.
  double low = -2.9, top = 0.16;
  for (int i = 0; i < 30; ++i)
    for (double* const x : { &low, &top })
      *x -= (2 * *x * *x * *x - 16 * *x + 2.5) / (6 * *x * *x - 16);
  const auto f = [](double x) { return 0.5 * (x * x * x * x - 16 * x * x + 5 * x); };
  const double curvature_low = 6 * low * low - 16, curvature_top = 16 - 6 * top * top;
  const double single =
    std::log(std::sqrt(curvature_low * curvature_top) / (2 * M_PI)) - (f(top) - f(low)) / 2;
  check(one, { "Kramers", "Eyring-Kramers" }, single);
  check(two, { "Eyring-Kramers", "parallel paths" }, single + std::log(2.));
  BOOST_TEST(find(two, "Eyring-Kramers").reason.find("2 parallel ways") != std::string::npos);
}

// D along the axes of a separable loss: only its component along the way matters.
BOOST_AUTO_TEST_CASE(tensor_diffusion) {
  for (const char* diffusion : { "0.02, 0; 0, 0.05", "0.02, 0; 0, 0.005" })
    check(formulas<2>({ double_well + " + y^2", diffusion, "-2.5, -2", "0.8, 2", "x+" }),
          { "Eyring-Kramers" }, kramers(0.02));
  const double slope = std::log(0.336 / std::sqrt(2 * M_PI) * std::sqrt(2 / 0.01)) - 0.1764 / 0.01;
  check(formulas<2>({ double_well + " + y^2", "0.01, 0; 0, 0.03", "-2.5, -2", "-0.4, 2", "x+" }),
        { "boundary exit" }, slope);
}

BOOST_AUTO_TEST_CASE(nothing_applies) {
  const std::string plane = double_well + " + y^2";
  const auto broken =
    formulas<2>({ plane + " + 0.3*x*y", "0.02, 0; 0, 0.01", "-2.5, -2", "0.8, 2", "x+" });
  check(broken, {}, 0);
  BOOST_TEST(find(broken, "Eyring-Kramers").reason.find("detailed balance") != std::string::npos);

  const auto low = formulas<1>({ double_well, "0.2", "-2.5", "1.5", "x+" }); // barrier/D = 1.25
  check(low, {}, 0);

  const auto small_barrier = formulas<1>({ double_well, "0.1", "-4", "1", "x+" });
  check(small_barrier, {}, 0); // barrier/D = 2.5

  const auto no_minimum = formulas<2>({ "x + y^2", "0.1", "-1, -2", "1, 2", "x+" });
  check(no_minimum, {}, 0);
  for (const char* name : { "Eyring-Kramers", "Eyring-Kramers at the saddle", "boundary exit" })
    BOOST_TEST(find(no_minimum, name).reason.find("no minimum") != std::string::npos);
  check(formulas<1>({ "0", "1", "0", "1", "x+" }), {}, 0);

  // The absorbing side too close behind the saddle, or before it: between the formulas.
  check(formulas<1>({ double_well, "0.02", "-2.5", "0.15", "x+" }), {}, 0);
  check(formulas<1>({ double_well, "0.02", "-2.5", "-0.1", "x+" }), {}, 0);
}

BOOST_AUTO_TEST_SUITE_END()
