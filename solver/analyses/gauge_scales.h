// The scale of a guessed potential with which iterations converge.
//
// Where Psi is a guess and more than twice the quasi-potential, u^ = exp(-Psi/2) u grows with the
// distance from the valley and the scaled operator is nearly singular (1e-12 for Hessian-aligned
// noise at small D). A smaller multiple of Psi cures that at the price of a finer mesh, as u then
// varies more in the valley: it is tried only where the wanted one fails.
#pragma once

#include "problems/base/text.h"
#include "solver/operator/linear_solver.h"
#include "solver/operator/solver_options.h"
#include "solver/potential/gauge.h"

#include <string>

namespace fokker_planck {

/// The result of solve(scale) for the first of the scales s, 0.6 s, 0.36 s, 0.216 s of the gauge
/// with which no IterationFailed is thrown. Throws the last of those, and the first under detailed
/// balance, where Psi is no guess.
template <int dim, typename Solve>
auto solve_with_gauge_scale(const Problem<dim>& problem, const double wanted,
                            const SolverOptions& options, const Solve& solve) {
  constexpr unsigned int n_smaller = 3;
  double scale = wanted;
  for (unsigned int n = 0; n < n_smaller; ++n)
    try {
      return solve(scale);
    } catch (const IterationFailed& failure) {
      if (Gauge<dim>(problem).detailed_balance()) throw;
      scale *= 0.6;
      options.say(std::string("  ") + failure.what() +
                  "; trying Discretization/Gauge scale = " + format_rounded(scale));
    }
  return solve(scale);
}

} // namespace fokker_planck
