// How far a point is on the way out: the coordinate along which splitting ranks states.
//
// Method: for weak noise the probability to reach the absorbing boundary from x before the bottom
// of the valley is exp(-W(x)), up to a prefactor, with the least action of all ways out (Freidlin,
// Wentzell, Random Perturbations of Dynamical Systems, 2012, chapter 4; geometric form: Heymann,
// Vanden-Eijnden, Commun. Pure Appl. Math. 61 (2008) 1052)
//   W(x) = min over ways from x to the boundary of 1/2 int (|B| |dl| - B.dl),
//   u.v = u^T D^-1 v, |u|^2 = u.u,   B the Ito drift (in radial coordinates with (n-1) D/r).
// Where D^-1 B is a gradient -grad V, going down costs nothing and going up costs what V rises by:
// along a minimum-energy path exp(-W) is exp(V - barrier), to both sides of it the cost is that of
// the point of the path to which the process relaxes meanwhile, and of several ways out, and of a
// ring of exits, the cheapest counts. Without detailed balance it needs no potential. It is found
// by Dijkstra's algorithm on a lattice, from the absorbing sides inwards, and interpolated between
// its points. A small cost per length keeps it strictly monotonic where motion is free, such as
// beyond a saddle; on a flat loss it is the distance to the absorbing boundary.
//
// Where the way leads over valleys in between, W adds up the climbs instead of the highest level:
// values differ, but the order of states along the way is the same, and splitting needs nothing
// else. It is unbiased for any coordinate; a bad one makes it noisy.
#pragma once

#include "solver/monte_carlo/coefficients.h"

namespace fokker_planck {

/// xi(x) = W(start) - W(x): 0 at the start, top() at the boundary.
template <int dim>
class ReactionCoordinate {
public:
  ReactionCoordinate(const Problem<dim>& problem, const dealii::Point<dim>& start);

  /// The height of the barrier in units of the noise; infinite if there is no way out.
  double top() const { return action_at_start; }

  /// xi of the first n lanes.
  void values(const Lanes<dim>& x, std::size_t n, double* result) const;
  double value(const dealii::Point<dim>& point) const;

private:
  double action(const double* position) const;

  dealii::Point<dim> lower;
  std::array<double, dim> inverse_spacing;
  std::vector<double> actions; ///< W on the lattice
  double action_at_start = 0;
};

} // namespace fokker_planck
