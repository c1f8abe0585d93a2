// Conditions of the formulas: limits beyond which the leading term is taken to hold.
#pragma once

#include <cstdio>
#include <string>

namespace fokker_planck::conditions {

// Each in units of its own natural scale.
constexpr double least_barrier = 3;  // barrier / D
constexpr double least_drop = 2;     // (L(saddle) - L(absorbing wall below it)) / D
constexpr double least_slope = 3;    // slope of Psi at an exit point, in units of sqrt(|H_nn|)
constexpr double least_rise = 3;     // (L(wall before the ridge) - L(saddle)) / D
constexpr double least_distance = 2; // of the minimum from every side, in widths 1/sqrt(H_nn)
constexpr double near_levels = 5;    // ways out that are no higher than this above the lowest count
constexpr double most_volume_curvature = 0.1; // share of the volume element in Psi''(minimum)
constexpr double most_correction = 0.3;       // next order relative to the leading one
constexpr double least_alignment =
  0.99; // |cos| between unstable direction and normal at the saddle

/// A number in a sentence.
inline std::string text(const char* format, const double number) {
  char buffer[200];
  std::snprintf(buffer, sizeof buffer, format, number);
  return buffer;
}

} // namespace fokker_planck::conditions
