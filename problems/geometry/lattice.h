// Regular lattices in a domain.
#pragma once

#include "problems/geometry/domain.h"

#include <vector>

namespace fokker_planck {

/// The points of a lattice with n+1 points per direction that covers a box, its faces included.
/// Point (i, j, k) has index i + (n+1) (j + (n+1) k). Of a lattice around a shape only the points
/// inside; if these are less than a quarter, n is doubled, up to three times.
template <int dim>
std::vector<dealii::Point<dim>> lattice(const Domain<dim>& domain, unsigned int n);

/// The same with the points outside of a shape.
template <int dim>
std::vector<dealii::Point<dim>> covering_lattice(const Domain<dim>& domain, unsigned int n);

/// A point well inside: the centre of a box; of another shape the point of a lattice that is
/// farthest from the boundary.
template <int dim>
dealii::Point<dim> inner_point(const Domain<dim>& domain);

} // namespace fokker_planck
