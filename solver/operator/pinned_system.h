// The linear algebra of the gauged operator with fixed nodes.
//
// Unknowns and operators A^, M^ are scaled (scaled_space.h). Absorbing nodes, pins and hanging
// nodes are removed (block K of A^). Small systems are assembled and factorised (direct_solver.h);
// large ones are solved by iteration with operators that are never matrices (multigrid_solver.h,
// matrix_free_operator.h).
#pragma once

#include "solver/operator/discretization.h"
#include "solver/operator/pinned_solver.h"
#include "solver/operator/scaled_operator.h"
#include "solver/operator/scaled_space.h"
#include "solver/operator/solver_options.h"

#include <memory>
#include <string>

namespace fokker_planck {

template <int dim>
class PinnedSystem {
public:
  using Vector = dealii::PETScWrappers::MPI::Vector;

  /// Makes A^ and M^. symmetric: whether w = 0.
  PinnedSystem(const Discretization<dim>& discretization, WeightedForm<dim>& form, bool symmetric,
               const SolverOptions& options);

  /// Factorises K or sets up multigrid. Throws NotConverged if that fails.
  void prepare();

  /// x = K^-1 b on free nodes, 0 on fixed ones (K^-T if transposed), all in the scaling above. An
  /// iterative solver starts from x; coarsely: a few digits will do. Throws NotConverged if the
  /// solve fails.
  void solve(const Vector& b, Vector& x, const bool transposed = false,
             const bool coarsely = false) const {
    solver->solve(b, x, transposed, coarsely);
  }

  const PinnedSolver& get_solver() const { return *solver; }

  /// A^ u, or A^T u if transposed.
  Vector stiffness_times(const Vector& u, bool transposed = false) const;

  /// M^ u.
  Vector mass_times(const Vector& u) const;

  /// A vector of the owned nodes, zero.
  Vector make_vector() const;

  /// u^ from u.
  Vector scaled(const Vector& nodal) const;

  /// Turns u^ into u.
  void unscale(Vector& scaled) const;

  /// The logarithm of v^T M u for scaled vectors with nonnegative nodal values.
  double log_product(const Vector& v, const Vector& u) const;

  /// Largest |u| over the nodes with cells where Psi <= level, for a nodal vector u. What an
  /// iterative solver leaves of u higher up is noise.
  double largest_below(const Vector& u, double level) const;

  /// Largest |(A u - rate M u)_i| / (A_ii max |u^|) over free nodes, for a scaled vector u.
  double residual(const Vector& u, double rate) const;

private:
  const Discretization<dim>& discretization;
  const bool symmetric;
  const SolverOptions options;
  const bool iterative;
  ScaledSpace<dim> space;
  std::unique_ptr<ScaledOperator> op;
  std::unique_ptr<PinnedSolver> solver;
};

} // namespace fokker_planck
