// Eigenvalues of chains whose rates differ by hundreds of orders of magnitude.
#include "solver/analyses/metastable_spectrum.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;

namespace {

LongMatrix diagonal(const std::vector<long double>& entries) {
  LongMatrix result(entries.size(), std::vector<long double>(entries.size(), 0.L));
  for (std::size_t i = 0; i < entries.size(); ++i)
    result[i][i] = entries[i];
  return result;
}

/// Largest |computed/expected - 1|.
long double relative_error(const std::vector<std::complex<long double>>& computed,
                           const std::vector<std::complex<long double>>& expected) {
  BOOST_TEST_REQUIRE(computed.size() == expected.size());
  long double largest = 0;
  for (std::size_t i = 0; i < computed.size(); ++i)
    largest = std::max(largest, std::abs(computed[i] / expected[i] - 1.L));
  return largest;
}

} // namespace

BOOST_AUTO_TEST_SUITE(metastable_spectrum)

// Two states with populations p, q, flux c between them and exits e, f: the determinant and the
// trace of S^-1 R are sums of positive terms, det = (c(e + f) + ef)/(pq), tr = (c + e)/p + (c +
// f)/q; lambda = tr/2 (1 + sqrt(1 - 4 det/tr^2)), the other det/lambda.
BOOST_AUTO_TEST_CASE(two_states) {
  const struct {
    long double p, q, c, e, f;
  } rows[] = { { 1, 1, 1, 1e-3L, 0 },
               { 1, 1e-200L, 1e-310L, 1e-320L, 0 },
               { 1e-100L, 1, std::exp(-900.L), std::exp(-1700.L), std::exp(-1650.L) },
               { 1, 1e30L, 1e-5L, 1e-300L, 1e-4L },
               { 2, 3, 1e-3L, 1e-3L, 1e-3L } };
  for (const auto& row : rows) {
    const RateMatrix rates{ { { -row.c, row.c }, { row.c, -row.c } }, { row.e, row.f } };
    const long double trace = (row.c + row.e) / row.p + (row.c + row.f) / row.q;
    const long double log_ratio = std::log(row.c * (row.e + row.f) + row.e * row.f) -
                                  std::log(row.p) - std::log(row.q) - 2 * std::log(trace);
    const long double ratio = std::exp(log_ratio);
    const long double large = trace / 2 * (1 + std::sqrt(std::max(0.L, 1 - 4 * ratio)));
    const long double small = ratio * trace / (large / trace);
    for (const Symmetry symmetry : { Symmetry::symmetric, Symmetry::general })
      // 64 bits, and the square root where the two are close.
      BOOST_TEST(relative_error(metastable_eigenvalues(rates, diagonal({ row.p, row.q }), symmetry),
                                { small, large }) <= 1e-15L);
  }
}

// A line of states with reflecting ends and the same rate k everywhere: k (2 - 2 cos(pi j/n)); with
// the exit e from every state they are shifted by e.
BOOST_AUTO_TEST_CASE(line) {
  const std::size_t n = 7;
  const long double k = 1e-50L, e = 1e-52L;
  RateMatrix rates{ LongMatrix(n, std::vector<long double>(n, 0.L)),
                    std::vector<long double>(n, e) };
  std::vector<std::complex<long double>> expected;
  for (std::size_t i = 0; i < n; ++i) {
    if (i + 1 < n) rates.rate[i][i + 1] = rates.rate[i + 1][i] = k;
    expected.emplace_back(e + k * (2 - 2 * std::cos(std::acos(-1.L) * i / n)));
  }
  const auto one = diagonal(std::vector<long double>(n, 1.L));
  for (const Symmetry symmetry : { Symmetry::symmetric, Symmetry::general })
    BOOST_TEST(relative_error(metastable_eigenvalues(rates, one, symmetry), expected) <= 1e-13L);
}

// States on a circle that are left in one direction only: e + k (1 - exp(2 pi i j/n)).
BOOST_AUTO_TEST_CASE(circle) {
  const std::size_t n = 3;
  const long double k = 1e-80L, e = 1e-100L;
  RateMatrix rates{ LongMatrix(n, std::vector<long double>(n, 0.L)),
                    std::vector<long double>(n, e) };
  for (std::size_t i = 0; i < n; ++i)
    rates.rate[(i + 1) % n][i] = k;
  const auto values = metastable_eigenvalues(rates, diagonal({ 1, 1, 1 }), Symmetry::general);
  const std::complex<long double> pair(1.5L * k, std::sqrt(0.75L) * k);
  BOOST_TEST(relative_error(values, { e, std::conj(pair), pair }) <= 1e-9L);
  const auto t = stationary_vector(rates);
  for (const long double share : t)
    BOOST_TEST(std::fabs(share - 1.L / 3) <= 1e-18L);
}

// Detailed balance: the stationary distribution of fluxes between pairs is even, also with extreme
// rates; a state that cannot be reached leaves none.
BOOST_AUTO_TEST_CASE(stationary) {
  RateMatrix rates{ { { 0, 1e-300L, 0 }, { 1e-300L, 0, 1e-7L }, { 0, 1e-7L, 0 } }, { 1, 1, 1 } };
  for (const long double share : stationary_vector(rates))
    BOOST_TEST(std::fabs(share - 1.L / 3) <= 1e-18L);
  rates.rate[0][1] = rates.rate[1][0] = 0;
  BOOST_TEST(stationary_vector(rates).empty());
}

BOOST_AUTO_TEST_SUITE_END()
