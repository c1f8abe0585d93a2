// Quasi-stationary density and escape rate.
//
// Equation: div J = gamma p, J = -(D grad p + c p), p = 0 on absorbing sides, J.n = 0 on reflecting
// ones (see problem.h), gamma the smallest eigenvalue. With p = exp(-Psi) u (see gauge.h) the
// Galerkin equations are A u = gamma M u (see weighted_form.h).
//
// Method: inverse iteration A u_new = lambda M u, in a form that keeps relative accuracy although A
// is singular up to gamma ~ exp(-barrier/D). One node in each valley is pinned; K is A without pins
// and absorbing nodes, a matrix as benign as that of a Poisson problem.
// * s_m has the value 1 at pin m, 0 at the other pins and on absorbing nodes, and A s_m = 0 at free
//   nodes; s*_m is the same for A^T (see pinned_functions.h).
// * The flux between pins and to the boundary is taken across a dividing surface: for any v that is
// 1
//   at the receiving nodes and 0 at all other fixed nodes it is -v^T A s_m; v is 1 in the basin
//   that is entered, whose boundary runs along the ridges of Psi (see watershed.h), so that only
//   the elements on the ridge contribute, where nothing cancels.
// * u_new = sum_m t_m s_m + lambda y, where K y = M u, and the balance at the pins, R t = s*^T M u,
//   gives t with the rate matrix R of the fluxes (see rate_matrix.h).
// * At convergence lambda = gamma. High above the noise one step suffices; without a barrier the
//   iteration converges with the ratio of the two smallest eigenvalues.
// The rate is that of the Galerkin eigenvalue, of order 2k for elements of degree k.
#pragma once

#include "problems/landscape/landscape.h"
#include "solver/operator/discretization.h"
#include "solver/operator/error_estimate.h"
#include "solver/operator/pinned_solver.h"
#include "solver/operator/solver_options.h"

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

  /// |sum of the fluxes computed side by side / (gamma mass) - 1|, before they are scaled to sum 1.
  double flux_discrepancy;

  double negative_part; ///< norm of min(u, 0) relative to that of u, before it is set to zero
  ErrorEstimate error;

  unsigned int iterations;
  double residual; ///< see PinnedSystem::residual
  std::string method;
  LinearIterations linear; ///< of the iterative solver, if it was used
  /// Wall times: of the integrals over cells; of the factorisation, or of setting up multigrid; of
  /// all solves; of estimating the error.
  double assembly_seconds, setup_seconds, iteration_seconds, estimate_seconds;
};

/// Solves on the given discretization. Throws NotConverged if the iteration does not converge or
/// the mesh is too coarse to carry the result (density or rate not positive), InputError where the
/// loss is not finite.
template <int dim>
QuasiStationary<dim> solve_quasi_stationary(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                            const Landscape<dim>& landscape,
                                            const Discretization<dim>& discretization,
                                            const SolverOptions& options = {});

} // namespace fokker_planck
