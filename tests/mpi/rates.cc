// The rate must not depend on the number of ranks: every problem is solved on all ranks together
// and, for comparison, by each rank alone.
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

template <int dim>
void compare(const Settings& settings, const std::vector<unsigned int>& cells,
             const unsigned int degree) {
  const auto problem = make_problem<dim>(settings);
  const auto alone = solve_problem(problem, cells, degree, MPI_COMM_SELF);
  const auto together = solve_problem(problem, cells, degree, MPI_COMM_WORLD);
  log_comparison(settings.text, together.log_rate, alone.log_rate);
  BOOST_TEST(together.n_dofs == alone.n_dofs);
  BOOST_TEST(relative_error(together.log_rate, alone.log_rate) <= 1e-10);
  for (std::size_t side = 0; side < alone.exit_probability.size(); ++side)
    BOOST_TEST(std::fabs(together.exit_probability[side] - alone.exit_probability[side]) <= 1e-10);
}

template <int dim>
void compare(const Case& problem, const std::vector<unsigned int>& cells,
             const unsigned int degree) {
  compare<dim>(to_settings(problem), cells, degree);
}

/// Adaptive solutions may differ by their tolerance: rounding may decide whether a cell is divided.
template <int dim>
void compare_adaptive(const Settings& settings, const double tolerance) {
  const auto problem = make_problem<dim>(settings);
  const auto alone = solve_to(problem, tolerance, 4, MPI_COMM_SELF);
  const auto together = solve_to(problem, tolerance, 4, MPI_COMM_WORLD);
  log_comparison(settings.text, together.solution.log_rate, alone.solution.log_rate);
  BOOST_TEST(together.converged);
  BOOST_TEST(together.levels.size() == alone.levels.size());
  BOOST_TEST(relative_error(together.solution.log_rate, alone.solution.log_rate) <= tolerance);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ranks)

BOOST_AUTO_TEST_CASE(one_dimension) {
  compare<1>({ "x^4/4 - x^2/2", "0.02", "-3", "0", "x+" }, { 60 }, 6);
  compare<1>({ "x^4/4 - x^2/2 + 0.05*x", "0.05", "-2.5", "1.9", "x+" }, { 80 }, 6); // two valleys
  compare<1>({ "x^2", "0.5", "-1", "1", "all" }, { 2 }, 4); // fewer cells than ranks
}

BOOST_AUTO_TEST_CASE(two_dimensions) {
  const std::string styblinski_tang = "0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)";
  compare<2>({ styblinski_tang, "2", "-5, -5", "0.156731, 0.156731", "x+ y+" }, { 16 }, 5);
  compare<2>(
    { "x^4/4 - x^2/2 + y^2/2 + 0.3*x*y", "0.06, 0.015; 0.015, 0.04", "-2.2, -2", "0, 2", "x+" },
    { 12 }, 5);
}

BOOST_AUTO_TEST_CASE(three_dimensions) {
  compare<3>({ "(x^2 + 2*y^2 + z^2)/2", "0.2", "-1, -1, -1", "1, 1.5, 1.2", "x+ y- z+" }, { 5 }, 3);
}

BOOST_AUTO_TEST_CASE(state_dependent_noise) {
  compare<1>(Settings{ "Loss/Expression=0.01 + r^2/2|Noise/Type=loss proportional|Noise/Learning "
                       "rate=0.1|Domain/Type=radial|Domain/Radius=1|Domain/Effective dimension=3" },
             { 100 }, 6);
  compare<2>(Settings{ "Loss/Expression=x^4/4 - x^2/2 + y^2/2 + 0.3*x^2*y + 0.1*y^4|Noise/Type="
                       "hessian aligned|Noise/Hessian=absolute|Noise/Floor=0.5|Noise/Learning "
                       "rate=0.1|Domain/Lower=-2, -1.6|Domain/Upper=0.3, 1.2|Domain/Absorbing=x+" },
             { 16 }, 5);
  compare<3>(
    Settings{ "Loss/Expression=0.1 + (x^2 + 2*y^2 + z^2)/2|Force/Expression=-y; x; 0|Noise/"
              "Type=loss proportional|Noise/Learning rate=0.5|Domain/Lower=-1, -1, -1|"
              "Domain/Upper=1, 1, 1|Domain/Absorbing=all" },
    { 6 }, 4);
}

// Hanging nodes, curved cells and graded boxes.
BOOST_AUTO_TEST_CASE(adaptive_refinement) {
  compare_adaptive<1>(
    Settings{ "Loss/Expression=x^4/4 - x^2/2|Noise/Diffusion=0.02|Domain/Lower=-3|"
              "Domain/Upper=0|Domain/Absorbing=x+" },
    1e-7);
  const std::string styblinski_tang = "0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)";
  compare_adaptive<2>(Settings{ "Loss/Expression=" + styblinski_tang +
                                "|Noise/Diffusion=2|Domain/Lower=-5, -5|"
                                "Domain/Upper=0.156731, 0.156731|Domain/Absorbing=x+ y+" },
                      1e-6);
  compare_adaptive<2>(Settings{ "Loss/Expression=(x^2 + y^2)/2|Force/Expression=-5*y; 5*x|"
                                "Noise/Diffusion=0.05|Domain/Type=ball|Domain/Radius=1" },
                      1e-6);
  compare_adaptive<3>(Settings{ "Loss/Expression=(x^2 + 2*y^2 + z^2)/2|Noise/Diffusion=0.2|Domain/"
                                "Lower=-1, -1, -1|Domain/Upper=1, 1.5, 1.2|Domain/Absorbing=x+" },
                      1e-4);
}

BOOST_AUTO_TEST_SUITE_END()
