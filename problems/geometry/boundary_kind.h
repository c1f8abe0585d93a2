// What happens on the parts of a boundary, its sides.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fokker_planck {

/// absorbing: P = 0; reflecting: J.n = 0; periodic: the process goes on at the opposite side.
enum class BoundaryKind { absorbing, reflecting, periodic };

/// A set of sides, one bit each; a domain has at most 32.
using Sides = std::uint32_t;

constexpr Sides all_sides = ~Sides(0);

constexpr bool has_side(const Sides sides, const unsigned int side) {
  return ((sides >> side) & 1U) != 0;
}

/// Reads Domain/Absorbing: names of sides separated by blanks or commas, or all; sides that are not
/// named reflect. Throws InputError for other words, and if no side absorbs.
std::vector<BoundaryKind> parse_boundary(const std::string& text,
                                         const std::vector<std::string>& sides);

} // namespace fokker_planck
