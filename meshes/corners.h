// Corners of the domain at which solutions are not smooth.
#pragma once

#include "meshes/mesh.h"
#include "problems/problem.h"

#include <vector>

namespace fokker_planck {

/// The least exponent alpha of u ~ r^alpha at the vertices of a cell, given by its active cell
/// index; infinity if u is smooth there. At a corner of the angle omega (in the metric of D^-1)
/// between sides of the same kind alpha = pi/omega, between an absorbing and a reflecting one half
/// of that; u is smooth if alpha is an integer, as at a right angle. For plane domains with
/// straight sides; infinity in others, and for cells that the rank does not own.
///
/// Reference: P. Grisvard, Elliptic Problems in Nonsmooth Domains (1985).
template <int dim>
std::vector<double> corner_exponents(const Problem<dim>& problem, const Mesh<dim>& mesh);

} // namespace fokker_planck
