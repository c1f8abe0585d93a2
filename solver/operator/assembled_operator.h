// The scaled operators as sparse matrices: what a direct solver factorises.
#pragma once

#include "solver/operator/scaled_operator.h"
#include "solver/operator/scaled_space.h"

namespace fokker_planck {

template <int dim>
class AssembledOperator : public ScaledOperator {
public:
  AssembledOperator(const ScaledSpace<dim>& space, WeightedForm<dim>& form);

  void apply_stiffness(const Vector& u, Vector& result, Equation equation) const override;
  void apply_mass(const Vector& u, Vector& result) const override;
  void get_diagonal(Vector& result) const override;

  typename ScaledSpace<dim>::Matrix& get_stiffness() { return stiffness; }
  typename ScaledSpace<dim>::Matrix& get_mass() { return mass; }

private:
  typename ScaledSpace<dim>::Matrix stiffness, mass;
};

} // namespace fokker_planck
