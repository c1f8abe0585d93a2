#include "solver/operator/dividing_flux.h"

#include <deal.II/base/mpi.h>
#include <deal.II/lac/vector.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

template <int dim>
std::vector<DividingFlux> dividing_fluxes(
  const Discretization<dim>& discretization, WeightedForm<dim>& form, const double log_unit,
  const dealii::PETScWrappers::MPI::Vector& v,
  const std::vector<dealii::PETScWrappers::MPI::Vector>& u) {
  const unsigned int n_dofs = discretization.get_element().n_dofs_per_cell();
  dealii::Vector<double> v_local(n_dofs), u_local(n_dofs), product(n_dofs);
  typename WeightedForm<dim>::CellMatrices matrices, unlimited;
  std::vector<DividingFlux> fluxes(u.size());
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    cell->get_dof_values(v, v_local);
    for (double& value : v_local) // rounding at hanging nodes
      if (std::fabs(value - std::round(value)) < 1e-12) value = std::round(value);
    const auto [smallest, largest] = std::minmax_element(v_local.begin(), v_local.end());
    if (*smallest == *largest) continue;
    form.compute(cell, matrices);
    const bool is_limited = matrices.variation > WeightedForm<dim>::largest_depth;
    if (is_limited) form.compute(cell, unlimited, WeightedForm<dim>::Stiffness::unlimited);
    const long double scale = std::exp(static_cast<long double>(log_unit - matrices.reference));
    for (std::size_t k = 0; k < u.size(); ++k) {
      cell->get_dof_values(u[k], u_local);
      matrices.stiffness.vmult(product, u_local);
      const double form_of_both = v_local * product;
      fluxes[k].value -= form_of_both * scale;
      if (!is_limited) continue;
      unlimited.stiffness.vmult(product, u_local);
      fluxes[k].excess += (v_local * product - form_of_both) * scale;
    }
  }
  const MPI_Comm communicator = discretization.get_communicator();
  for (DividingFlux& flux : fluxes)
    flux = { dealii::Utilities::MPI::sum(flux.value, communicator),
             dealii::Utilities::MPI::sum(flux.excess, communicator) };
  return fluxes;
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<DividingFlux> dividing_fluxes(                                              \
    const Discretization<dim>&, WeightedForm<dim>&, double,                                        \
    const dealii::PETScWrappers::MPI::Vector&,                                                     \
    const std::vector<dealii::PETScWrappers::MPI::Vector>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
