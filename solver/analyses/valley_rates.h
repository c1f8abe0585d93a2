// Rates between the valleys of a landscape, and what follows from them: occupations and the
// metastable part of the spectrum.
//
// With the pinned functions s_m and s*_m (pinned_basis.h) and the fluxes R_lm = -v_l^T A s_m,
//   rate from valley m to valley l = R_lm / P_m,   P_m = int exp(-Psi) s_m,
// per unit of probability in valley m. Under detailed balance R is symmetric and P_m is the
// equilibrium weight of the valley: P_m k_ml = P_l k_lm.
//
// Metastable eigenvalues: a mode is u = sum_m t_m s_m + lambda y with K y = M u, and the balance at
// the pins demands
//   R t = lambda S(lambda) t,   S = S_0 + lambda S_1 + lambda^2 S_2,
//   S_0 = s*^T M s,  S_1 = s*^T M y,  S_2 = y*^T M y,   K y_m = M s_m,  K^T y*_l = M s*_l;
// what is left out is (lambda/the first eigenvalue within a valley)^3. The slowest eigenvalue is
// the escape rate. Reference: A. Bovier, V. Gayrard, M. Klein, J. Eur. Math. Soc. 7 (2005) 69.
#pragma once

#include "solver/analyses/valley_errors.h"

#include <complex>
#include <vector>

namespace fokker_planck {

template <int dim>
struct ValleyRates {
  /// The bottoms of the valleys, the one that is left first.
  std::vector<dealii::Point<dim>> minima;

  /// log_rates[m][l]: logarithm of the rate from valley m to valley l; NaN on the diagonal and
  /// where the computed rate is not positive (no direct way, up to the error of the
  /// discretisation).
  std::vector<std::vector<double>> log_rates;

  /// log_exit_rates[m][side]: from valley m through a side of the domain; NaN likewise.
  std::vector<std::vector<double>> log_exit_rates;

  /// Logarithm of the whole rate to all sides, by valley; NaN likewise.
  std::vector<double> log_total_exit_rates;

  /// Logarithm of the rate out of valley m, taken across its own dividing surface: what the other
  /// rates of m add up to.
  std::vector<double> log_leaving_rates;

  /// Shares of the valleys in the stationary distribution of the chain without its exits, of sum 1;
  /// empty if a valley cannot be reached from the others.
  std::vector<double> occupation;

  /// Logarithms of the eigenvalues (real part: log |lambda|, imaginary part: the argument),
  /// ascending; one for each valley.
  std::vector<std::complex<double>> log_eigenvalues;

  /// Estimated relative errors of the eigenvalues due to the terms that are left out.
  std::vector<double> truncation_errors;

  /// Of the rates. Those of the eigenvalues are at most about the largest, beside the above.
  ValleyErrors errors;
};

/// log_rate: that of the slowest mode (see quasi_stationary.h). Throws NotConverged if a solve
/// fails. Collective.
template <int dim>
ValleyRates<dim> compute_valley_rates(const PinnedProblem<dim>& pinned, double log_rate,
                                      ValleyErrors errors);

} // namespace fokker_planck
