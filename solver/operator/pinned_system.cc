#include "solver/operator/pinned_system.h"

#include "solver/operator/assembled_operator.h"
#include "solver/operator/direct_solver.h"
#include "solver/operator/multigrid_solver.h"
#include "solver/operator/petsc.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

/// More unknowns than these, by dimension, make iterations faster than a factorisation, or spare
/// much memory. One dimension is always factorised in no time.
constexpr unsigned long direct_limit[] = { 0, 1UL << 62U, 1000000, 100000 };

bool chooses_iterative(const SolverOptions& options, const bool symmetric, const int dim,
                       const unsigned long n_unknowns) {
  if (options.method == SolverOptions::Method::automatic)
    return symmetric && n_unknowns > direct_limit[dim];
  return options.method == SolverOptions::Method::iterative;
}

} // namespace

template <int dim>
PinnedSystem<dim>::PinnedSystem(const Discretization<dim>& discretization_, WeightedForm<dim>& form,
                                const bool symmetric_, const SolverOptions& options_)
  : discretization(discretization_), symmetric(symmetric_), options(options_),
    iterative(
      chooses_iterative(options, symmetric, dim, discretization.get_dof_handler().n_dofs())),
    space(discretization, form) {
  if (iterative)
    op = std::make_unique<MatrixFreeOperator<dim>>(space, form);
  else
    op = std::make_unique<AssembledOperator<dim>>(space, form);
}

template <int dim>
void PinnedSystem<dim>::prepare() {
  if (iterative)
    solver = std::make_unique<MultigridSolver<dim>>(
      discretization, space, static_cast<const MatrixFreeOperator<dim>&>(*op), symmetric, options);
  else
    solver = std::make_unique<DirectSolver<dim>>(space, static_cast<AssembledOperator<dim>&>(*op),
                                                 symmetric);
}

template <int dim>
typename PinnedSystem<dim>::Vector PinnedSystem<dim>::stiffness_times(const Vector& u,
                                                                      const bool transposed) const {
  Vector result = make_vector();
  op->apply_stiffness(u, result, transposed);
  return result;
}

template <int dim>
typename PinnedSystem<dim>::Vector PinnedSystem<dim>::mass_times(const Vector& u) const {
  Vector result = make_vector();
  op->apply_mass(u, result);
  return result;
}

template <int dim>
typename PinnedSystem<dim>::Vector PinnedSystem<dim>::make_vector() const {
  return Vector(discretization.locally_owned(), discretization.get_communicator());
}

template <int dim>
typename PinnedSystem<dim>::Vector PinnedSystem<dim>::scaled(const Vector& nodal) const {
  Vector result(nodal);
  {
    const LocalEntries entries(result);
    std::size_t i = 0;
    for (const auto node : discretization.locally_owned())
      entries[i++] *= std::exp(-0.5 * (space.potential(node) - space.get_reference()));
  }
  return result;
}

template <int dim>
void PinnedSystem<dim>::unscale(Vector& scaled) const {
  const LocalEntries entries(scaled);
  std::size_t i = 0;
  for (const auto node : discretization.locally_owned())
    entries[i++] *= std::exp(0.5 * (space.potential(node) - space.get_reference()));
}

template <int dim>
double PinnedSystem<dim>::log_product(const Vector& v, const Vector& u) const {
  return std::log(v * mass_times(u)) - space.get_reference();
}

template <int dim>
double PinnedSystem<dim>::largest_below(const Vector& u, const double level) const {
  double largest = 0;
  {
    const LocalValues values(u);
    std::size_t i = 0;
    for (const auto node : discretization.locally_owned()) {
      if (space.potential(node) <= level) largest = std::max(largest, std::fabs(values[i]));
      ++i;
    }
  }
  return dealii::Utilities::MPI::max(largest, discretization.get_communicator());
}

template <int dim>
double PinnedSystem<dim>::residual(const Vector& u, const double rate) const {
  Vector difference = stiffness_times(u), diagonal = make_vector();
  difference.add(-rate, mass_times(u));
  op->get_diagonal(diagonal);
  double largest = 0;
  {
    const LocalValues values(difference), scale(diagonal);
    for (const unsigned int i : space.free_positions())
      largest = std::max(largest, std::fabs(values[i]) / scale[i]);
  }
  largest = dealii::Utilities::MPI::max(largest, discretization.get_communicator());
  return largest / u.linfty_norm();
}

template class PinnedSystem<1>;
template class PinnedSystem<2>;
template class PinnedSystem<3>;

} // namespace fokker_planck
