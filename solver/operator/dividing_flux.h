// Probability fluxes across dividing surfaces.
#pragma once

#include "solver/operator/discretization.h"
#include "solver/operator/weighted_form.h"

#include <deal.II/lac/petsc_vector.h>

#include <vector>

namespace fokker_planck {

struct DividingFlux {
  long double value = 0;
  long double excess = 0; ///< the part due to the limit on the weights (see weighted_form.h)
};

/// -exp(log_unit) v^T A u for each u, for nodal vectors with ghost values: the flux of exp(-Psi) u
/// into the part of the domain where v = 1 (0 elsewhere). Cells on which v is constant contribute
/// nothing (1^T A = 0) and are left out. Collective.
template <int dim>
std::vector<DividingFlux> dividing_fluxes(const Discretization<dim>& discretization,
                                          WeightedForm<dim>& form, double log_unit,
                                          const dealii::PETScWrappers::MPI::Vector& v,
                                          const std::vector<dealii::PETScWrappers::MPI::Vector>& u);

} // namespace fokker_planck
