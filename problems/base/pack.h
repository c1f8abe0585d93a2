// Several numbers at once, which become vector instructions.
//
// Method: vector types of GCC and Clang. FOKKER_PLANCK_CLONES before a function compiles it for
// every processor, for those with AVX2 and for those with AVX-512; the program picks one when it
// starts. exp and log by Taylor series after the usual reduction of their arguments; relative
// errors of a few roundings.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define FOKKER_PLANCK_CLONES                                                                       \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), flatten))
#else
#define FOKKER_PLANCK_CLONES
#endif
#define FOKKER_PLANCK_INLINE inline __attribute__((always_inline))

namespace fokker_planck {

constexpr int pack_size = 4;

using Pack = double __attribute__((vector_size(pack_size * sizeof(double))));
using PackBits = std::int64_t __attribute__((vector_size(pack_size * sizeof(double))));

FOKKER_PLANCK_INLINE Pack load(const double* const numbers) {
  Pack pack;
  std::memcpy(&pack, numbers, sizeof pack);
  return pack;
}

/// Numbers in single precision.
FOKKER_PLANCK_INLINE Pack load(const float* const numbers) {
  float __attribute__((vector_size(pack_size * sizeof(float)))) single;
  std::memcpy(&single, numbers, sizeof single);
  return __builtin_convertvector(single, Pack);
}

FOKKER_PLANCK_INLINE void store(const Pack& pack, double* const numbers) {
  std::memcpy(numbers, &pack, sizeof pack);
}

FOKKER_PLANCK_INLINE double sum(const Pack& pack) {
  double result = 0;
  for (int k = 0; k < pack_size; ++k)
    result += pack[k];
  return result;
}

FOKKER_PLANCK_INLINE Pack absolute(const Pack& x) {
  return x < 0 ? -x : x;
}

/// x = k log 2 + r, |r| <= log(2)/2: 2^k and exp(r) - 1. For x <= 0; below -707 as at -707.
struct ReducedExponential {
  Pack power, rest;
};

FOKKER_PLANCK_INLINE ReducedExponential reduced_exponential(const Pack& argument) {
  constexpr double shift = 6755399441055744.; // 1.5 2^52: what is added to it becomes whole
  const Pack x = argument < -707. ? argument - argument - 707. : argument;
  const Pack shifted = x * 1.44269504088896340736 + shift, k = shifted - shift;
  const Pack r = (x - k * 0x1.62e42fefa38p-1) - k * 0x1.ef35793c7673p-45; // log 2 in two parts
  Pack series = r * (1. / 6227020800) + 1. / 479001600;
  for (const double c : { 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320, 1. / 5040, 1. / 720,
                          1. / 120, 1. / 24, 1. / 6, 1. / 2 })
    series = series * r + c;
  const PackBits exponent = (reinterpret_cast<PackBits>(shifted) + 1023) << 52;
  return { reinterpret_cast<Pack>(exponent), r + r * r * series };
}

/// exp(x) for x <= 0, not below 1e-307.
FOKKER_PLANCK_INLINE Pack exponential(const Pack& x) {
  const auto [power, rest] = reduced_exponential(x);
  return power + power * rest;
}

/// log(1 + t) for 0 <= t <= 1, by 2 artanh(s) = log((1 + s)/(1 - s)).
FOKKER_PLANCK_INLINE Pack log_one_plus(const Pack& t) {
  const auto is_large = t > 0.41421356237309505;
  const Pack s = (is_large ? t - 1. : t) / (is_large ? t + 3. : t + 2.), q = s * s;
  Pack series = q * (1. / 23) + 1. / 21;
  for (const double c :
       { 1. / 19, 1. / 17, 1. / 15, 1. / 13, 1. / 11, 1. / 9, 1. / 7, 1. / 5, 1. / 3 })
    series = series * q + c;
  const Pack logarithm = 2. * s + 2. * s * q * series;
  return is_large ? logarithm + 0.693147180559945309417 : logarithm;
}

FOKKER_PLANCK_INLINE Pack hyperbolic_tangent(const Pack& z) {
  const auto [power, rest] = reduced_exponential(-2. * absolute(z));
  const Pack decay = power * rest + (power - 1.); // exp(-2|z|) - 1
  const Pack result = decay / (decay + 2.);       // of -|z|
  return z < 0 ? result : -result;
}

} // namespace fokker_planck
