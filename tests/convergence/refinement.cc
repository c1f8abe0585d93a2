// Adaptive refinement: what it saves, and estimates at all degrees and in corners.
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

/// Solves to a tolerance; the error must be below it, and below three times the estimate. Returns
/// the number of unknowns.
template <int dim>
unsigned long check(const Problem<dim>& problem, const double log_expected, const double tolerance,
                    const unsigned int degree = 4) {
  const auto result = solve_to(problem, tolerance, degree);
  const double error = relative_error(result.solution.log_rate, log_expected);
  const auto n_unknowns = result.levels.back().n_unknowns;
  BOOST_TEST_MESSAGE("degree " << degree << ", tolerance " << tolerance << ": error " << error
                               << ", estimate " << result.relative_error << ", " << n_unknowns
                               << " unknowns");
  BOOST_TEST(result.converged);
  BOOST_TEST(error <= tolerance);
  BOOST_TEST(error <= 3 * result.relative_error + 1e-12); // rounding
  return n_unknowns;
}

/// The least number of equal cells per direction with an error of at most 1e-6.
template <int dim>
unsigned int n_uniform(const Problem<dim>& problem, const double log_expected,
                       const std::vector<unsigned int>& candidates) {
  for (const unsigned int n_cells : candidates) {
    try {
      const auto solution = solve_problem(problem, { n_cells }, 4);
      if (relative_error(solution.log_rate, log_expected) <= 1e-6) return n_cells;
    } catch (const std::exception&) { // too coarse
    }
  }
  throw std::runtime_error("no mesh is fine enough");
}

} // namespace

BOOST_AUTO_TEST_SUITE(refinement)

// A fifth of the unknowns of equal cells for the same accuracy. The layer at the boundary of the
// disk has the width 0.005.
BOOST_AUTO_TEST_CASE(fewer_unknowns_in_disk) {
  const auto problem =
    make_problem<2>(Settings{ "Dimension=2|Loss/Expression=(x^2 + y^2)/2|Domain/Type=ball|"
                              "Domain/Radius=1|Noise/Diffusion=0.005" });
  const double expected = std::log(7.3649830731150732e-42); // 1F1, see domains.cc
  const auto adaptive = check(problem, expected, 1e-6);
  const auto cells = n_uniform(problem, expected, { 16, 32, 64, 128 });
  const auto uniform = solve_problem(problem, { cells }, 4).n_dofs;
  BOOST_TEST_MESSAGE("disk: " << adaptive << " unknowns, equal cells " << uniform);
  BOOST_TEST(uniform >= 5 * adaptive);
}

// The loss is separable: equal cells have the same relative error in each dimension, (4 n + 1)^d
// unknowns. The first mesh that is accurate enough counts; the estimate wants a finer one.
BOOST_AUTO_TEST_CASE(fewer_unknowns_in_box) {
  const std::string well = "0.5*(x^4 - 16*x^2 + 5*x)";
  const auto in_1d = make_problem<1>(Case{ well, "2", "-5", "0.156731", "x+" });
  const double expected = std::log(2.09018657458489917e-8); // tests/data/escape_rates_1d.csv
  const unsigned int n_cells =
    n_uniform(in_1d, expected, { 10, 11, 12, 13, 14, 15, 16, 18, 20, 24 });
  const auto in_3d = make_problem<3>(
    Settings{ "Dimension=3|Loss/Expression=" + well +
              " + 0.5*(y^4 - 16*y^2 + 5*y) + 0.5*(z^4 - 16*z^2 + 5*z)|Noise/Diffusion=2|"
              "Domain/Lower=-5, -5, -5|Domain/Upper=0.156731, 0.156731, 0.156731|"
              "Domain/Absorbing=x+ y+ z+" });
  const auto result = solve_to(in_3d, 1e-6);
  BOOST_TEST(result.converged);
  for (const auto& level : result.levels) {
    const double error = relative_error(level.log_rate, expected + std::log(3.));
    BOOST_TEST_MESSAGE("box: " << level.n_unknowns << " unknowns, error " << error << ", estimate "
                               << level.relative_error << "; " << n_cells << "^3 equal cells");
    if (!(error <= 1e-6)) continue;
    BOOST_TEST(std::pow(4. * n_cells + 1, 3) >= 5. * level.n_unknowns);
    break;
  }
}

// Brownian motion leaves a rectangle at the rate D pi^2 (1/a^2 + 1/b^2); a well with a layer.
BOOST_AUTO_TEST_CASE(degrees) {
  const auto rectangle = make_problem<2>(Case{ "0", "0.7", "0, 0", "1, 2", "all" });
  const double brownian = std::log(0.7 * M_PI * M_PI * 1.25);
  const auto well = make_problem<1>(Case{ "x^4/4 - x^2/2", "0.02", "-3", "0", "x+" });
  const double kramers = std::log(1.62321508872385379e-6); // tests/data/escape_rates_1d.csv
  for (unsigned int degree = 1; degree <= 8; ++degree) {
    const double tolerance = degree == 1 ? 1e-3 : degree == 2 ? 1e-5 : 1e-7;
    check(rectangle, brownian, tolerance, degree);
    check(well, kramers, tolerance, degree);
  }
}

// The corners of the keyhole have angles of 261 degrees, those of its polygon 175 or so. No exact
// rate is known: degree 8 with a far smaller tolerance serves as reference.
BOOST_AUTO_TEST_CASE(corners) {
  const auto problem = make_problem<2>(
    Settings{ "Dimension=2|Loss/Expression=0|Noise/Diffusion=1|Domain/Type=gmsh|"
              "Domain/Absorbing=2|Domain/Mesh=" FOKKER_PLANCK_SOURCE_DIR "/problems/keyhole.msh" });
  const double reference = solve_to(problem, 3e-8, 8).solution.log_rate;
  check(problem, reference, 1e-3, 1);
  for (const unsigned int degree : { 2U, 3U, 4U, 6U })
    for (const double tolerance : { 1e-4, 1e-6 })
      check(problem, reference, tolerance, degree);
}

BOOST_AUTO_TEST_SUITE_END()
