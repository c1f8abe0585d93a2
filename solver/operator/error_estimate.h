// How accurate a computed rate is, and which cells are to blame.
//
// Let u_h and q_h be the Galerkin solutions of A u = gamma M u and A^T q = gamma M q (q = u under
// detailed balance), e_u and e_q their errors. The error of the rate is a product of both,
//   (gamma_h - gamma) q^T M u ~ a(e_u, e_q) <= sum_K |e_u|_K |e_q|_K,
//   |g|_K^2 = int_K exp(-Psi) grad g . D grad g,
// which gives each cell K its indicator. Beside it stand the differences that a finer quadrature
// makes to the mass and to the energy of the cell, the part of the energy that the limit on the
// weight (weighted_form.h) adds, and what the shape of the boundary faces adds (geometry_error.h).
//
// Method: |e|_K is extrapolated from the decay of the function's polynomial content, as smooth
// functions have it: with I_j the interpolation in degree j and b_j = |g - I_(k-j) g|_K^2,
//   |e|_K^2 ~ b_2^2 / b_4
// (the content of degrees k+1, k+2 relative to that of k-1, k as the latter to that of k-3, k-2;
// two at a time, because of symmetric functions). Degrees below three, where there are too few
// terms, take the variation of Psi over the cell instead: V^2/12 and V^2/60 are the ratios for the
// exponential layer exp(-V x). Degree one also uses the recovered gradient. At the corners of
// polygons, where functions are not smooth, the contents of all degrees above k decrease as k^(-4
// alpha) (see corners.h). References: R. Becker, R. Rannacher, Acta Numerica 10 (2001) 1, for the
// weighting by the adjoint; I. Babuska, M. Suri, RAIRO Math. Model. Numer. Anal. 21 (1987) 199, for
// the corners.
#pragma once

#include "solver/operator/basins.h"
#include "solver/operator/generator.h"

namespace fokker_planck {

template <int dim>
struct PinnedFunction;

struct ErrorEstimate {
  /// Estimate of |gamma_h/gamma - 1|, the sum of the indicators.
  double relative_error;

  /// Per active cell index, on the rank that owns the cell; zero elsewhere.
  std::vector<double> indicators;

  /// Two shares of the energy E = gamma q^T M u = sum_K r_K |q|_K^2 (r_K the mean of u/q) tell a
  /// mesh that does not resolve the layer at the exit: found: the energy in the cells on which Psi
  /// stays above exit - 25; the rest lies in cells that reach from the layer deep into the valley.
  double found;

  /// r_K b_1 there, the relative error that degree k - 1 would make; for k = 1 by the variation of
  /// Psi.
  double highest_degree;
};

/// The estimate for u and q (equal if A is symmetric). exit_level: Psi at the exit; log_rate: log
/// of gamma; log_mass: log of q^T M u. Collective.
template <int dim>
ErrorEstimate estimate_error(const Generator<dim>& generator, const Basins<dim>& basins,
                             const PinnedFunction<dim>& u, const PinnedFunction<dim>& q,
                             double exit_level, double log_rate, double log_mass);

} // namespace fokker_planck
