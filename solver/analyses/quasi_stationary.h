// Quasi-stationary density and escape rate.
//
// Equation: div J = gamma p, J = -(D grad p + c p), p = 0 on absorbing sides, J.n = 0 on reflecting
// ones (see problem.h), gamma the smallest eigenvalue. With p = exp(-Psi) u (see gauge.h) the
// Galerkin equations are A u = gamma M u (see generator.h).
//
// Method: inverse iteration A u_new = lambda M u, in a form that keeps relative accuracy although A
// is singular up to gamma ~ exp(-barrier/D). One node in each valley is pinned; K is A without pins
// and absorbing nodes, a matrix as benign as that of a Poisson problem. With the pinned functions
// s_m, their adjoints s*_m and the rates R between valleys (pinned_basis.h)
//   u_new = sum_m t_m s_m + lambda y,   K y = M u,   R t = s*^T M u  (see rate_matrix.h).
// At convergence lambda = gamma. High above the noise one step suffices; without a barrier the
// iteration converges with the ratio of the two smallest eigenvalues.
// The rate is that of the Galerkin eigenvalue, of order 2k for elements of degree k.
#pragma once

#include "solver/analyses/pinned_problem.h"
#include "solver/operator/error_estimate.h"

#include <string>
#include <vector>

namespace fokker_planck {

template <int dim>
struct QuasiStationary {
  /// Nodal values of u, with ghost values: about 1 in the valley where it is largest; never
  /// negative.
  dealii::PETScWrappers::MPI::Vector u;

  double log_rate; ///< log of gamma
  double log_mass; ///< log of int exp(-Psi) u

  /// Share of each side in the outgoing flux, 0 for reflecting sides; the sum is 1.
  std::vector<double> exit_probability;

  /// Density of exit points, nodal values with ghosts: see ExitDensity.
  dealii::PETScWrappers::MPI::Vector exit_density;

  double weight_limit; ///< see PinnedBasis::weight_limit()

  /// |sum of the fluxes computed side by side / (gamma mass) - 1|, before they are scaled to sum 1.
  double flux_discrepancy;

  double negative_part; ///< norm of min(u, 0) relative to that of u, before it is set to zero
  ErrorEstimate error;

  unsigned int iterations;
  double residual; ///< see Generator::residual()
  std::string method;
  LinearIterations linear; ///< of the iterative solver, if it was used
  /// Wall times: of the integrals over cells; of the factorisation, or of setting up multigrid; of
  /// all solves; of estimating the error.
  double assembly_seconds, setup_seconds, iteration_seconds, estimate_seconds;
};

/// Throws NotConverged if the iteration does not converge, MeshTooCoarse if the mesh does not carry
/// the result (density or rate not positive). Collective.
template <int dim>
QuasiStationary<dim> solve_quasi_stationary(const PinnedProblem<dim>& pinned);

/// The same on a discretization. Throws InputError where the loss is not finite. If an iterative
/// solver that was chosen automatically fails, the matrix is factorised.
template <int dim>
QuasiStationary<dim> solve_quasi_stationary(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                            const Landscape<dim>& landscape,
                                            const Discretization<dim>& discretization,
                                            const SolverOptions& options = {});

} // namespace fokker_planck
