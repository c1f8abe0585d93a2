// Regular lattices in a box.
#pragma once

#include "problems/domain/domain.h"

#include <vector>

namespace fokker_planck {

/// The points of a lattice with n+1 points per direction, the faces of the box included. Point
/// (i, j, k) has index i + (n+1) (j + (n+1) k).
template <int dim>
std::vector<dealii::Point<dim>> lattice(const Domain<dim>& box, unsigned int n);

} // namespace fokker_planck
