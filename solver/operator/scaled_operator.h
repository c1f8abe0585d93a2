// The scaled operators A^ and M^ (see scaled_space.h), whichever way they are applied.
#pragma once

#include "solver/operator/kinds.h"

#include <deal.II/lac/petsc_vector.h>

namespace fokker_planck {

class ScaledOperator {
public:
  using Vector = dealii::PETScWrappers::MPI::Vector;

  virtual ~ScaledOperator() = default;

  /// result = A^ u, or A^T u for the backward equation.
  virtual void apply_stiffness(const Vector& u, Vector& result, Equation equation) const = 0;

  /// result = M^ u.
  virtual void apply_mass(const Vector& u, Vector& result) const = 0;

  /// The diagonal of A^; without the terms between hanging nodes where no matrix exists.
  virtual void get_diagonal(Vector& result) const = 0;
};

} // namespace fokker_planck
