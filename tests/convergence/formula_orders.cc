// Escape formulas against the solver as constant noise vanishes: each ratio tends to 1 at the order
// of the first term that the formula leaves out.
#include "postprocess/formulas/paths.h"
#include "tests/convergence/formula_ratios.h"

#include "postprocess/fields/density.h"

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

// Minimum at -1.1583 (H = 2.68), saddle at 0 (H = -1), third derivatives everywhere.
const std::string skew = "Loss/Expression=x^4/4 + x^3/10 - x^2/2";

std::string with_noise(const std::string& loss, const double diffusion, const std::string& domain) {
  return loss + "|Noise/Diffusion=" + exact(diffusion) + "|" + domain;
}

} // namespace

BOOST_AUTO_TEST_SUITE(formula_orders)

// D and D^2: 1-D has no other powers beyond the saddle.
BOOST_AUTO_TEST_CASE(kramers) {
  FormulaRatios kramers("Kramers"), eyring("Eyring-Kramers");
  for (const double d : { 0.02, 0.01, 0.005, 0.0025, 0.00125 }) {
    const auto solution =
      solve_1d(with_noise(skew, d, "Domain/Lower=-3|Domain/Upper=0.7|Domain/Absorbing=x+"));
    kramers.add(d, solution, "Kramers");
    eyring.add(d, solution, "Eyring-Kramers");
  }
  kramers.check_leading(1, 0.05, 5e-3);
  kramers.check_corrected(2, 0.15, 5e-5); // D L6-terms beside it
  eyring.check_leading(1, 0.05, 5e-3);
}

// Absorbed at the saddle odd terms count, too: D^(1/2) and D^(3/2), next to D and D^2.
BOOST_AUTO_TEST_CASE(at_the_saddle) {
  const std::string loss = "Loss/Expression=x^4/4 + x^3/5 - x^2/2";
  FormulaRatios kramers("Kramers at the saddle");
  for (const double d : { 0.005, 0.0025, 0.00125, 0.000625 })
    kramers.add(
      d, solve_1d(with_noise(loss, d, "Domain/Lower=-2.5|Domain/Upper=0|Domain/Absorbing=x+"), 240),
      "Kramers at the saddle");
  kramers.check_leading(0.5, 0.12, 1e-2);
  kramers.check_corrected(1.5, 0.2, 5e-5);

  // Twice the rate beyond the saddle, up to D^(1/2).
  std::vector<double> deviations;
  for (const double d : { 0.01, 0.005, 0.0025 }) {
    const std::string domain = "Domain/Lower=-3|Domain/Absorbing=x+|Domain/Upper=";
    const double at = solve_1d(with_noise(skew, d, domain + "0")).log_rate;
    const double beyond = solve_1d(with_noise(skew, d, domain + "0.7")).log_rate;
    deviations.push_back(std::exp(at - beyond) / 2 - 1);
    BOOST_TEST_MESSAGE(
      "D = " << d << ": rate at the saddle/(2 rate beyond) - 1 = " << deviations.back());
  }
  BOOST_TEST(std::fabs(deviations[1] / deviations[2] - std::sqrt(2.)) < 0.04);
  BOOST_TEST(std::fabs(deviations[2]) < 0.01);
}

// A wall 0.03 widths before and behind the saddle: still at the saddle for the landscape, and exact
// in the next order only if the position of the wall enters.
BOOST_AUTO_TEST_CASE(beside_the_saddle) {
  for (const double offset : { -0.03, 0.03 }) {
    FormulaRatios kramers("Kramers, wall " + exact(offset) + " widths from the saddle");
    for (const double d : { 0.005, 0.0025, 0.00125 })
      kramers.add(d,
                  solve_1d(with_noise(skew, d,
                                      "Domain/Lower=-3|Domain/Absorbing=x+|Domain/Upper=" +
                                        exact(offset * std::sqrt(d)))),
                  "Kramers at the saddle");
    kramers.check_corrected(1.5, 0.2, 1e-4);
    BOOST_TEST(std::fabs(kramers.last_leading()) > 1e-2); // 0.03 (2/pi)^(1/2) does not vanish
  }
}

BOOST_AUTO_TEST_CASE(boundary_exit_1d) {
  FormulaRatios one("boundary exit, 1-D"), two("boundary exit on both sides, 1-D");
  for (const double d : { 0.008, 0.004, 0.002, 0.001 }) {
    one.add(d,
            solve_1d(
              with_noise(skew, d, "Domain/Lower=-1.8|Domain/Upper=-0.55|Domain/Absorbing=x+"), 320),
            "boundary exit");
    two.add(d,
            solve_1d(with_noise("Loss/Expression=x^2/2 + x^4/4", d,
                                "Domain/Lower=-0.8|Domain/Upper=0.8|Domain/Absorbing=x- x+"),
                     320),
            "boundary exit");
  }
  one.check_leading(1, 0.1, 2e-2);
  one.check_corrected(2, 0.2, 1e-3);
  two.check_leading(1, 0.05, 2e-2);
  two.check_corrected(2, 0.1, 1e-3);
}

// A plane side across a valley that narrows, and the unit disc, whose curvature turns the Hessian
// along the boundary from 3 into 2 (without it the ratio would tend to (2/3)^(1/2)).
BOOST_AUTO_TEST_CASE(boundary_exit_2d) {
  FormulaRatios plane("boundary exit, plane"), disc("boundary exit, disc");
  for (const double d : { 0.008, 0.004, 0.002 })
    plane.add(d,
              solve_in_space<2>(with_noise("Dimension=2|Loss/Expression=x^4/4 - x^2/2 + y^2*(1 + "
                                           "x/4)",
                                           d,
                                           "Domain/Lower=-1.6, -0.6|Domain/Upper=-0.5, 0.6|"
                                           "Domain/Absorbing=x+"),
                                1e-6),
              "boundary exit");
  for (const double d : { 0.04, 0.02, 0.01 })
    disc.add(d,
             solve_in_space<2>(with_noise("Dimension=2|Loss/Expression=x^2/2 + 3*y^2/2", d,
                                          "Domain/Type=ball|Domain/Radius=1|Domain/Absorbing=all"),
                               1e-6),
             "boundary exit");
  plane.check_leading(1, 0.2, 4e-2);
  disc.check_leading(1, 0.2, 4e-2);
}

// Two equal ways out of the Styblinski-Tang valley.
BOOST_AUTO_TEST_CASE(parallel_paths) {
  FormulaRatios parallel("parallel paths"), eyring("Eyring-Kramers");
  for (const double d : { 4., 2., 1. }) {
    const auto solution = solve_in_space<2>(
      with_noise("Dimension=2|Loss/Expression=0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)",
                 d, "Domain/Lower=-5, -5|Domain/Upper=1.5, 1.5|Domain/Absorbing=x+ y+"),
      1e-6);
    parallel.add(d, solution, "parallel paths");
    eyring.add(d, solution, "Eyring-Kramers");
  }
  parallel.check_leading(1, 0.1, 1.5e-2);
  eyring.check_leading(1, 0.1, 1.5e-2);

  // Ways of two kinds: over a saddle, and through an exit point a little higher.
  FormulaRatios both("saddle and exit point");
  for (const double d : { 0.008, 0.004, 0.002 })
    both.add(d,
             solve_1d(with_noise("Loss/Expression=x^4/4 - x^2/2", d,
                                 "Domain/Lower=-1.4142|Domain/Upper=0.8|Domain/Absorbing=x- x+"),
                      480),
             "parallel paths");
  both.check_leading(1, 0.1, 1e-2);
  both.check_corrected(2, 0.2, 1e-4);
}

// Two valleys and three valleys in a row with equal barriers: times add.
BOOST_AUTO_TEST_CASE(sequential_paths) {
  for (const double upper : { 1.85, 2.85 }) {
    FormulaRatios sequential("sequential paths up to " + exact(upper));
    for (const double d : { 0.2, 0.1, 0.05 })
      sequential.add(
        d,
        solve_1d(with_noise("Loss/Expression=-cos(2*Pi*x)", d,
                            "Domain/Lower=-0.4|Domain/Absorbing=x+|Domain/Upper=" + exact(upper))),
        "sequential paths");
    sequential.check_leading(1, 0.1, 2e-2);
  }
}

// P_1/P_2 of the quasi-stationary density that leaves both valleys far above the saddle between
// them, in the plane: det H differs by the factor 3 and the depths by 0.04.
BOOST_AUTO_TEST_CASE(two_valleys) {
  FormulaRatios ratios("two valleys");
  for (const double d : { 0.04, 0.02, 0.01 }) {
    const auto problem = make_problem<2>(
      Settings{ with_noise("Dimension=2|Loss/Expression=x^4/4 - x^2/2 + 0.02*x + y^2*(1 + x/2)", d,
                           "Domain/Lower=-1.7, -0.8|Domain/Upper=1.6, 0.8|Domain/Absorbing=x+") });
    const Gauge<2> gauge(problem);
    const auto landscape = explore(problem, gauge);
    const auto adaptive = solve_to(problem, 1e-2, 6); // of the rate; the density is far better
    const Density<2> density(problem, gauge, adaptive.solution.log_mass);
    // The trapezoidal rule is exact for densities that vanish at the ends; the saddle, where it is
    // exp(-0.25/D) of that at the minima, is at x = 0.02.
    const auto samples =
      sample_density<2>(problem, density, *adaptive.discretization, adaptive.solution,
                        { { linspace(-1.7, 1.6, 200), linspace(-0.8, 0.8, 100) } });
    double left = 0, right = 0;
    for (std::size_t q = 0; q < samples.points.size(); ++q)
      (samples.points[q][0] < 0.02 ? left : right) += samples.densities[q];
    std::vector<CriticalPoint<2>> minima(2);
    for (const auto& point : landscape.critical_points)
      if (point.kind == CriticalPoint<2>::Kind::minimum) minima[point.position[0] > 0] = point;
    Formula formula;
    formula.log_rate = log_occupation_ratio(minima[0], minima[1]);
    ratios.add(d, std::log(left / right), formula, false);
  }
  ratios.check_leading(1, 0.15, 1e-2);
}

BOOST_AUTO_TEST_SUITE_END()
