// The escape rate in one dimension (or in a ball) by quadrature, for any D, interpretation and
// barrier.
//
//   -(exp(-Psi) D u')' = gamma exp(-Psi) u,   Psi' = c/D - (n-1)/r   (n = 1 unless in a ball),
//
// with c as in problem.h, p = exp(-Psi) u, u = 0 at absorbing and exp(-Psi) D u' = 0 at reflecting
// ends. Its inverse is an integral operator with a positive kernel,
//   G f(x) = [R(x) int_l^x exp(-Psi) S f dz + S(x) int_x^b exp(-Psi) R f dz]/Z,
//   S(x) = int_l^x exp(Psi)/D dy if the left end absorbs, else 1,
//   R(x) = int_x^b exp(Psi)/D dy if the right end absorbs, else 1,
//   Z = int_l^b exp(Psi)/D dy if both do, else 1.
// * G 1 is the mean first-passage time. For one absorbing end b and the Ito reading this is the
//   well-known tau(x) = int_x^b exp(Phi) int_l^y exp(-Phi)/D dz dy, Phi = int L'/D. It is 1/gamma
//   only up to the time of relaxation, a part exp(-barrier/D) of it.
// * gamma is the smallest eigenvalue, the limit of (f, G f)/(G f, G f), f <- G f from f = 1, with
//   the weight exp(-Psi): its error falls by (gamma/gamma_2)^2 in each step.
//
// Method: panels of 20 Gauss nodes, bisected until both exp(-Psi) and exp(Psi)/D are polynomials on
// them to 1e-13; running integrals with a scale per panel (see panels.h). All terms are positive,
// so the accuracy is relative at any barrier; what limits it is the rounding of Psi, about 1e-16
// times the barrier/D. Ends that lie behind walls of Psi more than the cutoff above the exit are
// left out: they change the rate by exp(-cutoff).
// Reference: C. W. Gardiner, Handbook of Stochastic Methods, 3rd ed. (2004), 5.2.7.
// It shares no code with the solver: Psi is integrated here, too.
#pragma once

#include "postprocess/formulas/panels.h"
#include "problems/problem.h"

namespace fokker_planck {

class ExactIntegral {
public:
  /// start: a point in the valley that is left. Throws NotConverged if the drift divided by D is
  /// not finite or not smooth enough for 50000 panels, or if G has no single largest eigenvalue.
  ExactIntegral(const Problem<1>& problem, double start, double cutoff = 45);

  /// Logarithm of gamma; -infinity if no end absorbs.
  double log_rate() const { return log_gamma; }

  /// Logarithm of the mean first-passage time to the absorbing ends from x, between the first and
  /// the last panel.
  double log_mean_first_passage_time(double x) const;

  /// Logarithm of int exp(-Psi) over the panels whose middle lies in [from, to]; Psi up to a
  /// constant.
  double log_weight(double from, double to) const;

  std::size_t n_panels() const { return lengths.size(); }
  unsigned int n_iterations() const { return iterations; }

private:
  struct Panel {
    double left, length;
    PanelRule::Values rises, diffusions; ///< Psi - Psi(left) without volume element, and D
    double rise;                         ///< over the whole panel
  };

  Panel evaluate(double left, double length) const;
  PanelRule::Values potentials(const Panel& panel, double at_left) const;
  bool is_resolved(const Panel& panel, bool is_last) const;
  std::vector<Panel> rough_panels() const;
  std::vector<Panel> connected_part(const std::vector<Panel>& rough, double cutoff);
  std::vector<Panel> refine(const std::vector<Panel>& rough) const;
  void set_weights(const std::vector<Panel>& panels);
  ScaledFunction apply(const ScaledFunction& f) const;
  void iterate();

  Problem<1> problem;
  double start;
  bool left_absorbs, right_absorbs;
  double log_gamma, log_z = 0;
  unsigned int iterations = 0;
  std::vector<double> lefts, lengths;
  ScaledFunction density, left_kernel, right_kernel; ///< exp(-Psi), exp(-Psi) S, exp(-Psi) R
  ScaledFunction from_left, to_right, mean_time;     ///< S, R, G 1
};

} // namespace fokker_planck
