#include "solver/operator/generator.h"

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

/// The block of free nodes of A^ + shift M^.
template <int dim>
Mat shifted_block(AssembledOperator<dim>& op, const FreeNodes<dim>& free, const double shift) {
  Mat block = free.block(op.get_stiffness());
  if (shift == 0) return block;
  Mat mass = free.block(op.get_mass());
  check_petsc(MatAXPY(block, shift, mass, SAME_NONZERO_PATTERN));
  check_petsc(MatDestroy(&mass));
  return block;
}

} // namespace

template <int dim>
Generator<dim>::Generator(const Problem<dim>& problem_, const Gauge<dim>& gauge_,
                          const Discretization<dim>& discretization_, const double cutoff_level,
                          const SolverOptions& options_)
  : problem(problem_), gauge(gauge_), discretization(discretization_), options(options_),
    iterative(chooses_iterative(options, gauge.is_reversible(), dim,
                                discretization.get_dof_handler().n_dofs())),
    form(std::make_unique<WeightedForm<dim>>(problem, gauge, discretization.get_mapping(),
                                             discretization.get_element().degree, cutoff_level)),
    space(discretization, *form) {
  if (iterative)
    op = std::make_unique<MatrixFreeOperator<dim>>(space, *form);
  else
    op = std::make_unique<AssembledOperator<dim>>(space, *form);
}

template <int dim>
Symmetry Generator<dim>::symmetry() const {
  return gauge.is_reversible() ? Symmetry::symmetric : Symmetry::general;
}

template <int dim>
std::unique_ptr<ConstrainedSolver<dim>> Generator<dim>::make_solver(const FixedParts& fixed,
                                                                    const double shift) const {
  const auto make = [&](const FreeNodes<dim>& free) -> std::unique_ptr<LinearSolver> {
    if (iterative)
      return std::make_unique<MultigridSolver<dim>>(
        discretization, space, free, fixed, static_cast<const MatrixFreeOperator<dim>&>(*op), shift,
        symmetry(), options);
    return std::make_unique<DirectSolver<dim>>(
      space, free, shifted_block(static_cast<AssembledOperator<dim>&>(*op), free, shift),
      symmetry());
  };
  return std::make_unique<ConstrainedSolver<dim>>(discretization, space, fixed, make);
}

template <int dim>
typename Generator<dim>::Vector Generator<dim>::stiffness_times(const Vector& u,
                                                                const Equation equation) const {
  Vector result = make_vector();
  op->apply_stiffness(u, result, equation);
  return result;
}

template <int dim>
typename Generator<dim>::Vector Generator<dim>::mass_times(const Vector& u) const {
  Vector result = make_vector();
  op->apply_mass(u, result);
  return result;
}

template <int dim>
typename Generator<dim>::Vector Generator<dim>::make_vector() const {
  return Vector(discretization.locally_owned(), discretization.get_communicator());
}

template <int dim>
typename Generator<dim>::Vector Generator<dim>::ones() const {
  Vector result = make_vector();
  result = 1.;
  return result;
}

template <int dim>
typename Generator<dim>::Vector Generator<dim>::scaled(const Vector& nodal) const {
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
void Generator<dim>::unscale(Vector& scaled) const {
  const LocalEntries entries(scaled);
  std::size_t i = 0;
  for (const auto node : discretization.locally_owned())
    entries[i++] *= std::exp(0.5 * (space.potential(node) - space.get_reference()));
}

template <int dim>
double Generator<dim>::log_product(const Vector& v, const Vector& u) const {
  return log_product_with(v, mass_times(u));
}

template <int dim>
double Generator<dim>::log_product_with(const Vector& v, const Vector& mass_times_u) const {
  return std::log(v * mass_times_u) - space.get_reference();
}

template <int dim>
double Generator<dim>::largest_below(const Vector& u, const double level) const {
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
double Generator<dim>::residual(const Vector& u, const double rate,
                                const FreeNodes<dim>& free) const {
  Vector difference = stiffness_times(u), diagonal = make_vector();
  difference.add(-rate, mass_times(u));
  op->get_diagonal(diagonal);
  double largest = 0;
  {
    const LocalValues values(difference), scale(diagonal);
    for (const unsigned int i : free.get_positions())
      largest = std::max(largest, std::fabs(values[i]) / scale[i]);
  }
  largest = dealii::Utilities::MPI::max(largest, discretization.get_communicator());
  return largest / u.linfty_norm();
}

template class Generator<1>;
template class Generator<2>;
template class Generator<3>;

} // namespace fokker_planck
