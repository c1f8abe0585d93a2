// Problems without detailed balance: references of tests/data/escape_rates_irreversible.csv
// (Galerkin and collocation with global polynomials), independence of the gauge.
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

struct Mesh {
  unsigned int cells, degree;
};

/// Meshes that resolve the exit layers, which are thinner for lower rates.
Mesh mesh_for(const double log_rate) {
  return log_rate > -20   ? Mesh{ 32, 6 }
         : log_rate > -40 ? Mesh{ 40, 7 }
         : log_rate > -50 ? Mesh{ 48, 8 }
                          : Mesh{ 64, 7 };
}

} // namespace

BOOST_AUTO_TEST_SUITE(irreversible)

// 24 rows; omega = 0 of ou_rotation is the one problem with detailed balance. The references have 7
// digits in the last row of hessian_aligned_2d and 8 or more in the others. For most of them also
// with Psi multiplied by 0.8 and 1.2: u then varies by e^11 in the valley at the lowest rates.
BOOST_AUTO_TEST_CASE(references) {
  for (const auto& row : read_table("escape_rates_irreversible.csv")) {
    const std::string settings = row.at("settings");
    const double expected = std::stod(row.at("log_rate"));
    const auto mesh = mesh_for(expected);
    const auto problem = make_problem<2>(Settings{ settings });
    const auto solution = solve_problem(problem, { mesh.cells }, mesh.degree);
    log_comparison(settings, solution.log_rate, expected);
    BOOST_TEST_CONTEXT(settings) {
      BOOST_TEST(relative_error(solution.log_rate, expected) <= (expected > -40 ? 5e-8 : 3e-7));
      BOOST_TEST(solution.detailed_balance == (row.at("case") == "ou_rotation" && !problem.force));
      BOOST_TEST(solution.flux_discrepancy <= 1e-10);
    }
    if (settings.find("anti-ito") != std::string::npos ||
        (row.at("case") == "ou_rotation" && settings.find("=-2*y") == std::string::npos))
      continue;
    for (const double scale : { 0.8, 1.2 }) {
      const auto scaled = solve_problem(problem, { mesh.cells }, mesh.degree, MPI_COMM_SELF, scale);
      log_comparison(settings + ", scale " + std::to_string(scale), scaled.log_rate,
                     solution.log_rate);
      BOOST_TEST(relative_error(scaled.log_rate, solution.log_rate) <= 1e-6);
    }
  }
}

// The scales for problems with detailed balance, whose form is symmetric only at scale 1.
BOOST_AUTO_TEST_CASE(scaled_exact_gauge) {
  const auto check = [](const auto& problem, const std::vector<unsigned int>& cells,
                        const unsigned int degree) {
    const auto exact = solve_problem(problem, cells, degree);
    for (const double scale : { 0.8, 1.2 }) {
      const auto scaled = solve_problem(problem, cells, degree, MPI_COMM_SELF, scale);
      log_comparison("scale " + std::to_string(scale), scaled.log_rate, exact.log_rate);
      BOOST_TEST(scaled.detailed_balance);
      BOOST_TEST(relative_error(scaled.log_rate, exact.log_rate) <= 1e-7);
    }
  };
  const Case well{ "x^4/4 - x^2/2", "0.002", "-2", "0", "x+" }; // barrier 125
  check(make_problem<1>(well), { 200 }, 6);
  const Case wells{ "x^4/4 - x^2/2 + y^2", "0.02", "-2, -1.5", "1, 1.5", "x+" };
  check(make_problem<2>(wells), { 32 }, 7);
  check(make_problem<1>(Settings{ "Loss/Expression=0.01 + r^2/2|Noise/Type=loss proportional|"
                                  "Noise/Learning rate=0.1|Domain/Type=radial|Domain/Radius=1|"
                                  "Domain/Effective dimension=3" }),
        { 200 }, 6);
}

BOOST_AUTO_TEST_SUITE_END()
