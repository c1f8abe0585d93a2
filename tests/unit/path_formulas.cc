// Parallel and sequential paths and the occupation of valleys, by hand.
#include "postprocess/formulas/paths.h"

#include "tests/unit/find_formula.h"

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

// Minima at x = 0 and 1, curvature 4 pi^2 q; saddles at 1/2 and 3/2, curvature -4 pi^2 q, barrier
// 2q: all steps have the rate 2 pi q exp(-2q/D).
const std::string chain = "-cos(2*Pi*x)";

template <int dim>
struct Explored {
  explicit Explored(const Case& text)
    : problem(make_problem<dim>(text)), gauge(problem),
      landscape(explore(problem.domain, gauge, *problem.loss, problem.start)),
      setting(problem, gauge, landscape) {}

  const Problem<dim> problem;
  const Gauge<dim> gauge;
  const Landscape<dim> landscape;
  const EscapeSetting<dim> setting;
};

double log_step(const double d) {
  return std::log(2 * M_PI) - 2 / d;
}

} // namespace

BOOST_AUTO_TEST_SUITE(path_formulas)

// One, two and three valleys in a row, absorbed beyond the last saddle: the smallest eigenvalue of
// (1), (1, -1; -1, 2) and (1, -1, 0; -1, 2, -1; 0, -1, 2) is 4 sin^2(pi/(4n+2)).
BOOST_AUTO_TEST_CASE(chain_of_valleys) {
  for (const int n : { 1, 2, 3 }) {
    const Case text{ chain, "0.2", "-0.4", std::to_string(n - 0.15), "x+" };
    const auto formulas = formulas_of(make_problem<1>(text));
    const auto& formula = find_formula(formulas, "sequential paths");
    if (n == 1) {
      check_objection(formulas, "sequential paths", "only one valley");
      continue;
    }
    BOOST_TEST(formula.applicable, formula.reason);
    const double expected = std::log(4 * std::pow(std::sin(M_PI / (4 * n + 2)), 2)) + log_step(0.2);
    // Newton's iteration finds the points to rounding; exponents of 10 round to 1e-14.
    BOOST_TEST(std::fabs(formula.log_rate - expected) <= 1e-12);
    BOOST_TEST(!find_formula(formulas, "Eyring-Kramers").applicable);
  }
}

// Out of the same valley through a saddle on one side and an exit point of the same height on the
// other: x^4/4 - x^2/2 has L = 0 at 0 and at -2^(1/2), with the slope 2^(1/2)/1.
BOOST_AUTO_TEST_CASE(ways_of_two_kinds) {
  const auto formulas = formulas_of(
    make_problem<1>(Case{ "x^4/4 - x^2/2", "0.02", "-1.414213562373095", "0.8", "x- x+" }));
  check_objection(formulas, "Kramers", "another kind");
  check_objection(formulas, "boundary exit", "another kind");
  const double saddle = std::sqrt(2.) / (2 * M_PI);
  const double exit = std::sqrt(2.) * std::sqrt(2 / 0.02) / std::sqrt(2 * M_PI);
  const auto& formula = find_formula(formulas, "parallel paths");
  BOOST_TEST(formula.applicable, formula.reason);
  BOOST_TEST(std::fabs(formula.log_rate - std::log(saddle + exit) + 0.25 / 0.02) <= 1e-12);
  check_objection(formulas_of(make_problem<1>(Case{ "x^4/4 - x^2/2", "0.02", "-3", "0.8", "x+" })),
                  "parallel paths", "only one way");
}

// sqrt(det H_2/det H_1) exp((L_2 - L_1)/D): minima at 0 and 1 of L = -cos(2 pi x) + c x change
// little; of the 2-D double well with y^2 (1 + x/2): det H = 2 * 2 (1 -+ 1/2).
BOOST_AUTO_TEST_CASE(occupation_of_valleys) {
  const Explored<2> explored(
    { "x^4/4 - x^2/2 + y^2*(1 + x/2)", "0.02", "-2, -1.5", "2, 1.5", "x+" });
  const auto& points = explored.landscape.critical_points;
  std::vector<CriticalPoint<2>> minima(2);
  for (const auto& point : points)
    if (point.kind == CriticalPoint<2>::Kind::minimum) minima[point.position[0] > 0] = point;
  BOOST_TEST(std::fabs(log_occupation_ratio(minima[0], minima[1]) - 0.5 * std::log(3.)) <= 1e-12);
  const auto occupations = log_occupations(explored.landscape);
  BOOST_TEST_REQUIRE(occupations.size() == 2);
  BOOST_TEST(std::fabs(std::exp(occupations[0]) + std::exp(occupations[1]) - 1) <= 1e-14);
  const double left =
    occupations[explored.landscape.wells[0][0] < 0 ? 0 : 1]; // sqrt(3)/(1 + sqrt(3))
  BOOST_TEST(std::fabs(std::exp(left) - std::sqrt(3.) / (1 + std::sqrt(3.))) <= 1e-12);
  // Detailed balance: P_1 k_12 = P_2 k_21, that is P_v ~ tau_v.
  const auto rates = log_rates_between_valleys(explored.setting);
  BOOST_TEST(std::fabs(occupations[0] + rates[1][0] - occupations[1] - rates[0][1]) <= 1e-12);
  BOOST_TEST(std::isfinite(rates[1][0]));
}

BOOST_AUTO_TEST_CASE(occupation_at_different_depth) {
  const Explored<1> explored({ "-cos(2*Pi*x) + 0.3*x", "0.1", "-0.4", "1.9", "x+" });
  BOOST_TEST_REQUIRE(explored.landscape.wells.size() == 2);
  const auto occupations = log_occupations(explored.landscape);
  const bool first_left = explored.landscape.wells[0][0] < 0.5;
  const double ratio = (first_left ? 1 : -1) * (occupations[0] - occupations[1]);
  BOOST_TEST(std::fabs(ratio - 0.3 / 0.1) <= 1e-12); // a shift by one period changes L by 0.3
}

BOOST_AUTO_TEST_SUITE_END()
