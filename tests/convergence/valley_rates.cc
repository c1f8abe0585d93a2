// Rates between valleys, occupations and metastable eigenvalues against independent references.
#include "solver/analyses/solve.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

/// Rows of the table that belong to one problem.
using Rows = std::vector<std::map<std::string, std::string>>;

/// The problems of tests/data/valley_rates.csv that have an absorbing side.
std::map<std::string, Rows> read_problems() {
  std::map<std::string, Rows> problems;
  for (const auto& row : read_table("valley_rates.csv"))
    if (row.at("settings").find("Absorbing=none") == std::string::npos)
      problems[row.at("settings")].push_back(row);
  return problems;
}

/// The valley whose minimum is at the place that is written as "x" or "x, y".
template <int dim>
std::size_t valley_at(const std::string& place, const ValleyRates<dim>& valleys) {
  std::istringstream stream(place);
  dealii::Point<dim> point;
  for (int i = 0; i < dim; ++i) {
    stream >> point[i];
    stream.ignore(1, ',');
  }
  std::size_t nearest = 0;
  for (std::size_t m = 1; m < valleys.minima.size(); ++m)
    if (valleys.minima[m].distance(point) < valleys.minima[nearest].distance(point)) nearest = m;
  BOOST_TEST_REQUIRE(valleys.minima[nearest].distance(point) < 0.1);
  return nearest;
}

/// Each row of rates adds up to what leaves the valley, and pairs of valleys that exchange flux
/// directly are in balance.
template <int dim>
void check_conservation(const ValleyRates<dim>& valleys) {
  const std::size_t n = valleys.minima.size();
  const auto share = [&](const std::size_t from, const double log_rate) {
    return std::isnan(log_rate) ? 0 : std::exp(log_rate - valleys.log_leaving_rates[from]);
  };
  BOOST_TEST_REQUIRE(valleys.occupation.size() == n);
  for (std::size_t m = 0; m < n; ++m) {
    double sum = share(m, valleys.log_total_exit_rates[m]);
    for (std::size_t l = 0; l < n; ++l)
      if (l != m) sum += share(m, valleys.log_rates[m][l]);
    BOOST_TEST(std::fabs(sum - 1) <= 1e-8);
    double by_side = 0;
    for (const double log_rate : valleys.log_exit_rates[m])
      by_side += share(m, log_rate);
    BOOST_TEST(std::fabs(by_side - share(m, valleys.log_total_exit_rates[m])) <= 1e-12);
    for (std::size_t l = 0; l < m; ++l) {
      if (share(m, valleys.log_rates[m][l]) < 1e-6 || share(l, valleys.log_rates[l][m]) < 1e-6)
        continue; // no direct way: what is left is the error of the discretisation
      const double log_ratio = std::log(valleys.occupation[m]) + valleys.log_rates[m][l] -
                               std::log(valleys.occupation[l]) - valleys.log_rates[l][m];
      BOOST_TEST(std::fabs(log_ratio) <= 1e-8);
    }
  }
}

/// Rates and shares are defined up to the share of probability between the valleys, that is up to
/// exp(-barrier/D) for the lowest barrier between two of them: see tests/data/valley_rates.py.
template <int dim>
void check_problem(const Rows& rows, const fokker_planck::Settings& settings) {
  const auto problem = make_problem<dim>(testing::Settings{ rows[0].at("settings") });
  const auto solution = solve(problem, settings, MPI_COMM_SELF);
  const ValleyRates<dim>& valleys = solution.adaptive.valleys;
  BOOST_TEST(solution.adaptive.converged);
  check_conservation(valleys);
  const double allowed = 10 * settings.tolerance + 3 * valleys.errors.largest();
  double fastest = 0; // rate, in units of the curvatures around minima, of about 10 to 100
  for (const double log_rate : valleys.log_leaving_rates)
    fastest = std::max(fastest, std::exp(log_rate));
  std::size_t mode = 0;
  for (const auto& row : rows) {
    const double expected = std::stod(row.at("log_value"));
    if (row.at("quantity") == "eigenvalue") {
      const auto computed = valleys.log_eigenvalues.at(mode);
      const double truncation = valleys.truncation_errors.at(mode++);
      log_comparison(row.at("case") + ", eigenvalue " + std::to_string(mode), computed.real(),
                     expected);
      BOOST_TEST(computed.imag() == 0);
      BOOST_TEST(relative_error(computed.real(), expected) <= allowed + 2 * truncation);
      continue;
    }
    const std::size_t from = valley_at(row.at("from"), valleys);
    double computed;
    if (row.at("quantity") == "occupation")
      computed = std::log(valleys.occupation[from]);
    else if (row.at("to") == "x+")
      computed = valleys.log_total_exit_rates[from];
    else
      computed = valleys.log_rates[from][valley_at(row.at("to"), valleys)];
    log_comparison(row.at("case") + ", " + row.at("quantity") + " " + row.at("from") + " " +
                     row.at("to"),
                   computed, expected);
    BOOST_TEST(relative_error(computed, expected) <= allowed + fastest);
  }
  BOOST_TEST(mode == valleys.log_eigenvalues.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(valley_rates)

// Three valleys on a line at barrier/D = 10, 50 and 200, with two exits.
BOOST_AUTO_TEST_CASE(on_a_line) {
  fokker_planck::Settings settings;
  settings.tolerance = 1e-9;
  settings.degree = 8;
  settings.valley_rates = true;
  unsigned int n = 0;
  for (const auto& [text, rows] : read_problems())
    if (text.find("Dimension=1") != std::string::npos)
      BOOST_TEST_CONTEXT(text) {
        check_problem<1>(rows, settings);
        ++n;
      }
  BOOST_TEST(n == 6);
}

// Three valleys on a ring at barrier/D = 10 and 25, on equal cells.
BOOST_AUTO_TEST_CASE(on_a_ring) {
  fokker_planck::Settings settings;
  settings.refinement = fokker_planck::Settings::Refinement::uniform;
  settings.cells = { 20 };
  settings.degree = 8;
  settings.tolerance = 1e-9;
  unsigned int n = 0;
  for (const auto& [text, rows] : read_problems())
    if (rows[0].at("case") == "ring_exit" && rows.size() == 3 &&
        text.find("Diffusion=0.02") == std::string::npos)
      BOOST_TEST_CONTEXT(text) {
        check_problem<2>(rows, settings);
        ++n;
      }
  BOOST_TEST(n == 2);
}

BOOST_AUTO_TEST_SUITE_END()
