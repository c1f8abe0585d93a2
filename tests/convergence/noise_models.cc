// Escape rates with state-dependent noise and in balls, against exact references:
// tests/data/escape_rates_radial.csv (hypergeometric functions and shooting) and
// tests/data/escape_rates_noise_1d.csv (shooting and an integral operator).
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
