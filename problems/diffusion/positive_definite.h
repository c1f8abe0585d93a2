// D must be positive definite in the whole domain: where it degenerates nothing can cross.
#pragma once

#include "problems/diffusion/diffusion.h"
#include "problems/geometry/domain.h"

namespace fokker_planck {

/// Throws InputError if an eigenvalue of a tensor is not positive (or not a number), naming the
/// point and the eigenvalue.
template <int dim>
void check_positive_definite(const Diffusion<dim>& diffusion,
                             const std::vector<dealii::Point<dim>>& points,
                             const std::vector<dealii::SymmetricTensor<2, dim>>& tensors);

/// The same for the whole domain, by a search for the lowest eigenvalue (see compass_search.h).
/// Eigenvalues below 1e-12 of the largest one of that kind count as zero.
template <int dim>
void check_positive_definite(const Diffusion<dim>& diffusion, const Domain<dim>& domain);

} // namespace fokker_planck
