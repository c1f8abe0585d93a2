// Escape rates against exact references.
//
// One dimension: tests/data/escape_rates_1d.csv (shooting in high precision and an integral
// operator). Separable losses in d dimensions: sums of one-dimensional rates. Brownian motion:
// eigenvalues of the Laplacian. Tensor diffusion: tests/data/escape_rates_tensor.csv (two spectral
// methods).
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck::testing;

namespace {

/// log of the one-dimensional rate in the table.
double reference(const std::string& name, const std::string& diffusion) {
  for (const auto& row : read_table("escape_rates_1d.csv"))
    if (row.at("case") == name && row.at("diffusion") == diffusion)
      return std::stod(row.at("log_rate"));
  throw std::out_of_range(name + " " + diffusion);
}

const std::string well_2d = "x^4/4 - x^2/2 + y^2";

Case styblinski_tang(const int dim, const std::string& diffusion) {
  Case problem{ "0.5*(x^4 - 16*x^2 + 5*x)", diffusion, "-5", "0.156731", "x+" };
  for (const std::string q : { "y", "z" }) {
    if (q == "y" ? dim < 2 : dim < 3) break;
    problem.expression += " + 0.5*(" + q + "^4 - 16*" + q + "^2 + 5*" + q + ")";
    problem.lower += ", -5";
    problem.upper += ", 0.156731";
    problem.absorbing += " " + q + "+";
  }
  return problem;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exact_rates)

// Every row of the table, with at most 2000 unknowns where the walls are not much steeper than the
// way out. The input in double precision alone shifts a rate by 1e-16 |log rate| relative.
BOOST_AUTO_TEST_CASE(one_dimension) {
  for (const auto& row : read_table("escape_rates_1d.csv")) {
    const Case problem{ row.at("expression"), row.at("diffusion"), row.at("lower"), row.at("upper"),
                        row.at("absorbing") };
    const std::string name = row.at("case");
    const bool steep = name.find("three_wells") == 0 || name == "double_well_both_valleys";
    const auto solution = solve<1>(problem, { steep ? 3000U : 240U }, 8);
    const double expected = std::stod(row.at("log_rate"));
    log_comparison(name + " D = " + problem.diffusion, solution.log_rate, expected);
    BOOST_TEST((steep || solution.n_dofs <= 2000));
    // Rounding grows with the square of the number of unknowns, to 6e-8 for the 24000 of steep
    // walls.
    const double tolerance = steep ? 4e-7 : 1e-9;
    const double probability = std::stod(row.at("exit_probability_upper"));
    BOOST_TEST(relative_error(solution.log_rate, expected) <= tolerance);
    BOOST_TEST(std::fabs(solution.exit_probability[1] - probability) <= tolerance);
    BOOST_TEST(solution.smallest_u >= 0);
    BOOST_TEST(solution.negative_part <= 1e-6);
    BOOST_TEST(solution.flux_discrepancy <= tolerance);
  }
}

BOOST_AUTO_TEST_CASE(styblinski_tang_2d) {
  struct {
    const char* diffusion;
    unsigned int cells;
    double tolerance;
  } const rows[] = {
    { "10", 12, 1e-8 }, { "5", 12, 1e-8 }, { "2", 16, 1e-8 }, { "1", 24, 1e-8 }, { "0.1", 36, 1e-6 }
  };
  for (const auto& row : rows) {
    const auto solution = solve<2>(styblinski_tang(2, row.diffusion), { row.cells }, 7);
    const double expected = std::log(2.) + reference("styblinski_tang", row.diffusion);
    log_comparison(std::string("D = ") + row.diffusion, solution.log_rate, expected);
    BOOST_TEST(relative_error(solution.log_rate, expected) <= row.tolerance);
    for (const unsigned int side : { 1, 3 })
      BOOST_TEST(std::fabs(solution.exit_probability[side] - 0.5) <= 1e-9);
    BOOST_TEST(solution.smallest_u >= 0);
    BOOST_TEST(solution.negative_part <= 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(styblinski_tang_3d) {
  for (const std::string diffusion : { "10", "5" }) {
    const auto solution = solve<3>(styblinski_tang(3, diffusion), { 9 }, 4);
    const double expected = std::log(3.) + reference("styblinski_tang", diffusion);
    log_comparison("D = " + diffusion, solution.log_rate, expected);
    BOOST_TEST(relative_error(solution.log_rate, expected) <= 1e-6);
    for (const unsigned int side : { 1, 3, 5 })
      BOOST_TEST(std::fabs(solution.exit_probability[side] - 1. / 3) <= 1e-9);
  }
}

// The absorbing side at the bottom of the other valley: beyond the saddle u is as small as
// exp(-125).
BOOST_AUTO_TEST_CASE(wall_in_the_other_valley) {
  struct {
    const char* diffusion;
    std::vector<unsigned int> cells;
  } const rows[] = { { "0.1", { 12, 8 } },
                     { "0.05", { 12, 8 } },
                     { "0.02", { 16, 12 } },
                     { "0.005", { 32, 32 } },
                     { "0.002", { 56, 56 } } };
  for (const auto& row : rows) {
    const auto solution =
      solve<2>({ well_2d, row.diffusion, "-2.5, -2.5", "1, 2.5", "x+" }, row.cells, 8);
    const double expected = reference("double_well_to_minimum", row.diffusion);
    log_comparison(std::string("D = ") + row.diffusion, solution.log_rate, expected);
    BOOST_TEST(relative_error(solution.log_rate, expected) <= 1e-8);
    BOOST_TEST(solution.flux_discrepancy <= 1e-8);
    BOOST_TEST(solution.smallest_u >= 0);
    BOOST_TEST(solution.negative_part <= 1e-6);
  }
}

// L = 0: gamma = D pi^2 sum 1/l_i^2 over opposite absorbing sides, 1/(4 l^2) for a single one.
BOOST_AUTO_TEST_CASE(brownian_motion) {
  const double pi2 = M_PI * M_PI;
  const auto check = [](const Solution& solution, const double expected, const std::string& what) {
    log_comparison(what, solution.log_rate, std::log(expected));
    BOOST_TEST(relative_error(solution.log_rate, std::log(expected)) <= 1e-10);
    for (const auto& formula : solution.formulas) {
      BOOST_TEST(!formula.reason.empty());
      if (!formula.applicable) continue;
      BOOST_TEST(formula.name == "exact 1-D integral"); // no barrier, no theory
      BOOST_TEST(relative_error(formula.log_rate, std::log(expected)) <= 1e-10);
    }
  };
  check(solve<1>({ "0", "0.7", "-1", "1", "all" }, { 8 }, 8), 0.7 * pi2 / 4, "interval, both ends");
  check(solve<1>({ "0", "0.7", "0", "3", "x-" }, { 8 }, 8), 0.7 * pi2 / 36, "interval, one end");
  check(solve<2>({ "0", "2", "0, 0", "1, 2", "all" }, { 5 }, 8), 2 * pi2 * (1 + 0.25),
        "rectangle, all sides");
  check(solve<2>({ "0", "2", "0, 0", "1, 2", "x+ y- y+" }, { 5 }, 8), 2 * pi2 * (0.25 + 0.25),
        "rectangle, three sides");
  check(solve<3>({ "0", "1", "0, 0, 0", "1, 2, 1", "x- x+ z+" }, { 3 }, 7), pi2 * (1 + 0.25),
        "box, three sides");
}

// dX = -X dt + sqrt(2) dW absorbed at a = 1 or 2: gamma is the smallest zero of the parabolic
// cylinder function D_gamma(-a) (mpmath.pcfd; OEIS A249417, A249445). The domain reaches
// far up the other side: what lies above the cut-off must not hold the process back.
BOOST_AUTO_TEST_CASE(far_walls) {
  for (const auto& [wall, log_expected] : { std::pair("1", std::log(0.38823829470678552935)),
                                            std::pair("2", std::log(0.09727459585884345198)) })
    for (const char* lower : { "-12", "-60" }) {
      const auto solution = solve<1>({ "x^2/2", "1", lower, wall, "x+" }, { 120 }, 8);
      log_comparison(std::string("wall at ") + wall, solution.log_rate, log_expected);
      BOOST_TEST(relative_error(solution.log_rate, log_expected) <= 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(tensor_diffusion) {
  for (const auto& row : read_table("escape_rates_tensor.csv")) {
    const auto solution = solve<2>({ row.at("expression"), row.at("diffusion"), row.at("lower"),
                                     row.at("upper"), row.at("absorbing") },
                                   { 16 }, 8);
    const double expected = std::stod(row.at("log_rate"));
    log_comparison("D = " + row.at("diffusion"), solution.log_rate, expected);
    BOOST_TEST(relative_error(solution.log_rate, expected) <= 1e-9);
    BOOST_TEST(solution.detailed_balance == (row.at("diffusion").find("0.1, 0;") == 0));
  }
}

// A tensor D along the axes of a separable loss keeps detailed balance; each factor has its own D.
BOOST_AUTO_TEST_CASE(tensor_with_detailed_balance) {
  const double expected = reference("double_well_to_minimum", "0.05");
  const auto solution =
    solve<2>({ well_2d, "0.05, 0; 0, 0.2", "-2.5, -2.5", "1, 2.5", "x+" }, { 16 }, 8);
  log_comparison("diagonal", solution.log_rate, expected);
  BOOST_TEST(solution.detailed_balance);
  BOOST_TEST(relative_error(solution.log_rate, expected) <= 1e-9);
}

BOOST_AUTO_TEST_SUITE_END()
