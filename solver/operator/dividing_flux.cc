#include "solver/operator/dividing_flux.h"

#include <deal.II/base/mpi.h>
#include <deal.II/lac/vector.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

template <int dim>
DividingFlux<dim>::DividingFlux(const Discretization<dim>& discretization_,
                                WeightedForm<dim>& form_, const double shift_)
  : discretization(discretization_), form(form_), shift(shift_) {}

template <int dim>
typename DividingFlux<dim>::Result DividingFlux<dim>::operator()(const Vector& v,
                                                                 const Vector& u) const {
  const unsigned int n_dofs = discretization.get_element().n_dofs_per_cell();
  dealii::Vector<double> v_local(n_dofs), u_local(n_dofs), product(n_dofs);
  typename WeightedForm<dim>::CellMatrices matrices;
  Result sum{ 0, 0, 0 };
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    cell->get_dof_values(v, v_local);
    for (double& value : v_local) // rounding at hanging nodes
      if (std::fabs(value - std::round(value)) < 1e-12) value = std::round(value);
    const auto [smallest, largest] = std::minmax_element(v_local.begin(), v_local.end());
    if (*smallest == *largest) continue;
    cell->get_dof_values(u, u_local);
    form.compute(cell, matrices);
    matrices.stiffness.vmult(product, u_local);
    const long double flux = -(v_local * product);
    long double terms = 0;
    for (unsigned int i = 0; i < n_dofs; ++i)
      for (unsigned int j = 0; j < n_dofs; ++j)
        terms += std::fabs(v_local[i] * matrices.stiffness(i, j) * u_local[j]);
    const long double scale = std::exp(static_cast<long double>(shift - matrices.reference));
    sum.value += flux * scale;
    sum.rounding += std::ldexp(terms * scale, -50);
    if (matrices.variation > WeightedForm<dim>::largest_depth) {
      const double limited = v_local * product;
      form.compute(cell, matrices, WeightedForm<dim>::Stiffness::unlimited);
      matrices.stiffness.vmult(product, u_local);
      sum.excess += (v_local * product - limited) * scale;
    }
  }
  const MPI_Comm communicator = discretization.get_communicator();
  return { dealii::Utilities::MPI::sum(sum.value, communicator),
           dealii::Utilities::MPI::sum(sum.rounding, communicator),
           dealii::Utilities::MPI::sum(sum.excess, communicator) };
}

template class DividingFlux<1>;
template class DividingFlux<2>;
template class DividingFlux<3>;

} // namespace fokker_planck
