// Where the boundary of a shape in space meets a plane.
#pragma once

#include "solver/operator/discretization.h"

#include <string>

namespace fokker_planck {

/// The line in which the boundary cuts the plane x_fixed = at, as a table with the columns curve,
/// side, x, y, z: two rows per segment. Faces are divided into triangles; the segments err by the
/// square of their size. Collective; the table is complete on rank 0 only.
std::string slice_outline(const Domain<3>& domain, const Discretization<3>& discretization,
                          unsigned int fixed, double at);

} // namespace fokker_planck
