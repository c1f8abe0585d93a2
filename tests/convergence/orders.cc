// Orders of convergence: the rate converges with order 2k for elements of degree k.
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

template <int dim>
void check_order(const Settings& settings, const double log_expected, const unsigned int degree,
                 const std::vector<unsigned int>& cells) {
  const auto problem = make_problem<dim>(settings);
  double previous = 0, order = 0;
  for (const unsigned int n : cells) {
    const double error =
      relative_error(solve_problem(problem, { n }, degree).log_rate, log_expected);
    if (previous != 0) order = std::log2(previous / error);
    BOOST_TEST_MESSAGE("degree " << degree << ", " << n << " cells: error " << error << ", order "
                                 << order);
    previous = error;
  }
  BOOST_TEST(order > 2. * degree - 0.35);
  BOOST_TEST(order < 2. * degree + 0.7); // better would mean a reference of the same discretisation
}

template <int dim>
void check_order(const Case& problem, const double log_expected, const unsigned int degree,
                 const std::vector<unsigned int>& cells) {
  check_order<dim>(to_settings(problem), log_expected, degree, cells);
}

} // namespace

BOOST_AUTO_TEST_SUITE(orders)

// References: tests/data/escape_rates_1d.csv, double_well at D = 0.1;
// tests/data/escape_rates_tensor.csv.
BOOST_AUTO_TEST_CASE(one_dimension) {
  const Case problem{ "x^4/4 - x^2/2", "0.1", "-3", "0", "x+" };
  const std::vector<std::vector<unsigned int>> cells = {
    { 32, 64, 128 }, { 16, 32, 64 }, { 12, 24, 48 }, { 10, 20, 40 }
  };
  for (unsigned int degree = 1; degree <= 4; ++degree)
    check_order<1>(problem, -3.3948588931507633210, degree, cells[degree - 1]);
}

BOOST_AUTO_TEST_CASE(two_dimensions) {
  const Case problem{ "x^4/4 - x^2/2 + y^2", "0.1", "-2.5, -2.5", "1, 2.5", "x+" };
  const std::vector<std::vector<unsigned int>> cells = {
    { 32, 64 }, { 16, 32 }, { 16, 32 }, { 12, 24 }
  };
  for (unsigned int degree = 1; degree <= 4; ++degree)
    check_order<2>(problem, -4.1440161696594626163, degree, cells[degree - 1]);
}

BOOST_AUTO_TEST_CASE(three_dimensions) {
  // Brownian motion, all sides absorbing: gamma = 3 pi^2.
  const Case problem{ "0", "1", "0, 0, 0", "1, 1, 1", "all" };
  const std::vector<std::vector<unsigned int>> cells = { { 8, 16 }, { 4, 8 }, { 2, 4 } };
  for (unsigned int degree = 1; degree <= 3; ++degree)
    check_order<3>(problem, std::log(3 * M_PI * M_PI), degree, cells[degree - 1]);
}

// Broken detailed balance: the same order through the nonsymmetric path.
BOOST_AUTO_TEST_CASE(without_detailed_balance) {
  const auto row = read_table("escape_rates_tensor.csv").at(0);
  const Case problem{ row.at("expression"), row.at("diffusion"), row.at("lower"), row.at("upper"),
                      row.at("absorbing") };
  const std::vector<std::vector<unsigned int>> cells = { { 32, 64 }, { 20, 40 }, { 16, 32 } };
  for (unsigned int degree = 1; degree <= 3; ++degree)
    check_order<2>(problem, std::stod(row.at("log_rate")), degree, cells[degree - 1]);
}

// A force that is no gradient, and a tensor D that depends on the position under two readings.
BOOST_AUTO_TEST_CASE(irreversible) {
  const std::vector<std::vector<unsigned int>> cells = { { 64, 128 }, { 40, 80 }, { 32, 64 } };
  for (const auto& row : read_table("escape_rates_irreversible.csv")) {
    const double log_expected = std::stod(row.at("log_rate"));
    const std::string name = row.at("case");
    if (log_expected < -11 || (name != "maier_stein" && name != "power_law_2d")) continue;
    BOOST_TEST_MESSAGE(row.at("settings"));
    for (unsigned int degree = 1; degree <= 3; ++degree)
      check_order<2>(Settings{ row.at("settings") }, log_expected, degree, cells[degree - 1]);
  }
}

BOOST_AUTO_TEST_SUITE_END()
