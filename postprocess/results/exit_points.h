// Where the absorbing sides are hit: the exit-point density J.n / gamma.
#pragma once

#include "postprocess/results/output_directory.h"
#include "solver/analyses/quasi_stationary.h"

namespace fokker_planck {

/// exit_<side>.csv for each absorbing side: the exit-point density J.n / gamma (probability per
/// length or area; the integral over all sides is 1). Collective.
///
/// Box: columns x, y, z, exit_density on a regular grid.
///
/// Shape: at points of the boundary, with the weights (lengths or areas) with which the sum of
/// weight times exit_density is the probability of the side.
/// 2-D: x, y, arc_length, angle, weight, exit_density, along the side (samples_along); the angle is
/// that seen from the bottom of the valley, or from the middle of the domain if there is none.
/// 3-D: x, y, z, theta, phi, weight, exit_density with the angle theta to the z axis and phi in the
/// x, y plane, seen from there, by ascending x.
///
/// A shape in 2-D also gets outline.csv: curve, side, x, y along all closed curves of the boundary
/// with the domain to the left; the side is that from this point to the next one.
template <int dim>
void write_exit_points(const OutputDirectory& directory, const Problem<dim>& problem,
                       const Landscape<dim>& landscape, const Discretization<dim>& discretization,
                       const QuasiStationary<dim>& solution);

} // namespace fokker_planck
