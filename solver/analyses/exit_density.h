// The density of exit points on the absorbing sides.
//
//   g = J.n / gamma,   int_side g phi_i dS = m(u, phi_i) / mass - a(u, phi_i) / (gamma mass)
//
// for the shape functions phi_i of the absorbing nodes: the equation that these nodes do not
// fulfil. These fluxes add up to one exactly, and have digits also where a wall is so far below
// the saddle that J.n could not be had from the slope of u.
//
// Method: each node gets g_i = (flux of phi_i) / int phi_i dS (mass lumping at the Gauss-Lobatto
// nodes, of order k).
// Reference: J. W. Barrett, C. M. Elliott, IMA J. Numer. Anal. 7 (1987) 149.
#pragma once

#include "solver/operator/generator.h"

namespace fokker_planck {

template <int dim>
struct ExitDensity {
  /// g at absorbing nodes, with ghost values; 0 at others. Per unit of length or area of the side;
  /// in one dimension the share of the point, in a ball of dimension n that divided by its area.
  dealii::PETScWrappers::MPI::Vector values;

  std::vector<double> probability; ///< per side; their sum is 1 up to rounding
};

/// u: nodal values with ghosts. Collective.
template <int dim>
ExitDensity<dim> compute_exit_density(const Generator<dim>& generator,
                                      const dealii::PETScWrappers::MPI::Vector& u, double log_rate,
                                      double log_mass);

} // namespace fokker_planck
