// Escape formulas of transition-state theory, for gradient systems with constant diffusion.
//
// Notation: a the minimum, b the saddle, z the exit point, H_Psi the Hessian of Psi = L/D (its
// generalisation for a diffusion tensor under detailed balance), H that of L, lambda_b the negative
// eigenvalue of H at b, n the outward normal. Each is the leading term as the noise vanishes.
//   Kramers, Eyring-Kramers   |lambda_b|/(2 pi) sqrt(det H_Psi(a)/|det H_Psi(b)|) exp(-(Psi_b -
//   Psi_a)),
//                             the absorbing boundary well beyond the saddle;
//   ... at the saddle         twice that: the absorbing boundary passes through the saddle;
//   boundary exit             dL/dn(z) / sqrt(2 pi) sqrt(det H_Psi(a)/det H_Psi,boundary(z))
//                             exp(-(Psi_z - Psi_a)), L rising towards the boundary at z. The
//                             Hessian along the boundary includes its curvature (see
//                             CriticalPoint); a tensor diffusion has n.D grad Psi for dL/dn.
// Kramers is Eyring-Kramers in one dimension. Rates over parallel ways out add.
// References: H. A. Kramers, Physica 7 (1940) 284; P. Haenggi, P. Talkner, M. Borkovec, Rev. Mod.
// Phys. 62 (1990) 251; A. Bovier et al., J. Eur. Math. Soc. 6 (2004) 399; Z. Schuss, B. J.
// Matkowsky, SIAM J. Appl. Math. 36 (1979) 604.
#pragma once

#include "problems/landscape/landscape.h"
#include "solver/gauge.h"

#include <limits>
#include <string>
#include <vector>

namespace fokker_planck {

struct Formula {
  std::string name;
  bool applicable = false;
  std::string reason; ///< why it applies or does not

  /// Natural logarithm of the rate; NaN if it cannot be evaluated. Given also where a condition
  /// fails.
  double log_rate = std::numeric_limits<double>::quiet_NaN();
};

/// All formulas by name, with their conditions checked. Shares no code with the assembly.
template <int dim>
std::vector<Formula> escape_formulas(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                     const Landscape<dim>& landscape);

} // namespace fokker_planck
