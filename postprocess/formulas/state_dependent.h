// Kramers' formula for noise D(x), written with the loss and the interpretation a of the noise.
//
// With Phi = int (L' - f)/D, Psi = Phi + (1-a) log D: Laplace's method for
//   1/gamma = int D^-(1-a) exp(-Phi) dx int D^-a exp(Phi) dy
// around the critical points of L gives
//   gamma = sqrt(H_a |H_b|)/(2 pi) (D_b/D_a)^(a - 1/2) exp(-(Phi_b - Phi_a)),
// that is (D_a/D_b)^(1/2) for Ito, 1 for Stratonovich and (D_b/D_a)^(1/2) for anti-Ito noise. It
// differs from Kramers' formula in Psi, whose critical points lie beside those of L, by the order
// of the noise only.
#pragma once

#include "postprocess/formulas/escape_formula.h"

namespace fokker_planck {

/// The loss, noise and Phi at the critical points of L - int f next to a route of the first well.
struct LossBarrier {
  double log_rate;
  std::optional<double> corrected_log_rate;
  double log_noise_ratio; ///< log(D_a/D_b)
};

/// For any interpretation a. None if there is no critical point within a width of those of Psi.
std::optional<LossBarrier> loss_barrier(const EscapeSetting<1>& setting, const Route& route,
                                        double a);

/// The sum over all ways over saddles, for any interpretation a, and the verdict of
/// objection_to_routes(); it applies if a is that of the problem.
Evaluation over_loss_barriers(const EscapeSetting<1>& setting, double a);

/// "Ito", "Stratonovich" or "anti-Ito".
std::string interpretation_name(double a);

} // namespace fokker_planck
