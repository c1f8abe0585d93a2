// Which cells are to be divided.
#pragma once

#include "meshes/mesh.h"
#include "problems/landscape/landscape.h"

#include <vector>

namespace fokker_planck {

/// Divides cells until Psi varies by at most the given amount over those that carry the flux (cells
/// on the ridges between basins and on absorbing sides, not far above the lowest pass, and a little
/// more around them), and by a moderate amount where the probability is. Stops before the mesh has
/// more than the given number of cells. Collective.
template <int dim>
void refine_by_potential(Mesh<dim>& mesh, const ScalarField<dim>& psi,
                         const Landscape<dim>& landscape, double variation,
                         unsigned long most_cells);

/// The smallest set of cells whose indicators add up to the given share of all, and those that are
/// equal to the last of them, per active cell index of locally owned cells. Collective.
std::vector<bool> mark_largest(const std::vector<double>& indicators, double share,
                               MPI_Comm communicator);

} // namespace fokker_planck
