// A symmetric double well in one dimension: numbers that are known by hand, and the limit of strong
// noise. The orders of the formulas, of losses without symmetry: formula_orders.cc.
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck::testing;

namespace {

const std::string well = "x^4/4 - x^2/2"; // H_a = 2 at -1, H_b = -1 at 0, barrier 1/4

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
  for (const std::string diffusion : { "0.02", "0.01", "0.005" }) {
    const double D = std::stod(diffusion);
    const auto beyond = solve<1>({ well, diffusion, "-3", "0.8", "x+" }, { 120 }, 8);
    const auto at = solve<1>({ well, diffusion, "-3", "0", "x+" }, { 120 }, 8);
    const double ratio = std::exp(at.log_rate - beyond.log_rate);
    BOOST_TEST_MESSAGE("D = " << D << ": rate at the saddle / beyond = " << ratio);
    BOOST_TEST(std::fabs(ratio / 2 - 1) < 5 * std::exp(-0.25 / D) + 1e-10); // 1e-10: rounding
  }
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
