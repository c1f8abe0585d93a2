// The Markov chain on the wells: relative accuracy at any range of rates, and the slowest mode.
#include "solver/operator/rate_matrix.h"

#include "problems/base/input_error.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <random>

using namespace fokker_planck;

namespace {

using Vector = std::vector<long double>;

/// Solves S t = b by Gaussian elimination with pivoting.
Vector dense_solve(std::vector<Vector> s, Vector b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::fabs(s[i][k]) > std::fabs(s[pivot][k])) pivot = i;
    std::swap(s[k], s[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const long double factor = s[i][k] / s[k][k];
      for (std::size_t j = k; j < n; ++j)
        s[i][j] -= factor * s[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j)
      b[k] -= s[k][j] * b[j];
    b[k] /= s[k][k];
  }
  return b;
}

RateMatrix random_rates(const std::size_t n, std::mt19937& generator) {
  std::uniform_real_distribution<double> uniform(0.1, 1);
  RateMatrix rates;
  rates.rate.assign(n, Vector(n));
  rates.exit.assign(n, 0);
  for (auto& row : rates.rate)
    for (long double& entry : row)
      entry = uniform(generator);
  for (long double& entry : rates.exit)
    entry = uniform(generator);
  return rates;
}

/// The matrix of outgoing and incoming rates, written as in the header.
std::vector<Vector> dense(const RateMatrix& rates) {
  const std::size_t n = rates.exit.size();
  std::vector<Vector> s(n, Vector(n));
  for (std::size_t m = 0; m < n; ++m) {
    s[m][m] = rates.exit[m];
    for (std::size_t l = 0; l < n; ++l)
      if (l != m) {
        s[m][m] += rates.rate[l][m];
        s[m][l] = -rates.rate[m][l];
      }
  }
  return s;
}

/// The chain 0 <-> 1 <-> 2 -> exit with its states stored in the given order.
RateMatrix chain(const std::array<int, 3>& at, const long double r01, const long double r10,
                 const long double r12, const long double r21, const long double exit) {
  RateMatrix rates;
  rates.rate.assign(3, Vector(3, 0.L));
  rates.exit.assign(3, 0.L);
  rates.rate[at[1]][at[0]] = r01;
  rates.rate[at[0]][at[1]] = r10;
  rates.rate[at[2]][at[1]] = r12;
  rates.rate[at[1]][at[2]] = r21;
  rates.exit[at[2]] = exit;
  return rates;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rate_matrix)

BOOST_AUTO_TEST_CASE(moderate_rates) {
  std::mt19937 generator(3);
  for (const std::size_t n : { 1, 2, 3, 5, 8 })
    for (int repetition = 0; repetition < 5; ++repetition) {
      const RateMatrix rates = random_rates(n, generator);
      const Vector b = random_rates(n, generator).exit;
      const Vector t = rates.solve(b), expected = dense_solve(dense(rates), b);
      // Rounding of long double (1e-19) times a condition number below 100, with a margin.
      for (std::size_t m = 0; m < n; ++m)
        BOOST_TEST(std::fabs(t[m] / expected[m] - 1) <= 1e-16L);
    }
}

// The diagonal of rate is not used.
BOOST_AUTO_TEST_CASE(diagonal_is_ignored) {
  std::mt19937 generator(4);
  RateMatrix rates = random_rates(4, generator);
  const Vector before = rates.solve({ 1, 2, 3, 4 });
  for (std::size_t m = 0; m < 4; ++m)
    rates.rate[m][m] = 1e30L;
  BOOST_TEST(rates.solve({ 1, 2, 3, 4 }) == before, boost::test_tools::per_element());
}

// Rates of very different size, stored in any order: the closed form is a sum of positive terms.
BOOST_AUTO_TEST_CASE(graded_rates) {
  const long double tiny = 1e-100L, tinier = 1e-200L;
  const long double sets[][5] = { { 1, tiny, tiny, 1, tinier },
                                  { tiny, 1, tinier, tiny, 1 },
                                  { tinier, 1, tiny, 1, tinier },
                                  { 1, 1, 1, tinier, tiny },
                                  { 0.7L, 0.3L * tiny, 0.9L * tinier, 0.2L, 0.11L * tiny } };
  const std::array<int, 3> orders[] = { { { 0, 1, 2 } }, { { 0, 2, 1 } }, { { 1, 0, 2 } },
                                        { { 1, 2, 0 } }, { { 2, 0, 1 } }, { { 2, 1, 0 } } };
  const Vector right_sides[] = {
    { 1, 0, 0 }, { 0, 1, 0 }, { 0.3L, 0.5L, 0.7L }, { tinier, 1, tiny }
  };
  for (const auto& [r01, r10, r12, r21, exit] : sets)
    for (const auto& at : orders)
      for (const Vector& b : right_sides) {
        const long double t2 = (b[0] + b[1] + b[2]) / exit;    // what enters leaves
        const long double t1 = (b[0] + b[1] + r21 * t2) / r12; // flux from 1 to 2
        const long double t0 = (b[0] + r10 * t1) / r01;        // flux from 0 to 1
        Vector stored(3);
        for (int m = 0; m < 3; ++m)
          stored[at[m]] = b[m];
        const Vector t = chain(at, r01, r10, r12, r21, exit).solve(stored);
        // A dozen operations without cancellation, each rounded by 1e-19.
        BOOST_TEST(std::fabs(t[at[0]] / t0 - 1) <= 1e-15L);
        BOOST_TEST(std::fabs(t[at[1]] / t1 - 1) <= 1e-15L);
        BOOST_TEST(std::fabs(t[at[2]] / t2 - 1) <= 1e-15L);
      }
}

// Two wells: R t = lambda S t with the smaller root lambda of the characteristic polynomial.
BOOST_AUTO_TEST_CASE(slowest_mode) {
  const struct {
    long double r01, r10, exit0, exit1, s00, s11, s01;
  } cases[] = { { 0.3L, 0.2L, 0.05L, 0.7L, 1, 1, 0 },
                { 1e-3L, 0.4L, 1e-5L, 1e-2L, 3, 0.5L, 0 },
                { 0.3L, 0.2L, 0.05L, 0.7L, 1, 2, 0.1L },
                { 1, 1, 0, 1, 1, 1, 0 } };
  for (const auto& c : cases) {
    RateMatrix rates;
    rates.rate = { { 0, c.r10 }, { c.r01, 0 } };
    rates.exit = { c.exit0, c.exit1 };
    // det(R - lambda S) = q2 lambda^2 - q1 lambda + q0
    const long double d0 = c.r01 + c.exit0, d1 = c.r10 + c.exit1;
    const long double q2 = c.s00 * c.s11 - c.s01 * c.s01;
    const long double q1 = d0 * c.s11 + d1 * c.s00 + (c.r10 + c.r01) * c.s01;
    const long double q0 = d0 * d1 - c.r01 * c.r10;
    const long double lambda = 2 * q0 / (q1 + std::sqrt(q1 * q1 - 4 * q2 * q0));
    const long double ratio = (d0 - lambda * c.s00) / (c.r10 + lambda * c.s01);
    const Vector t = rates.slowest_mode({ { c.s00, c.s01 }, { c.s01, c.s11 } });
    BOOST_TEST(t[0] == 1);
    // The closed form cancels at most three digits of long double.
    BOOST_TEST(std::fabs(t[1] / ratio - 1) <= 1e-15L);
  }
  RateMatrix single;
  single.rate = { { 0 } };
  single.exit = { 1e-300L };
  BOOST_TEST(single.slowest_mode({ { 1 } }) == Vector{ 1 }, boost::test_tools::per_element());
}

// High above the noise: well 0 exchanges with well 1 long before anything leaves, so the
// populations are in equilibrium up to the ratio of the rates.
BOOST_AUTO_TEST_CASE(slowest_mode_of_graded_rates) {
  RateMatrix rates;
  rates.rate = { { 0, 1e-50L }, { 1e-60L, 0 } };
  rates.exit = { 0, 1e-90L };
  const Vector t = rates.slowest_mode({ { 1, 0 }, { 0, 1 } });
  BOOST_TEST(std::fabs(t[1] / 1e-10L - 1) <= 1e-15L); // r01 / r10 up to 1e-40
}

BOOST_AUTO_TEST_CASE(no_way_out) {
  const auto message = [](const NotConverged& error) {
    return std::string(error.what()).find("no probability leaves one of the valleys") == 0;
  };
  BOOST_CHECK_EXCEPTION(chain({ { 0, 1, 2 } }, 1, 1, 1, 1, 0).solve({ 1, 1, 1 }), NotConverged,
                        message);
  BOOST_CHECK_EXCEPTION(chain({ { 0, 1, 2 } }, 0, 1, 1, 1, 1).solve({ 1, 1, 1 }), NotConverged,
                        message);
  BOOST_CHECK_EXCEPTION(chain({ { 0, 1, 2 } }, 1, 1, 1, 0, -1).solve({ 1, 1, 1 }), NotConverged,
                        message);
  BOOST_CHECK_EXCEPTION(chain({ { 2, 1, 0 } }, 1, 1, 1, 1, NAN).solve({ 1, 1, 1 }), NotConverged,
                        message);
}

BOOST_AUTO_TEST_SUITE_END()
