// Files of density and current.
#pragma once

#include "postprocess/fields/density.h"
#include "postprocess/results/output_directory.h"

namespace fokker_planck {

/// density.vtu (density.pvtu with one piece per rank): loss, density p and current J. Collective.
template <int dim>
void write_vtu(const OutputDirectory& directory, const Problem<dim>& problem,
               const Density<dim>& density, const Discretization<dim>& discretization,
               const QuasiStationary<dim>& solution);

/// Tables of loss, density and current on regular grids: density.csv in 1-D and 2-D; in 3-D the
/// slices density_xy.csv, density_xz.csv, density_yz.csv through the bottom of the valley. The grid
/// fills the box around a shape, so that the table is a regular one; outside the shape everything
/// but the coordinates is nan; in 3-D outline_xy.csv, ... say where its boundary is
/// (slice_outline). Collective.
template <int dim>
void write_samples(const OutputDirectory& directory, const Problem<dim>& problem,
                   const Density<dim>& density, const Landscape<dim>& landscape,
                   const Discretization<dim>& discretization, const QuasiStationary<dim>& solution);

} // namespace fokker_planck
