#include "solver/monte_carlo/random.h"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace fokker_planck {

namespace {

constexpr std::size_t tile = 64; // lanes that are worked on together: their words stay in cache

double from_bits(const std::uint64_t bits) {
  double number;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

std::uint64_t to_bits(const double number) {
  std::uint64_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

/// log x for normal x > 0 to 2e-12, without branches: x = 2^e m with m in [sqrt(1/2), sqrt(2)),
/// log m = 2 artanh((m - 1)/(m + 1)).
inline double logarithm(const double x) {
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcdULL, one = 0x3ff0000000000000ULL;
  const std::uint64_t shifted = to_bits(x) + (one - sqrt_half);
  // The exponent as a double: 2^52 + (e + 1023), minus what was added.
  const double e = from_bits((shifted >> 52U) | 0x4330000000000000ULL) - 4503599627371519.;
  const double m = from_bits((shifted & 0x000fffffffffffffULL) + sqrt_half);
  const double s = (m - 1) / (m + 1), q = s * s;
  const double series =
    1 + q * (1. / 3 + q * (1. / 5 + q * (1. / 7 + q * (1. / 9 + q * (1. / 11 + q * (1. / 13))))));
  return e * 0.693147180559945309417 + 2 * s * series;
}

} // namespace

RandomNumbers::RandomNumbers(const std::uint32_t seed_, const std::uint32_t run_)
  : seed(seed_), run(run_) {}

std::array<std::uint32_t, 4> RandomNumbers::bits(const std::uint64_t trajectory,
                                                 const std::uint64_t index,
                                                 const RandomPurpose purpose) const {
  const r123::Philox4x32::ctr_type counter = { { static_cast<std::uint32_t>(index),
                                                 static_cast<std::uint32_t>(index >> 32U),
                                                 static_cast<std::uint32_t>(purpose) | run << 8U,
                                                 static_cast<std::uint32_t>(trajectory >> 32U) } };
  const r123::Philox4x32::key_type key = { { seed, static_cast<std::uint32_t>(trajectory) } };
  const auto words = r123::Philox4x32()(counter, key);
  return { { words[0], words[1], words[2], words[3] } };
}

std::array<double, 4> RandomNumbers::uniforms(const std::uint64_t trajectory,
                                              const std::uint64_t index,
                                              const RandomPurpose purpose) const {
  std::array<double, 4> result;
  const auto words = bits(trajectory, index, purpose);
  for (std::size_t i = 0; i < 4; ++i)
    result[i] = (words[i] + 0.5) * 0x1p-32;
  return result;
}

void RandomNumbers::gaussians(const std::uint64_t* const trajectory,
                              const std::uint64_t* const first, const std::size_t n_lanes,
                              const std::size_t n_blocks, double* const result) const {
  std::uint32_t words[4][tile];
  for (std::size_t begin = 0; begin < n_lanes; begin += tile) {
    const std::size_t n = std::min(tile, n_lanes - begin);
    for (std::size_t block = 0; block < n_blocks; ++block) {
      for (std::size_t l = 0; l < n; ++l) {
        const auto four =
          bits(trajectory[begin + l], first[begin + l] + block, RandomPurpose::increment);
        for (std::size_t i = 0; i < 4; ++i)
          words[i][l] = four[i];
      }
      double* const numbers = result + 4 * block * n_lanes + begin;
      box_muller(words[0], words[1], n, numbers, numbers + n_lanes);
      box_muller(words[2], words[3], n, numbers + 2 * n_lanes, numbers + 3 * n_lanes);
    }
  }
}

void box_muller(const std::uint32_t* const a, const std::uint32_t* const b, const std::size_t n,
                double* const first, double* const second) {
  // The two upper bits of b choose the quadrant, the others the angle phi in (-pi/4, pi/4) within.
  constexpr double angle_unit = 1.57079632679489661923 * 0x1p-30;
#pragma GCC ivdep
  for (std::size_t l = 0; l < n; ++l) {
    const double u = (from_bits(0x4330000000000000ULL | a[l]) - 4503599627370496. + 0.5) * 0x1p-32;
    const double radius = std::sqrt(-2 * logarithm(u));
    const std::uint64_t angle = b[l] & 0x3fffffffU, quadrant = b[l] >> 30U;
    const double phi =
      (from_bits(0x4330000000000000ULL | angle) - (4503599627370496. + 0x1p29) + 0.5) * angle_unit;
    const double p = phi * phi;
    const double cosine =
      1 -
      p * (1. / 2 -
           p * (1. / 24 - p * (1. / 720 - p * (1. / 40320 - p * (1. / 3628800 - p / 479001600)))));
    const double sine =
      phi *
      (1 - p * (1. / 6 - p * (1. / 120 - p * (1. / 5040 - p * (1. / 362880 - p / 39916800)))));
    // Turned by quadrants: (c, s), (-s, c), (-c, -s), (s, -c).
    const std::uint64_t turned = 0 - (quadrant & 1U);
    const std::uint64_t c = to_bits(cosine), s = to_bits(sine);
    const std::uint64_t x = (c & ~turned) | (s & turned), y = (s & ~turned) | (c & turned);
    const std::uint64_t sign_x = ((quadrant + 1) >> 1U & 1U) << 63U, sign_y = (quadrant >> 1U)
                                                                              << 63U;
    first[l] = radius * from_bits(x ^ sign_x);
    second[l] = radius * from_bits(y ^ sign_y);
  }
}

} // namespace fokker_planck
