// Whether the mesh resolves the solution where it matters.
//
// Let q be the backward function of the escape, 1 in the valley and 0 on the absorbing boundary (u
// itself if w = 0). The rate is an energy,
//   gamma mass = E = int p grad q . D grad q / q = sum_K r_K q^T A_K q,
// A_K the diffusive part of the form on cell K and r_K the mean of u/q there (1 if w = 0); it sits
// where q changes, in the exit layer. Two shares of it tell a mesh that does not resolve the layer:
// * found, the share of E in the cells on which Psi stays above exit - 25: the rest lies in cells
//   that reach from the layer deep into the valley (or is rounding, which a deep valley blows up);
// * highest_degree, the share of d^T A_K d for q^T A_K q with d = q - I q, I the interpolation in
//   degree k - 1: the relative error that degree k - 1 would make. For k = 1 there is no lower
//   degree; there the variation of Psi over a cell stands in, d^T A_K d = min(1, (max - min Psi)^2
//   / 12) q^T A_K q.
#pragma once

#include "solver/discretization.h"
#include "solver/weighted_form.h"

#include <deal.II/lac/petsc_vector.h>

namespace fokker_planck {

struct Resolution {
  double found;
  double highest_degree;
};

/// Both shares, for nodal values of u and q with ghost values. exit_level is Psi at the exit,
/// log_energy the logarithm of E. Collective.
template <int dim>
Resolution check_resolution(const Discretization<dim>& discretization, WeightedForm<dim>& form,
                            const dealii::PETScWrappers::MPI::Vector& u,
                            const dealii::PETScWrappers::MPI::Vector& q, double exit_level,
                            double log_energy);

} // namespace fokker_planck
