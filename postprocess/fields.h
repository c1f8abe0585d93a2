// Files of density, current and exit points.
#pragma once

#include "postprocess/density.h"
#include "postprocess/output_directory.h"

namespace fokker_planck {

/// density.vtu (density.pvtu with one piece per rank): loss, density p and current J. Collective.
template <int dim>
void write_vtu(const OutputDirectory& directory, const Problem<dim>& problem,
               const Density<dim>& density, const Discretization<dim>& discretization,
               const QuasiStationary<dim>& solution);

/// Tables of loss, density and current on regular grids: density.csv in 1-D and 2-D; in 3-D the
/// slices density_xy.csv, density_xz.csv, density_yz.csv through the bottom of the valley.
/// Collective.
template <int dim>
void write_samples(const OutputDirectory& directory, const Problem<dim>& problem,
                   const Density<dim>& density, const Landscape<dim>& landscape,
                   const Discretization<dim>& discretization, const QuasiStationary<dim>& solution);

/// exit_x+.csv, ...: the exit-point density J.n / gamma along each absorbing side (probability per
/// length or area; the integral over all sides is 1). Collective.
template <int dim>
void write_exit_points(const OutputDirectory& directory, const Problem<dim>& problem,
                       const Gauge<dim>& gauge, const Discretization<dim>& discretization,
                       const QuasiStationary<dim>& solution);

} // namespace fokker_planck
