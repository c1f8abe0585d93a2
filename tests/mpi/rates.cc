// The rate must not depend on the number of ranks: every problem is solved on all ranks together
// and, for comparison, by the first rank alone.
#include "problems/base/one_rank.h"
#include "tests/solve.h"

#include <deal.II/base/mpi.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

/// What has to agree.
struct Numbers {
  double log_rate;
  std::vector<unsigned long> sizes; ///< of the mesh or meshes
  std::vector<double> exit_probability;
};

/// Compares solve(MPI_COMM_WORLD) with what the first rank gets from solve(MPI_COMM_SELF).
void compare(const std::string& what, const std::function<Numbers(MPI_Comm)>& solve) {
  namespace MPI = dealii::Utilities::MPI;
  Numbers alone{};
  on_first_rank(MPI_COMM_WORLD, [&] {
    alone = solve(MPI_COMM_SELF);
    return std::string();
  });
  alone = { MPI::broadcast(MPI_COMM_WORLD, alone.log_rate, 0),
            MPI::broadcast(MPI_COMM_WORLD, alone.sizes, 0),
            MPI::broadcast(MPI_COMM_WORLD, alone.exit_probability, 0) };
  const Numbers together = solve(MPI_COMM_WORLD);
  log_comparison(what, together.log_rate, alone.log_rate);
  BOOST_TEST(together.sizes == alone.sizes, boost::test_tools::per_element());
  BOOST_TEST(relative_error(together.log_rate, alone.log_rate) <= 1e-10);
  for (std::size_t side = 0; side < alone.exit_probability.size(); ++side)
    BOOST_TEST(std::fabs(together.exit_probability[side] - alone.exit_probability[side]) <= 1e-10);
}

template <int dim>
void compare(const Settings& settings, const std::vector<unsigned int>& cells,
             const unsigned int degree) {
  const auto problem = make_problem<dim>(settings);
  compare(settings.text, [&](const MPI_Comm communicator) {
    const auto solution = solve_problem(problem, cells, degree, communicator);
    return Numbers{ solution.log_rate, { solution.n_dofs }, solution.exit_probability };
  });
}

template <int dim>
void compare(const Case& problem, const std::vector<unsigned int>& cells,
             const unsigned int degree) {
  compare<dim>(to_settings(problem), cells, degree);
}

template <int dim>
void compare_adaptive(const Settings& settings, const double tolerance,
                      const unsigned int degree = 4) {
  const auto problem = make_problem<dim>(settings);
  compare(settings.text, [&](const MPI_Comm communicator) {
    const auto result = solve_to(problem, tolerance, degree, communicator);
    BOOST_TEST(result.converged);
    Numbers numbers{ result.solution.log_rate, {}, result.solution.exit_probability };
    for (const auto& level : result.levels)
      numbers.sizes.push_back(level.n_cells);
    return numbers;
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(ranks)

BOOST_AUTO_TEST_CASE(one_dimension) {
  compare<1>({ "x^4/4 - x^2/2", "0.02", "-3", "0", "x+" }, { 60 }, 6);
  compare<1>({ "x^4/4 - x^2/2 + 0.05*x", "0.05", "-2.5", "1.9", "x+" }, { 80 }, 6); // two valleys
  compare<1>({ "x^2", "0.5", "-1", "1", "all" }, { 2 }, 4);
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

BOOST_AUTO_TEST_CASE(fewer_cells_than_ranks) {
  const Case well{ "x^4/4 - x^2/2 + y^2", "0.1", "-2.5, -2.5", "0, 2.5", "x+" };
  compare<2>(well, { 2 }, 8);
  compare<2>(Case{ "x^2 + y^2", "1", "-1, -1", "1, 1", "all" }, { 1 }, 8);
  compare<2>(Case{ "x^2 + y^2", "1", "-1, -1", "1, 1", "x+ y-" }, { 2, 1 }, 6);
  const Case bowl{ "(x^2 + 2*y^2 + z^2)/2", "0.3", "-1, -1, -1", "1, 1.5, 1.2", "x+ y- z+" };
  compare<3>(bowl, { 1 }, 6);
  compare<3>(bowl, { 2, 1, 1 }, 4);
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
  // Symmetric: cells in pairs have the same error.
  compare_adaptive<2>(Settings{ "Loss/Expression=x^4/4 - x^2/2 + y^2|Noise/Diffusion=2|Domain/"
                                "Lower=-2.5, -2.5|Domain/Upper=0, 2.5|Domain/Absorbing=x+" },
                      0.03, 1);
  compare_adaptive<3>(Settings{ "Loss/Expression=(x^2 + 2*y^2 + z^2)/2|Noise/Diffusion=0.2|Domain/"
                                "Lower=-1, -1, -1|Domain/Upper=1, 1.5, 1.2|Domain/Absorbing=x+" },
                      1e-4);
}

BOOST_AUTO_TEST_SUITE_END()
