// Layers of cells along a curved absorbing boundary.
//
// Where Psi rises towards an absorbing boundary, u falls to zero in a layer of width
// delta = 1 / (d Psi / dn) along the whole boundary, u ~ 1 - exp(-x/delta) at the distance x. Cells
// that are thin across it and long beside it need far less unknowns than equal-sided ones.
#pragma once

#include "problems/landscape/landscape.h"

#include <array>
#include <vector>

namespace fokker_planck {

/// Depths (descending, relative to the size of the domain) of layers that carry the exponential
/// with a relative error of the rate of the given tolerance in elements of the given degree; none
/// if Psi does not rise steeply enough towards the boundary.
///
/// Method: a polynomial of degree k on an interval of length h misses the share
/// (h/2 delta)^2k / ((2k-1)!!)^2 of the energy of the exponential, which itself falls as
/// exp(-x/delta): the layers may grow as exp(x / 2k delta).
template <int dim>
std::vector<double> boundary_layers(const Domain<dim>& domain, const ScalarField<dim>& psi,
                                    const Landscape<dim>& landscape, unsigned int degree,
                                    double tolerance);

/// Sizes of cells along each direction of a box in three dimensions, smaller towards the absorbing
/// sides over which the valley is left; empty (cells of equal size) in other domains and
/// directions. n_cells: the number of equal cells that would be used otherwise.
///
/// Method: as above, with the energy exp(-(Psi_b - Psi)) along the normal at the lowest point b of
/// the side and the width 1/|d Psi/dn| or, through a saddle, (-d^2 Psi/dn^2)^(-1/2).
template <int dim>
std::array<std::vector<double>, dim> graded_steps(const Domain<dim>& domain,
                                                  const ScalarField<dim>& psi,
                                                  const Landscape<dim>& landscape,
                                                  unsigned int degree, double tolerance,
                                                  const std::array<unsigned int, dim>& n_cells);

} // namespace fokker_planck
