// Cells that are smaller towards the absorbing sides over which a valley is left.
//
// Where Psi rises towards an absorbing boundary, u falls to zero in a layer of width
// delta = 1 / (d Psi / dn) along the whole boundary, u ~ 1 - exp(-x/delta) at the distance x. Cells
// that are thin across it and long beside it need far less unknowns than equal-sided ones.
//
// Method: a polynomial of degree k on an interval of length h misses the share
// (h/2 delta)^2k / ((2k-1)!!)^2 of the energy of the exponential, which itself falls as
// exp(-x/delta): the layers may grow as exp(x / 2k delta). In a box the energy is
// exp(-(Psi_b - Psi)) along the normal at the lowest point b of the side, and the width the smaller
// of 1/|d Psi/dn| and (-d^2 Psi/dn^2)^(-1/2), that of a saddle.
#pragma once

#include "meshes/mesh.h"
#include "problems/landscape/landscape.h"

namespace fokker_planck {

/// Sets the depths of layers along curved boundaries and, in three dimensions, the steps of a box,
/// so that elements of the given degree carry the exponential with a relative error of the rate of
/// about the given tolerance. The numbers of cells of the layout are those used elsewhere; where
/// Psi does not rise steeply enough, nothing is set.
template <int dim>
void grade(typename Mesh<dim>::Layout& layout, const Domain<dim>& domain,
           const ScalarField<dim>& psi, const Landscape<dim>& landscape, unsigned int degree,
           double tolerance);

} // namespace fokker_planck
