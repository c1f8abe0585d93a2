// Interpolation between spaces of different degree on one mesh.
#pragma once

#include "solver/operator/free_nodes.h"

namespace fokker_planck {

/// A space and the nodes of it that are free.
template <int dim>
struct FreeSpace {
  const ScaledSpace<dim>& space;
  const FreeNodes<dim>& free;
};

/// The interpolation P of the functions of a coarser space at the free nodes of a finer one, as a
/// matrix between their free unknowns; in the scaling of the spaces its entries are
///   P_ij = exp((psi_j - psi_i)/2) phi_j(x_i),
/// none above phi_j(x_i), because the cells around node i are also around the nodes j that its
/// value comes from. Collective; the caller destroys the matrix.
template <int dim>
Mat make_interpolation(const FreeSpace<dim>& coarser, const FreeSpace<dim>& finer);

} // namespace fokker_planck
