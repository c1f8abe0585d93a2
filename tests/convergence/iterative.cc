// Iterative solvers must give the answers of the factorisation, for every reference in tests/data
// (but those of data sets) and where Psi varies by up to a hundred within cells.
#include "problems/input_error.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <petscsys.h>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

SolverOptions options(const SolverOptions::Method method) {
  SolverOptions result;
  result.method = method;
  return result;
}

const SolverOptions direct = options(SolverOptions::Method::direct);
const SolverOptions iterative = options(SolverOptions::Method::iterative);

template <int dim>
void compare(const Settings& settings, const std::vector<unsigned int>& cells,
             const unsigned int degree, const double tolerance = 1e-9,
             const double gauge_scale = 1) {
  BOOST_TEST_CONTEXT(settings.text << ", degree " << degree) {
    const auto problem = make_problem<dim>(settings);
    const auto expected = solve_problem(problem, cells, degree, MPI_COMM_SELF, gauge_scale, direct);
    const auto computed =
      solve_problem(problem, cells, degree, MPI_COMM_SELF, gauge_scale, iterative);
    log_comparison(settings.text, computed.log_rate, expected.log_rate);
    BOOST_TEST(relative_error(computed.log_rate, expected.log_rate) <= tolerance);
    for (std::size_t side = 0; side < expected.exit_probability.size(); ++side)
      BOOST_TEST(std::fabs(computed.exit_probability[side] - expected.exit_probability[side]) <=
                 tolerance);
  }
}

template <int dim>
void compare(const Case& problem, const std::vector<unsigned int>& cells,
             const unsigned int degree) {
  compare<dim>(to_settings(problem), cells, degree);
}

const std::string styblinski_tang = "0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)";
const std::string double_well = "x^4/4 - x^2/2 + y^2";

} // namespace

BOOST_AUTO_TEST_SUITE(iterative_solvers)

BOOST_AUTO_TEST_CASE(one_dimension) {
  compare<1>({ "x^4/4 - x^2/2", "0.02", "-3", "0", "x+" }, { 60 }, 6);
  compare<1>({ "x^4/4 - x^2/2", "0.002", "-3", "0", "x+" }, { 160 }, 6);
}

BOOST_AUTO_TEST_CASE(styblinski_tang_2d) {
  for (const char* diffusion : { "5", "2" })
    for (const unsigned int degree : { 1, 2, 4, 6 })
      compare<2>({ styblinski_tang, diffusion, "-5, -5", "0.156731, 0.156731", "x+ y+" },
                 { degree == 1 ? 64U : 32U }, degree);
}

// Also where the wall lies at the bottom of the other valley.
BOOST_AUTO_TEST_CASE(double_well_2d) {
  for (const char* diffusion : { "0.1", "0.02" })
    compare<2>({ double_well, diffusion, "-1.6, -1", "0, 1", "x+" }, { 32 }, 6);
  compare<2>({ double_well, "0.02", "-1.6, -1", "1, 1", "x+" }, { 32 }, 6);
}

BOOST_AUTO_TEST_CASE(several_valleys) {
  compare<1>({ "x^4/4 - x^2/2 + 0.05*x", "0.05", "-2.5", "1.9", "x+" }, { 200 }, 6);
  compare<2>({ double_well + " + 0.05*x", "0.05", "-2, -1.5", "1.7, 1.5", "x+" }, { 40 }, 6);
}

BOOST_AUTO_TEST_CASE(three_dimensions) {
  compare<3>({ "(x^2 + 2*y^2 + z^2)/2", "0.1", "-1, -1, -1", "1, 1, 1", "x+ y- z+" }, { 8 }, 3);
}

// Without a barrier inverse iteration needs many solves.
BOOST_AUTO_TEST_CASE(no_barrier) {
  compare<2>({ "0", "2", "0, 0", "1, 2", "all" }, { 8 }, 4);
}

BOOST_AUTO_TEST_CASE(irreversible) {
  for (const std::string diffusion : { "0.2", "0.1" })
    compare<2>(
      Settings{ "Loss/Expression=(x^2 + y^2)/2|Force/Expression=-2*y; 2*x|Noise/Diffusion=" +
                diffusion + "|Domain/Lower=-1, -1|Domain/Upper=1, 1|Domain/Absorbing=all" },
      { 32 }, 4);
}

BOOST_AUTO_TEST_CASE(every_reference) {
  for (const std::string table : { "1d", "tensor" })
    for (const auto& row : read_table("escape_rates_" + table + ".csv")) {
      const Case problem{ row.at("expression"), row.at("diffusion"), row.at("lower"),
                          row.at("upper"), row.at("absorbing") };
      const std::string name = row.at("case");
      const bool steep = name.find("three_wells") == 0 || name == "double_well_both_valleys";
      if (table == "1d") // rounding grows with the square of the number of unknowns
        compare<1>(to_settings(problem), { steep ? 1000U : 400U }, steep ? 8 : 4,
                   steep ? 1e-7 : 1e-9);
      else
        compare<2>(problem, { 40 }, 6);
    }
  for (const std::string table : { "noise_1d", "radial", "irreversible" })
    for (const auto& row : read_table("escape_rates_" + table + ".csv")) {
      const Settings settings{ row.at("settings") };
      if (settings.text.find("Dimension=2") == std::string::npos)
        compare<1>(settings, { 200 }, 6, 2e-9); // rounding of the factorisation
      else { // far above the exit Psi is a poor guess where aligned noise is small
        const bool poor =
          row.at("case") == "hessian_aligned_2d" && std::stod(row.at("log_rate")) < -20;
        compare<2>(settings, { 48 }, 4, 1e-9, poor ? 0.5 : 1);
      }
    }
}

// Coarse cells in which polynomials have next to no energy: weights vary by up to e^100.
BOOST_AUTO_TEST_CASE(steep_cells) {
  for (const char* diffusion : { "2", "0.8", "0.4" })
    compare<2>({ styblinski_tang, diffusion, "-5, -5", "0.156731, 0.156731", "x+ y+" }, { 16 }, 6);
  compare<3>({ styblinski_tang + " + 0.5*(z^4 - 16*z^2 + 5*z)", "0.8", "-5, -5, -5",
               "0.156731, 0.156731, 0.156731", "x+ y+ z+" },
             { 9 }, 4);
  compare<2>({ double_well, "0.005", "-1.6, -1", "0, 1", "x+" }, { 24 }, 4);
}

BOOST_AUTO_TEST_CASE(what_does_not_converge_has_no_answer) {
  const auto problem =
    make_problem<2>({ styblinski_tang, "5", "-5, -5", "0.156731, 0.156731", "x+ y+" });
  PetscOptionsSetValue(nullptr, "-pinned_ksp_max_it", "2");
  BOOST_CHECK_THROW(solve_problem(problem, { 16 }, 4, MPI_COMM_SELF, 1, iterative), NotConverged);
  PetscOptionsClearValue(nullptr, "-pinned_ksp_max_it");
}

BOOST_AUTO_TEST_SUITE_END()
