// Rates against escape formulas as the noise vanishes, and the limit of strong noise.
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck::testing;

namespace {

const std::string well = "x^4/4 - x^2/2"; // H_a = 2 at -1, H_b = -1 at 0, barrier 1/4

/// (computed / formula - 1) / D, with the formula required to apply.
double scaled_deviation(const Solution& solution, const std::string& name, const double diffusion) {
  const auto& formula = solution.formula(name);
  BOOST_TEST(formula.applicable, name << ": " << formula.reason);
  const double deviation = std::expm1(solution.log_rate - formula.log_rate) / diffusion;
  BOOST_TEST_MESSAGE(name << ", D = " << diffusion << ": ratio " << 1 + deviation * diffusion
                          << ", (ratio - 1)/D = " << deviation);
  return deviation;
}

} // namespace

BOOST_AUTO_TEST_SUITE(theory)

// tau / tau_Kramers = 1 + 3/2 D + O(D^2): the next order is D [5 L3^2/(24 H^3) - L4/(8 H^2)] = 3/4
// D at the minimum and D L4/(8 H^2) = 3/4 D at the saddle.
BOOST_AUTO_TEST_CASE(kramers_next_order) {
  double previous = 0;
  for (const std::string diffusion : { "0.02", "0.01", "0.005", "0.0025" }) {
    const double D = std::stod(diffusion);
    const auto solution = solve<1>({ well, diffusion, "-3", "0.8", "x+" }, { 120 }, 8);
    const auto& formula = solution.formula("Kramers");
    BOOST_TEST(formula.applicable, formula.reason);
    const double limit =
      std::expm1(formula.log_rate - solution.log_rate) / D; // (tau/tau_Kramers - 1)/D
    BOOST_TEST_MESSAGE("D = " << D << ": (tau/tau_Kramers - 1)/D = " << limit);
    // The next term is O(D); its coefficient is about 8 here.
    BOOST_TEST(std::fabs(limit - 1.5) < 12 * D);
    if (previous != 0) BOOST_TEST(std::fabs(limit - 1.5) < 0.65 * std::fabs(previous - 1.5));
    previous = limit;
  }
}

// 1/gamma against mean first-passage times from the minimum, whose ratios to Kramers' time are
// known: both agree up to the time of relaxation, which is smaller by exp(-barrier/D).
BOOST_AUTO_TEST_CASE(mean_first_passage) {
  struct {
    const char* diffusion;
    double ratio;
  } const rows[] = { { "0.05", 1.10226832556 },
                     { "0.02", 1.03349954934 },
                     { "0.01", 1.01578010951 } };
  for (const auto& row : rows) {
    const auto solution = solve<1>({ well, row.diffusion, "-3", "0.8", "x+" }, { 120 }, 8);
    const double ratio = std::exp(solution.formula("Kramers").log_rate - solution.log_rate);
    const double smallness = std::exp(-0.25 / std::stod(row.diffusion));
    BOOST_TEST_MESSAGE("D = " << row.diffusion << ": tau/tau_Kramers = " << ratio
                              << ", first passage " << row.ratio);
    BOOST_TEST(std::fabs(ratio / row.ratio - 1) < 2 * smallness);
  }
}

// Absorbed at the saddle the rate is twice that absorbed beyond it, up to exponentially small terms
// in 1-D, where both rates carry the same next-order term.
BOOST_AUTO_TEST_CASE(factor_two_at_the_saddle) {
  double previous = 0;
  for (const std::string diffusion : { "0.02", "0.01", "0.005" }) {
    const double D = std::stod(diffusion);
    const auto beyond = solve<1>({ well, diffusion, "-3", "0.8", "x+" }, { 120 }, 8);
    const auto at = solve<1>({ well, diffusion, "-3", "0", "x+" }, { 120 }, 8);
    const double ratio = std::exp(at.log_rate - beyond.log_rate);
    BOOST_TEST_MESSAGE("D = " << D << ": rate at the saddle / beyond = " << ratio);
    BOOST_TEST(std::fabs(ratio / 2 - 1) < 5 * std::exp(-0.25 / D) + 1e-10); // 1e-10: rounding
    const double deviation = scaled_deviation(at, "Kramers at the saddle", D);
    if (previous != 0) BOOST_TEST(std::fabs(deviation + 1.5) < 0.65 * std::fabs(previous + 1.5));
    previous = deviation;
  }
}

// The boundary on a slope: error O(D), so (ratio - 1)/D tends to a constant, its differences
// halving with D.
void check_boundary_exit(const std::vector<Solution>& solutions,
                         const std::vector<double>& diffusions) {
  std::vector<double> deviations;
  for (std::size_t i = 0; i < solutions.size(); ++i)
    deviations.push_back(scaled_deviation(solutions[i], "boundary exit", diffusions[i]));
  const double factor = (deviations[2] - deviations[1]) / (deviations[1] - deviations[0]);
  BOOST_TEST(factor > 0.3);
  BOOST_TEST(factor < 0.75);
  BOOST_TEST(std::fabs(deviations[2]) * diffusions[2] < 0.01);
}

BOOST_AUTO_TEST_CASE(boundary_exit_1d) {
  std::vector<Solution> solutions;
  for (const std::string diffusion : { "0.004", "0.002", "0.001" })
    solutions.push_back(solve<1>({ well, diffusion, "-2", "-0.5", "x+" }, { 80 }, 8));
  check_boundary_exit(solutions, { 0.004, 0.002, 0.001 });
}

BOOST_AUTO_TEST_CASE(boundary_exit_2d) {
  std::vector<Solution> solutions;
  for (const std::string diffusion : { "0.008", "0.004", "0.002" })
    solutions.push_back(solve<2>(
      { well + " + y^2*(1 + x/4)", diffusion, "-1.6, -0.6", "-0.5, 0.6", "x+" }, { 44 }, 6));
  check_boundary_exit(solutions, { 0.008, 0.004, 0.002 });
}

// Parallel ways out add: the formula in two dimensions is twice that in one. Its error falls with
// the noise (like the root of D here: the cubic term at a saddle that is absorbed on one side does
// not average out).
BOOST_AUTO_TEST_CASE(parallel_ways) {
  const std::string name = "Eyring-Kramers at the saddle";
  const std::string x = "0.5*(x^4 - 16*x^2 + 5*x)", y = " + 0.5*(y^4 - 16*y^2 + 5*y)";
  double previous = 1;
  for (const std::string diffusion : { "4", "2", "1" }) {
    const auto one = solve<1>({ x, diffusion, "-5", "0.156731", "x+" }, { 20 }, 6);
    const auto two =
      solve<2>({ x + y, diffusion, "-5, -5", "0.156731, 0.156731", "x+ y+" }, { 20 }, 6);
    BOOST_TEST(std::fabs(std::exp(two.formula(name).log_rate - one.formula(name).log_rate) - 2) <
               1e-9);
    const double deviation = std::fabs(scaled_deviation(two, name, 1));
    BOOST_TEST(deviation < 0.5 * previous);
    previous = deviation;
  }
  BOOST_TEST(previous < 0.01);
}

// D ten times the barrier: no barrier to speak of. Reference: double_well of
// tests/data/escape_rates_1d.csv.
BOOST_AUTO_TEST_CASE(strong_noise) {
  const auto solution = solve<1>({ well, "2.5", "-3", "0", "x+" }, { 20 }, 8);
  log_comparison("D = 2.5", solution.log_rate, 0.44554859789912249760);
  BOOST_TEST(relative_error(solution.log_rate, 0.44554859789912249760) <= 1e-10);
  for (const auto& formula : solution.formulas)
    BOOST_TEST(formula.applicable == (formula.name == "exact 1-D integral"), formula.name);
}

BOOST_AUTO_TEST_SUITE_END()
