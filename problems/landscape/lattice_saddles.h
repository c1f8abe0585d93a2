// Saddles of index one among the values of a function on a regular lattice.
#pragma once

#include <cstddef>
#include <vector>

namespace fokker_planck {

/// Indices of the inner points of a lattice (see lattice()) with n intervals per direction whose
/// lower neighbours, of the 3^dim - 1 around them, fall into two or more parts that do not touch.
template <int dim>
std::vector<std::size_t> saddles_on_lattice(const std::vector<double>& values, unsigned int n);

} // namespace fokker_planck
