// Whether a mesh carries the quasi-stationary density that was computed on it.
#pragma once

namespace fokker_planck {

template <int dim>
class PinnedProblem;
template <int dim>
struct QuasiStationary;

/// Throws MeshTooCoarse if it does not, NotConverged if the domain was cut off where there is
/// probability. result: complete but for times and the names of methods. Collective.
///
/// The limits were set by comparing 786 coarse meshes of eleven problems with exact rates: the 284
/// rates that are accepted are right within 27 %, most of them much better
/// (tests/convergence/coarse_meshes.cc repeats the larger part).
template <int dim>
void check_result(const PinnedProblem<dim>& pinned, const QuasiStationary<dim>& result);

} // namespace fokker_planck
