// Where and how a simulation begins: start, time step and burn-in that suit a problem.
#pragma once

#include "solver/monte_carlo/stepper.h"

namespace fokker_planck {

template <int dim>
struct SimulationScales {
  dealii::Point<dim>
    start; ///< the minimum of the valley that is left (where L is flat: the middle)

  /// The largest rate at which drift or noise change along a trajectory, at the start and on
  /// straight lines to the ways out: |dB/dtheta| of the Ito drift B and |div D|^2/tr D.
  double fastest_rate;

  /// The time in which a Brownian motion crosses the domain: (shortest side)^2/(2 max D).
  double crossing_time;

  /// An estimate of the time in which the quasi-stationary density is reached, from the slowest
  /// relaxation at the start and diffusion across the domain.
  double relaxation_time;

  /// The time step that keeps the bias of the rate at about a per cent: a fraction of
  /// 1/fastest_rate, 1/20 for Heun's scheme and 1/200 for the others, with steps of at most 1/40 of
  /// the shortest side.
  double time_step(Scheme scheme) const;
};

/// Throws InputError where the models are not finite.
template <int dim>
SimulationScales<dim> find_scales(const Problem<dim>& problem);

} // namespace fokker_planck
