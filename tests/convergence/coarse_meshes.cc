// A mesh too coarse to carry the result is refused; no accepted rate is far off.
#include "tests/solve.h"

#include "problems/base/input_error.h"

#include <boost/test/unit_test.hpp>

using namespace fokker_planck::testing;

namespace {

/// Solves on all meshes; counts refusals and checks what is accepted.
template <int dim>
void check(const Case& problem, const double log_expected, const std::vector<unsigned int>& cells,
           const std::vector<unsigned int>& degrees) {
  unsigned int n_accepted = 0, n_refused = 0;
  for (const unsigned int n : cells)
    for (const unsigned int degree : degrees) {
      try {
        const double log_rate = solve<dim>(problem, { n }, degree).log_rate;
        ++n_accepted;
        // The limits of the checks allow up to a third, see solver/analyses/quasi_stationary.cc.
        BOOST_TEST(relative_error(log_rate, log_expected) < 0.35,
                   n << " cells of degree " << degree << " were accepted with log rate " << log_rate
                     << " instead of " << log_expected);
      } catch (const fokker_planck::NotConverged&) {
        ++n_refused;
      }
    }
  BOOST_TEST_MESSAGE("D = " << problem.diffusion << ": " << n_accepted << " accepted, " << n_refused
                            << " refused");
  BOOST_TEST(n_accepted > 0U);
  BOOST_TEST(n_refused > 0U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(coarse_meshes)

// Expected rates: tests/data/escape_rates_1d.csv and escape_rates_tensor.csv.
BOOST_AUTO_TEST_CASE(one_dimension) {
  const std::vector<unsigned int> cells = { 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 24, 32, 48 },
                                  degrees = { 1, 2, 3, 4, 6, 8 };
  const std::string well = "x^4/4 - x^2/2";
  check<1>({ well, "0.1", "-3", "0", "x+" }, -3.3948588931507633210, cells, degrees);
  check<1>({ well, "0.02", "-3", "0", "x+" }, -13.331101752812748280, cells, degrees);
  check<1>({ well, "0.002", "-3", "0", "x+" }, -125.80118070169605960, cells, degrees);
  check<1>({ well, "0.02", "-2.5", "1", "x+" }, -14.024253967974037915, cells, degrees);
  check<1>({ well, "0.002", "-2.5", "1", "x+" }, -126.49432788225600491, cells, degrees);
  check<1>({ well, "0.0025", "-3", "-0.4", "x+" }, -69.218336244124882614, cells, degrees);
}

BOOST_AUTO_TEST_CASE(two_dimensions) {
  const std::vector<unsigned int> cells = { 1, 2, 3, 4, 6, 8, 12, 16 }, degrees = { 1, 2, 3, 4, 6 };
  const std::string well = "x^4/4 - x^2/2 + y^2";
  check<2>({ well, "0.02", "-2.5, -2.5", "1, 2.5", "x+" }, -14.024253967974037915, cells, degrees);
  check<2>(
    { "x^4/4 - x^2/2 + y^2/2 + 0.3*x*y", "0.06, 0.015; 0.015, 0.04", "-2.2, -2", "0, 2", "x+" },
    -6.2674709863070514, cells, degrees);
}

BOOST_AUTO_TEST_SUITE_END()
