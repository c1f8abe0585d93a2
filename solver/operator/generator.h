// The generator of the process on a mesh, in the gauge p = exp(-Psi) u (see gauge.h).
//
//   A_ij = int exp(-Psi) (D grad phi_j + w phi_j) . grad phi_i,   M_ij = int exp(-Psi) phi_j phi_i:
//
// A u = f M u are the Galerkin equations of div J = f p with reflecting walls, A^T those of the
// backward equation. Everything that is asked of a Fokker-Planck equation is asked of this object:
// an analysis says what is fixed (absorbing sides, pins, sets of cells) and takes products, fluxes
// and solutions.
//
// Unknowns and operators A^, M^ are scaled (scaled_space.h). Small systems are assembled and
// factorised (direct_solver.h); large ones are solved by iteration with operators that are never
// matrices (multigrid_solver.h, matrix_free_operator.h).
#pragma once

#include "solver/operator/constrained_solver.h"
#include "solver/operator/discretization.h"
#include "solver/operator/dividing_flux.h"
#include "solver/operator/scaled_operator.h"
#include "solver/operator/scaled_space.h"
#include "solver/operator/solver_options.h"

#include <memory>
#include <vector>

namespace fokker_planck {

template <int dim>
class Generator {
public:
  using Vector = dealii::PETScWrappers::MPI::Vector;

  /// Makes A^ and M^; the domain ends where Psi reaches the level. All arguments but options must
  /// outlive this. Throws NotConverged if Psi varies by more than floating-point numbers can bear,
  /// InputError where the loss is not finite. Collective, as all members that take vectors.
  Generator(const Problem<dim>& problem, const Gauge<dim>& gauge,
            const Discretization<dim>& discretization, double cutoff_level,
            const SolverOptions& options = {});

  const Problem<dim>& get_problem() const { return problem; }
  const Gauge<dim>& get_gauge() const { return gauge; }
  const Discretization<dim>& get_discretization() const { return discretization; }
  const SolverOptions& get_options() const { return options; }

  /// The forms on one cell.
  WeightedForm<dim>& get_form() const { return *form; }

  /// Of A: symmetric if w = 0.
  Symmetry symmetry() const;
  bool is_symmetric() const { return symmetry() == Symmetry::symmetric; }

  /// Whether A 1 = 0 (A^T 1 = 0 for the backward equation, which always holds): whether solutions
  /// without sources are constant far from what is fixed.
  bool annihilates_one(const Equation equation) const {
    return is_symmetric() || equation == Equation::backward;
  }

  /// The solver of K x = b, K the block of A^ + shift M^ without the rows and columns of fixed
  /// nodes. Refers to this. Throws NotConverged if K cannot be factorised.
  std::unique_ptr<ConstrainedSolver<dim>> make_solver(const FixedParts& fixed,
                                                      double shift = 0) const;

  /// A^ u, or A^T u for the backward equation.
  Vector stiffness_times(const Vector& u, Equation equation = Equation::forward) const;

  /// M^ u.
  Vector mass_times(const Vector& u) const;

  /// -exp(log_unit) v^T A u for nodal vectors with ghost values: see dividing_fluxes().
  std::vector<DividingFlux> fluxes(const Vector& v, const std::vector<Vector>& u,
                                   double log_unit) const {
    return dividing_fluxes(discretization, *form, log_unit, v, u);
  }

  /// A vector of the owned nodes, zero; all ones.
  Vector make_vector() const;
  Vector ones() const;

  /// u^ from u.
  Vector scaled(const Vector& nodal) const;

  /// Turns u^ into u.
  void unscale(Vector& scaled) const;

  /// The logarithm of v^T M u for scaled vectors with nonnegative nodal values.
  double log_product(const Vector& v, const Vector& u) const;

  /// The same from M^ u.
  double log_product_with(const Vector& v, const Vector& mass_times_u) const;

  /// Largest |u| over the nodes with cells where Psi <= level, for a nodal vector u. What an
  /// iterative solver leaves of u higher up is noise.
  double largest_below(const Vector& u, double level) const;

  /// Largest |(A u - rate M u)_i| / (A_ii max |u^|) over free nodes, for a scaled vector u.
  double residual(const Vector& u, double rate, const FreeNodes<dim>& free) const;

private:
  const Problem<dim>& problem;
  const Gauge<dim>& gauge;
  const Discretization<dim>& discretization;
  const SolverOptions options;
  const bool iterative;
  std::unique_ptr<WeightedForm<dim>> form;
  ScaledSpace<dim> space;
  std::unique_ptr<ScaledOperator> op;
};

} // namespace fokker_planck
