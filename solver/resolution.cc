#include "solver/resolution.h"

#include <deal.II/base/mpi.h>
#include <deal.II/fe/fe_tools.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

constexpr double depth = 25; // of the cells that are counted, below the exit

/// Cells in which q changes by less than this hold no energy to speak of.
constexpr double least_change = 1e-6;

/// The matrix of q -> q - I q.
template <int dim>
dealii::FullMatrix<double> highest_degree(const dealii::FE_Q<dim>& element) {
  const unsigned int n = element.n_dofs_per_cell();
  dealii::FullMatrix<double> interpolation(n, n), result(dealii::IdentityMatrix{ n });
  dealii::FETools::get_back_interpolation_matrix(element, dealii::FE_Q<dim>(element.degree - 1),
                                                 interpolation);
  result.add(-1, interpolation);
  return result;
}

} // namespace

template <int dim>
Resolution check_resolution(const Discretization<dim>& discretization, WeightedForm<dim>& form,
                            const dealii::PETScWrappers::MPI::Vector& u,
                            const dealii::PETScWrappers::MPI::Vector& q, const double exit_level,
                            const double log_energy) {
  const auto& element = discretization.get_element();
  const unsigned int n_dofs = element.n_dofs_per_cell();
  dealii::FullMatrix<double> difference;
  if (element.degree > 1) difference = highest_degree(element);

  dealii::Vector<double> u_local(n_dofs), q_local(n_dofs), detail(n_dofs);
  typename WeightedForm<dim>::CellMatrices matrices;
  double found = 0, unresolved = 0;
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    cell->get_dof_values(q, q_local);
    const auto [smallest, largest] = std::minmax_element(q_local.begin(), q_local.end());
    if (*largest - *smallest < least_change || form.smallest_potential(cell) < exit_level - depth)
      continue;
    cell->get_dof_values(u, u_local);
    form.compute(cell, matrices, WeightedForm<dim>::Stiffness::diffusive);
    const double ratio = std::fabs(u_local.mean_value() / q_local.mean_value());
    const double scale = ratio * std::exp(-matrices.reference - log_energy);
    const double energy = scale * matrices.stiffness.matrix_norm_square(q_local);
    found += energy;
    if (element.degree > 1) {
      difference.vmult(detail, q_local);
      unresolved += scale * matrices.stiffness.matrix_norm_square(detail);
    } else
      unresolved += energy * std::min(1., matrices.variation * matrices.variation / 12);
  }
  const MPI_Comm communicator = discretization.get_communicator();
  return { dealii::Utilities::MPI::sum(found, communicator),
           dealii::Utilities::MPI::sum(unresolved, communicator) };
}

#define INSTANTIATE(dim)                                                                           \
  template Resolution check_resolution(const Discretization<dim>&, WeightedForm<dim>&,             \
                                       const dealii::PETScWrappers::MPI::Vector&,                  \
                                       const dealii::PETScWrappers::MPI::Vector&, double, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
