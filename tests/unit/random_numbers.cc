// Counter-based random numbers: the vectors of Random123 (tests/kat_vectors), moments of the
// Gaussian numbers, independence of purposes, runs and batches.
#include "solver/monte_carlo/chi_square.h"
#include "solver/monte_carlo/random.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

using namespace fokker_planck;

namespace {

using Words = std::array<std::uint32_t, 4>;

/// n Gaussian numbers of one trajectory each.
std::vector<double> gaussians(const RandomNumbers& random, const std::size_t n) {
  std::vector<std::uint64_t> trajectory(n / 4), first(n / 4, 7);
  std::iota(trajectory.begin(), trajectory.end(), 0);
  std::vector<double> result(n);
  random.gaussians(trajectory.data(), first.data(), n / 4, 1, result.data());
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(known_vectors) {
  BOOST_TEST((RandomNumbers(0).bits(0, 0, RandomPurpose::increment) ==
              Words{ { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } }));
  const auto all = static_cast<std::uint64_t>(-1);
  BOOST_TEST(
    (RandomNumbers(0xffffffff, 0xffffff).bits(all, all, static_cast<RandomPurpose>(0xff)) ==
     Words{ { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } }));
  BOOST_TEST((RandomNumbers(0xa4093822, 0x13198a)
                .bits(0x03707344299f31d0, 0x85a308d3243f6a88, static_cast<RandomPurpose>(0x2e)) ==
              Words{ { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } }));
}

// The transform without its own logarithm and trigonometry, to the rounding of the polynomials.
BOOST_AUTO_TEST_CASE(transform) {
  std::vector<std::uint32_t> a{ 0, 1, 0xffffffff, 0x80000000 }, b{ 0, 0xffffffff, 0x3fffffff, 1 };
  for (std::uint32_t i = 0; i < 1000; ++i) {
    a.push_back(i * 4294967u + 12345u);
    b.push_back(i * 2654435769u);
  }
  std::vector<double> first(a.size()), second(a.size());
  box_muller(a.data(), b.data(), a.size(), first.data(), second.data());
  double error = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double radius = std::sqrt(-2 * std::log((a[i] + 0.5) * 0x1p-32));
    const double angle = 6.28318530717958647693 * ((b[i] + 0.5) * 0x1p-32 - 0.125);
    error = std::max({ error, std::fabs(first[i] - radius * std::cos(angle)),
                       std::fabs(second[i] - radius * std::sin(angle)) });
  }
  BOOST_TEST_MESSAGE("largest error of a Gaussian number: " << error);
  BOOST_TEST(error <= 1e-9);
}

// Sums over n numbers deviate by less than five standard deviations of these sums.
BOOST_AUTO_TEST_CASE(gaussian_moments) {
  constexpr std::size_t n = 4000000;
  const auto numbers = gaussians(RandomNumbers(5), n);
  const double expected[] = { 0, 1, 0, 3, 0, 15 };
  for (int power = 1; power <= 6; ++power) {
    double sum = 0, squares = 0;
    for (const double z : numbers) {
      const double value = std::pow(z, power);
      sum += value;
      squares += value * value;
    }
    const double error = std::sqrt(squares) / n;
    BOOST_TEST_MESSAGE("moment " << power << ": " << sum / n << ", expected " << expected[power - 1]
                                 << " +- " << error);
    BOOST_TEST(std::fabs(sum / n - expected[power - 1]) <= 5 * error);
  }
  const auto beyond = std::count_if(numbers.begin(), numbers.end(),
                                    [](const double z) { return std::fabs(z) > 3.5; });
  const double rare = 2 * cdf(complement(boost::math::normal(), 3.5)) * n;
  BOOST_TEST(std::fabs(static_cast<double>(beyond) - rare) <= 5 * std::sqrt(rare));
}

BOOST_AUTO_TEST_CASE(neighbours_are_uncorrelated) {
  constexpr std::size_t n = 400000;
  const auto numbers = gaussians(RandomNumbers(6), n);
  for (const std::size_t distance :
       { n / 4, n / 2, 3 * n / 4, std::size_t{ 1 }, std::size_t{ 2 } }) {
    double sum = 0;
    for (std::size_t i = 0; i + distance < n; ++i)
      sum += numbers[i] * numbers[i + distance];
    BOOST_TEST(std::fabs(sum) <= 5 * std::sqrt(static_cast<double>(n - distance)));
  }
}

// What is drawn does not depend on which lanes are drawn together.
BOOST_AUTO_TEST_CASE(batches_do_not_matter) {
  const RandomNumbers random(9, 3);
  constexpr std::size_t n = 131, n_blocks = 3;
  std::vector<std::uint64_t> trajectory(n), first(n);
  for (std::size_t l = 0; l < n; ++l) {
    trajectory[l] = 1000 * l + 5;
    first[l] = l * l;
  }
  std::vector<double> together(4 * n_blocks * n), alone(4 * n_blocks);
  random.gaussians(trajectory.data(), first.data(), n, n_blocks, together.data());
  for (const std::size_t l : { 0, 63, 64, 130 }) {
    random.gaussians(&trajectory[l], &first[l], 1, n_blocks, alone.data());
    for (std::size_t k = 0; k < alone.size(); ++k)
      BOOST_TEST(together[k * n + l] == alone[k]);
  }
}

BOOST_AUTO_TEST_CASE(purposes_and_runs_differ) {
  std::set<std::uint32_t> seen;
  for (const std::uint32_t seed : { 0, 1 })
    for (const std::uint32_t run : { 0, 1 })
      for (const auto purpose :
           { RandomPurpose::increment, RandomPurpose::exit, RandomPurpose::radial,
             RandomPurpose::start, RandomPurpose::choice })
        seen.insert(RandomNumbers(seed, run).bits(2, 3, purpose)[0]);
  BOOST_TEST(seen.size() == 20);
}

BOOST_AUTO_TEST_CASE(chi_square_moments) {
  constexpr int n = 200000;
  for (const double freedom : { 0.3, 1., 2.5, 9., 60. }) {
    double sum = 0, squares = 0;
    for (int i = 0; i < n; ++i) {
      const double value = chi_square(freedom, RandomNumbers(4), i, 17);
      sum += value;
      squares += (value - freedom) * (value - freedom);
    }
    const double deviation = std::sqrt(2 * freedom / n); // of the mean
    // The variance of (X - k)^2 is 8 k^2 + 48 k.
    const double spread = std::sqrt((8 * freedom * freedom + 48 * freedom) / n);
    BOOST_TEST(std::fabs(sum / n - freedom) <= 5 * deviation);
    BOOST_TEST(std::fabs(squares / n - 2 * freedom) <= 5 * spread);
  }
}

BOOST_AUTO_TEST_SUITE_END()
