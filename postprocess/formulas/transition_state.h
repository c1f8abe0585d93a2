// Escape over saddles and through exit points, under detailed balance.
//
//   Kramers, Eyring-Kramers   |lambda_b|/(2 pi) sqrt(det H_Psi(a)/|det H_Psi(b)|) exp(-(Psi_b -
//                             Psi_a)), H_Psi the Hessian of Psi, lambda_b the negative eigenvalue
//                             of D H_Psi at b; the absorbing boundary well beyond the saddle;
//   ... at the saddle         twice that: the absorbing boundary passes through the saddle;
//   boundary exit             n.D grad Psi(z)/sqrt(2 pi) sqrt(det H_Psi(a)/det H_boundary(z))
//                             exp(-(Psi_z - Psi_a)), Psi rising towards the boundary at z. The
//                             Hessian along the boundary includes its curvature (see
//                             CriticalPoint).
// Kramers is Eyring-Kramers in one dimension. Rates over parallel ways out of one kind add. In one
// dimension all have a next order (next_order.h).
#pragma once

#include "postprocess/formulas/escape_formula.h"

namespace fokker_planck {

/// What speaks against taking the rate of escape as that through the given routes (the lowest
/// first): conditions on them, on the valley and on other ways out. Empty if nothing does.
template <int dim>
std::string objection_to_routes(const EscapeSetting<dim>& setting,
                                const std::vector<Route>& routes);

/// The sum over routes (at least one), with the next order if it is known for all of them, and the
/// verdict of objection_to_routes().
template <int dim>
Evaluation add_routes(const EscapeSetting<dim>& setting, const std::vector<Route>& routes);

} // namespace fokker_planck
