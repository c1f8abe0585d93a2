// Adaptive solutions of every problem with an exact rate: is the error what the estimate says?
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

constexpr double tolerances[] = { 1e-3, 1e-5, 1e-7 };

/// What the references of tests/data leave of an estimate.
struct Statistics {
  unsigned int n = 0, n_far = 0;

  void check() const {
    BOOST_TEST_MESSAGE(n_far << " of " << n << " estimates are more than 100 times the error");
    BOOST_TEST(10 * n_far <= n);
  }
};

/// Solves for each tolerance and compares. precision: relative accuracy of the reference and of
/// what rounding lets a solution attain.
template <int dim>
void check(const std::string& name, const Problem<dim>& problem, const double expected,
           const double precision, Statistics& statistics) {
  for (const double tolerance : tolerances) {
    if (tolerance <= precision) continue;
    AdaptiveSolution<dim> result;
    try {
      result = solve_to(problem, tolerance);
    } catch (const std::exception& error) {
      BOOST_TEST(false, name << ": " << error.what());
      continue;
    }
    const double error = relative_error(result.solution.log_rate, expected);
    const auto& last = result.levels.back();
    BOOST_TEST_MESSAGE(std::setprecision(3)
                       << std::setw(6) << tolerance << std::setw(10) << error << std::setw(10)
                       << result.relative_error << std::setw(10) << result.relative_error / error
                       << std::setw(8) << last.n_unknowns << std::setw(4) << result.levels.size()
                       << std::setw(7) << last.seconds << "  " << name);
    BOOST_TEST(result.converged, name);
    BOOST_TEST(error <= tolerance + precision, name << ": " << error << " > " << tolerance);
    BOOST_TEST(error <= 3 * result.relative_error + precision,
               name << ": " << error << " > 3 * " << result.relative_error);
    ++statistics.n;
    if (result.relative_error > 100 * (error + precision)) ++statistics.n_far;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(tolerances_reached)

// In all problems together nine of ten estimates are at most 100 times the error.
Statistics statistics;

BOOST_AUTO_TEST_CASE(one_dimension) {
  for (const auto& row : read_table("escape_rates_1d.csv")) {
    const Case text{ row.at("expression"), row.at("diffusion"), row.at("lower"), row.at("upper"),
                     row.at("absorbing") };
    check(row.at("case") + " D = " + text.diffusion, make_problem<1>(text),
          std::stod(row.at("log_rate")), 1e-9, statistics);
  }
  for (const char* table : { "escape_rates_radial.csv", "escape_rates_noise_1d.csv" })
    for (const auto& row : read_table(table))
      check(row.at("settings"), make_problem<1>(Settings{ row.at("settings") }),
            std::stod(row.at("log_rate")), 1e-9, statistics);
}

BOOST_AUTO_TEST_CASE(two_dimensions) {
  const std::string st = "0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)";
  for (const auto& row : read_table("escape_rates_1d.csv")) {
    const double log_rate = std::stod(row.at("log_rate"));
    const std::string diffusion = row.at("diffusion");
    if (row.at("case") == "double_well_to_minimum" && row.at("lower") == "-2.5")
      check("double well 2-D, D = " + diffusion,
            make_problem<2>(Case{ "x^4/4 - x^2/2 + y^2", diffusion, "-2.5, -2.5", "1, 2.5", "x+" }),
            log_rate, 1e-9, statistics);
    if (row.at("case") == "styblinski_tang")
      check("Styblinski-Tang 2-D, D = " + diffusion,
            make_problem<2>(Case{ st, diffusion, row.at("lower") + "," + row.at("lower"),
                                  row.at("upper") + "," + row.at("upper"), "x+ y+" }),
            log_rate + std::log(2.), 1e-9, statistics);
  }
  for (const auto& row : read_table("escape_rates_tensor.csv"))
    check("tensor D = " + row.at("diffusion"),
          make_problem<2>(Case{ row.at("expression"), row.at("diffusion"), row.at("lower"),
                                row.at("upper"), row.at("absorbing") }),
          std::stod(row.at("log_rate")), 1e-9, statistics);
  for (const auto& row : read_table("escape_rates_irreversible.csv")) {
    const double log_rate = std::stod(row.at("log_rate"));
    // Digits of the references, see irreversible.cc.
    check(row.at("settings"), make_problem<2>(Settings{ row.at("settings") }), log_rate,
          log_rate > -40 ? 1e-8 : 1e-7, statistics);
  }
  statistics.check();
}

BOOST_AUTO_TEST_SUITE_END()
