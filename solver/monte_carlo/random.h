// Random numbers that depend on nothing but what they are drawn for.
//
// Method: Philox4x32-10, a counter-based generator: 128 random bits are a function of a key (seed,
// trajectory) and a counter (step, purpose). So a trajectory does not depend on which rank
// simulates it, nor on what was simulated before. Gaussian numbers come from pairs of 32 bits by
// the transform of Box and Muller (no number exceeds 6.8; the resolution is 2^-32 of the
// probability). References: Salmon, Moraes, Dror, Shaw, Proc. SC11 (2011), in Random123; Box,
// Muller, Ann. Math. Stat. 29 (1958) 610.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace fokker_planck {

/// What random numbers are drawn for: each purpose has numbers of its own.
enum class RandomPurpose : std::uint32_t { increment, exit, radial, start, minibatch, choice };

/// The random numbers of one seed and one run. Runs (0 to 2^24 - 1) are independent of each other,
/// such as those with whole and with half steps.
class RandomNumbers {
public:
  explicit RandomNumbers(std::uint32_t seed, std::uint32_t run = 0);

  /// 128 bits. index is the number of the step, or of the block of four increments.
  std::array<std::uint32_t, 4> bits(std::uint64_t trajectory, std::uint64_t index,
                                    RandomPurpose purpose) const;

  /// Four uniform numbers in the open interval (0, 1).
  std::array<double, 4> uniforms(std::uint64_t trajectory, std::uint64_t index,
                                 RandomPurpose purpose) const;

  /// Standard Gaussian numbers for many trajectories: blocks first[l], ..., first[l] + n_blocks - 1
  /// of trajectory[l]. Number 4 k + i of lane l, the i-th of block k, is result[(4 k + i) n_lanes +
  /// l].
  void gaussians(const std::uint64_t* trajectory, const std::uint64_t* first, std::size_t n_lanes,
                 std::size_t n_blocks, double* result) const;

private:
  std::uint32_t seed, run;
};

/// Pairs of standard Gaussian numbers from pairs of 32 random bits:
/// sqrt(-2 log u) (cos, sin)(2 pi v - pi/4) with u = (a + 1/2) 2^-32, v = (b + 1/2) 2^-32.
void box_muller(const std::uint32_t* a, const std::uint32_t* b, std::size_t n, double* first,
                double* second);

} // namespace fokker_planck
