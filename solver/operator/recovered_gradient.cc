#include "solver/operator/recovered_gradient.h"

#include <deal.II/fe/fe_values.h>

namespace fokker_planck {

template <int dim>
RecoveredGradient<dim>::RecoveredGradient(
  const Discretization<dim>& discretization,
  const std::function<const dealii::Vector<double>&(const Cell&)>& local_values,
  const std::function<bool(const Cell&)>& counts) {
  using Vector = dealii::PETScWrappers::MPI::Vector;
  const auto& element = discretization.get_element();
  const unsigned int n_dofs = element.n_dofs_per_cell();
  const dealii::Quadrature<dim> nodes(element.get_unit_support_points());
  dealii::FEValues<dim> values(discretization.get_mapping(), element, nodes,
                               dealii::update_gradients);
  Vector volumes(discretization.locally_owned(), discretization.get_communicator());
  std::array<Vector, dim> sums;
  for (Vector& sum : sums)
    sum.reinit(discretization.locally_owned(), discretization.get_communicator());
  std::vector<dealii::types::global_dof_index> indices(n_dofs);
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned() || !counts(cell)) continue;
    values.reinit(cell);
    cell->get_dof_indices(indices);
    const dealii::Vector<double>& local = local_values(cell);
    const double volume = cell->measure();
    for (unsigned int node = 0; node < n_dofs; ++node) {
      dealii::Tensor<1, dim> gradient;
      for (unsigned int j = 0; j < n_dofs; ++j)
        gradient += local[j] * values.shape_grad(j, node);
      volumes(indices[node]) += volume;
      for (int i = 0; i < dim; ++i)
        sums[i](indices[node]) += volume * gradient[i];
    }
  }
  volumes.compress(dealii::VectorOperation::add);
  for (Vector& sum : sums)
    sum.compress(dealii::VectorOperation::add);
  for (int i = 0; i < dim; ++i) {
    Vector mean(discretization.locally_owned(), discretization.get_communicator());
    for (const auto node : discretization.locally_owned()) {
      const double volume = volumes(node), sum = sums[i](node);
      mean(node) = volume > 0 ? sum / volume : 0.;
    }
    mean.compress(dealii::VectorOperation::insert);
    // Hanging nodes have a mean of their own, which ghosted() would replace.
    components[i].reinit(discretization.locally_owned(), discretization.locally_relevant(),
                         discretization.get_communicator());
    components[i] = mean;
  }
}

template <int dim>
std::array<dealii::Vector<double>, dim> RecoveredGradient<dim>::operator()(const Cell& cell) const {
  std::array<dealii::Vector<double>, dim> local;
  for (int i = 0; i < dim; ++i) {
    local[i].reinit(cell->get_fe().n_dofs_per_cell());
    cell->get_dof_values(components[i], local[i]);
  }
  return local;
}

template class RecoveredGradient<1>;
template class RecoveredGradient<2>;
template class RecoveredGradient<3>;

} // namespace fokker_planck
