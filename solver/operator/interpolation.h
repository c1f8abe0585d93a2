// Interpolation between spaces of different degree on one mesh.
#pragma once

#include "solver/operator/scaled_space.h"

namespace fokker_planck {

/// The interpolation P of the functions of a coarser space at the free nodes of a finer one, as a
/// matrix between their free unknowns; in the scaling of the spaces its entries are
///   P_ij = exp((psi_j - psi_i)/2) phi_j(x_i),
/// none above phi_j(x_i), because the cells around node i are also around the nodes j that its
/// value comes from. Collective; the caller destroys the matrix.
template <int dim>
Mat make_interpolation(const ScaledSpace<dim>& coarser, const ScaledSpace<dim>& finer);

} // namespace fokker_planck
