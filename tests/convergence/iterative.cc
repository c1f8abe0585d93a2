// Iterative solvers must give the answers of the factorisation, for every reference in tests/data
// and where Psi varies by up to a hundred within cells.
#include "problems/base/input_error.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <petscsys.h>

#include <cmath>
#include <map>
#include <string>

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
             const unsigned int degree, const double gauge_scale = 1) {
  BOOST_TEST_CONTEXT(settings.text << ", degree " << degree) {
    const auto problem = make_problem<dim>(settings);
    const auto computed =
      solve_problem(problem, cells, degree, MPI_COMM_SELF, gauge_scale, iterative);
    const auto expected =
      solve_problem(problem, cells, degree, MPI_COMM_SELF, computed.gauge_scale, direct);
    log_comparison(settings.text, computed.log_rate, expected.log_rate);
    BOOST_TEST(relative_error(computed.log_rate, expected.log_rate) <= 1e-9);
    for (std::size_t side = 0; side < expected.exit_probability.size(); ++side)
      BOOST_TEST(std::fabs(computed.exit_probability[side] - expected.exit_probability[side]) <=
                 1e-9);
  }
}

template <int dim>
void compare(const Case& problem, const std::vector<unsigned int>& cells,
             const unsigned int degree) {
  compare<dim>(to_settings(problem), cells, degree);
}

Case case_of(const std::map<std::string, std::string>& row) {
  return { row.at("expression"), row.at("diffusion"), row.at("lower"), row.at("upper"),
           row.at("absorbing") };
}

const std::string styblinski_tang = "0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)";
const std::string double_well = "x^4/4 - x^2/2 + y^2";

} // namespace

BOOST_AUTO_TEST_SUITE(iterative_solvers)

BOOST_AUTO_TEST_CASE(styblinski_tang_2d) {
  for (const char* diffusion : { "5", "2" })
    for (const unsigned int degree : { 1, 2, 4, 6 })
      compare<2>({ styblinski_tang, diffusion, "-5, -5", "0.156731, 0.156731", "x+ y+" },
                 { degree == 1 ? 64U : 32U }, degree);
}

// Also where the wall lies at the bottom of the other valley.
BOOST_AUTO_TEST_CASE(double_well_2d) {
  for (const char* diffusion : { "0.1", "0.02" })
    compare<2>({ double_well, diffusion, "-1.6, -1", "0, 1", "x+" }, { 24 }, 6);
  compare<2>({ double_well, "0.02", "-1.6, -1", "1, 1", "x+" }, { 24 }, 6);
}

BOOST_AUTO_TEST_CASE(several_valleys) {
  compare<1>({ "x^4/4 - x^2/2 + 0.05*x", "0.05", "-2.5", "1.9", "x+" }, { 200 }, 6);
  compare<2>({ double_well + " + 0.05*x", "0.05", "-2, -1.5", "1.7, 1.5", "x+" }, { 28 }, 6);
}

BOOST_AUTO_TEST_CASE(three_dimensions) {
  compare<3>({ "(x^2 + 2*y^2 + z^2)/2", "0.1", "-1, -1, -1", "1, 1, 1", "x+ y- z+" }, { 8 }, 3);
}

// Without a barrier inverse iteration needs many solves.
BOOST_AUTO_TEST_CASE(no_barrier) {
  compare<2>({ "0", "2", "0, 0", "1, 2", "all" }, { 8 }, 4);
}

// u^ then falls by e^38 from the bottom to the exit: the digits of the flux come last.
BOOST_AUTO_TEST_CASE(small_scale_of_the_gauge) {
  compare<2>(Settings{ "Loss/Expression=(x^2 + y^2)/2|Force/Expression=-2*y; 2*x|"
                       "Noise/Diffusion=0.01|Domain/Lower=-1, -1|Domain/Upper=1, 1|"
                       "Domain/Absorbing=all" },
             { 48 }, 4, 0.4);
}

BOOST_AUTO_TEST_CASE(references_1d) {
  for (const auto& row : read_table("escape_rates_1d.csv")) {
    const std::string name = row.at("case");
    const bool steep = name.find("three_wells") == 0 || name == "double_well_both_valleys";
    compare<1>(case_of(row), { steep ? 1000U : 400U }, steep ? 8 : 4);
  }
  for (const std::string table : { "noise_1d", "radial" })
    for (const auto& row : read_table("escape_rates_" + table + ".csv"))
      compare<1>(Settings{ row.at("settings") }, { 200 }, 6);
}

BOOST_AUTO_TEST_CASE(references_tensor) {
  for (const auto& row : read_table("escape_rates_tensor.csv"))
    compare<2>(case_of(row), { 24 }, 6);
}

BOOST_AUTO_TEST_CASE(references_irreversible) {
  for (const auto& row : read_table("escape_rates_irreversible.csv"))
    compare<2>(Settings{ row.at("settings") }, { 48 }, 4);
}

BOOST_AUTO_TEST_CASE(references_data_sets) {
  for (const auto& row : read_table("escape_rates_data_sets.csv"))
    compare<2>(Settings{ with_data(row.at("settings")) }, { 16 }, 4);
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
