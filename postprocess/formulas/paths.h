// Several ways and several valleys, under detailed balance.
//
//   parallel paths    rates add: the sum over all ways out of the valley, of whatever kind;
//   sequential paths  times add: the valleys are the states of a Markov chain that steps with the
//                     rates of Eyring and Kramers over each saddle, and of their own formulas
//                     through the boundary. gamma is its smallest eigenvalue; for a chain of steps
//                     of which one is slow, 1/gamma is the sum of the times (weights of the valleys
//                     before each saddle)/(flux over it).
//   two valleys       P_1/P_2 = sqrt(det H_2/det H_1) exp((L_2 - L_1)/D); in general P_v ~
//                     exp(-Psi_v)/sqrt(det H_Psi(v)), which for two valleys is P_v ~ tau_v.
// Reference: A. Bovier, V. Gayrard, M. Klein, J. Eur. Math. Soc. 7 (2005) 69.
#pragma once

#include "postprocess/formulas/escape_formula.h"

namespace fokker_planck {

/// Logarithm of the leading-order ratio P_v/P_w of the stationary probabilities of two valleys,
/// given by their minima.
template <int dim>
double log_occupation_ratio(const CriticalPoint<dim>& v, const CriticalPoint<dim>& w);

/// Logarithms of the leading-order stationary probabilities of all valleys of a landscape, in the
/// order of Landscape::wells. Throws std::invalid_argument if a valley has no minimum inside the
/// domain.
template <int dim>
std::vector<double> log_occupations(const Landscape<dim>& landscape);

/// rates[l][m]: the leading-order rate from valley m to valley l; rates[n_valleys][m]: that to the
/// absorbing boundary. Logarithms; -infinity where there is no way. Throws as above.
template <int dim>
std::vector<std::vector<double>> log_rates_between_valleys(const EscapeSetting<dim>& setting);

} // namespace fokker_planck
