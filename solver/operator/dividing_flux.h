// Probability fluxes across dividing surfaces.
#pragma once

#include "solver/operator/discretization.h"
#include "solver/operator/weighted_form.h"

#include <deal.II/lac/petsc_vector.h>

namespace fokker_planck {

template <int dim>
class DividingFlux {
public:
  using Vector = dealii::PETScWrappers::MPI::Vector;

  /// shift: results are multiplied by exp(shift).
  DividingFlux(const Discretization<dim>& discretization, WeightedForm<dim>& form, double shift);

  struct Result {
    long double value;
    long double rounding; ///< bound of the rounding error: 2^-50 times the sum of absolute terms
    long double excess;   ///< the part due to the limit on the weights (see weighted_form.h)
  };

  /// -exp(shift) v^T A u for nodal vectors with ghost values. Cells on which v is constant
  /// contribute nothing (1^T A = 0) and are left out.
  Result operator()(const Vector& v, const Vector& u) const;

private:
  const Discretization<dim>& discretization;
  WeightedForm<dim>& form;
  const double shift;
};

} // namespace fokker_planck
