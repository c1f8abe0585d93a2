#include "solver/operator/assembled_operator.h"

#include "problems/base/collective.h"
#include "solver/operator/petsc.h"

namespace fokker_planck {

template <int dim>
AssembledOperator<dim>::AssembledOperator(const ScaledSpace<dim>& space, WeightedForm<dim>& form) {
  space.reinit({ &stiffness, &mass });
  typename WeightedForm<dim>::CellMatrices matrices;
  collectively(space.get_communicator(), [&] {
    for (const auto& cell : space.get_dof_handler().active_cell_iterators()) {
      if (!cell->is_locally_owned()) continue;
      form.compute(cell, matrices);
      space.add(cell, matrices.reference, matrices.stiffness, stiffness);
      space.add(cell, matrices.reference, matrices.mass, mass);
    }
  });
  space.finish(stiffness, 1.);
  space.finish(mass, 0.);
}

template <int dim>
void AssembledOperator<dim>::apply_stiffness(const Vector& u, Vector& result,
                                             const Equation equation) const {
  if (equation == Equation::backward)
    stiffness.Tvmult(result, u);
  else
    stiffness.vmult(result, u);
}

template <int dim>
void AssembledOperator<dim>::apply_mass(const Vector& u, Vector& result) const {
  mass.vmult(result, u);
}

template <int dim>
void AssembledOperator<dim>::get_diagonal(Vector& result) const {
  check_petsc(MatGetDiagonal(stiffness, result));
}

template class AssembledOperator<1>;
template class AssembledOperator<2>;
template class AssembledOperator<3>;

} // namespace fokker_planck
