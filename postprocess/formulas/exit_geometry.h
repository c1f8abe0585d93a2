// Whether the boundary of a shape around an exit point is as the expansion around it assumes.
#pragma once

#include "problems/geometry/domain.h"

#include <string>

namespace fokker_planck {

/// What speaks against the formula of the boundary exit; empty if nothing does. The formula takes
/// the boundary as a parabola over the width 1/sqrt(h) of the exit along it, h being the Hessian of
/// Psi along the boundary, and as a plane over the width 1/(dPsi/dn) of the layer in which the
/// density falls to zero. wall is the exit point, gradient and hessian are those of Psi there.
template <int dim>
std::string objection_to_boundary(const Domain<dim>& domain,
                                  const typename Domain<dim>::BoundaryPoint& wall,
                                  const dealii::Tensor<1, dim>& gradient,
                                  const dealii::SymmetricTensor<2, dim>& hessian);

} // namespace fokker_planck
