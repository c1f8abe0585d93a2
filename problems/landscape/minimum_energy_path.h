// The lowest ways from the valley that is left to the absorbing sides and to the other valleys.
//
// Method: the wells, the absorbing sides and the passes between them (saddles and exit points) form
// a network, in which the lowest of all highest points is found. From each pass on the way, paths
// of steepest descent lead down on both sides (see steepest_descent.h); joined they are a
// minimum-energy path, along which -D grad Psi is tangential. With detailed balance it is the most
// probable way in the limit of weak noise. Without, Psi is a guess, and the path one of Psi with
// D = 1: it shows how the landscape connects, not where the process goes.
#pragma once

#include "problems/base/tensor_field.h"
#include "problems/landscape/landscape.h"

namespace fokker_planck {

template <int dim>
struct MinimumEnergyPath {
  static constexpr int none = -1;

  int well; ///< where the path leads: index into Landscape::wells, or none
  int side; ///< the absorbing side it leads to, or none

  /// From one well over one pass to the next well or out of the domain. Times of the pieces of a
  /// path add.
  struct Piece {
    int from;               ///< index into Landscape::wells
    int critical_point;     ///< the pass: index into Landscape::critical_points, or none
    int to;                 ///< index into Landscape::wells, or none if the piece leads to the side
    double loss, potential; ///< L and Psi at the pass
    std::size_t begin, top, end; ///< the first point, the pass and the last one, in points
  };
  std::vector<Piece> pieces; ///< at least one

  std::size_t highest;   ///< index into pieces: the highest pass
  double barrier;        ///< Psi there less that of the start; the lowest of all ways to the end
  double loss_barrier;   ///< L there less that of the start
  unsigned int n_copies; ///< of this path, itself included: see minimum_energy_paths()

  struct Point {
    dealii::Point<dim> position;
    double arc_length, loss, potential;
  };
  std::vector<Point> points; ///< from the first well to the end; neighbouring ones differ

  double length() const { return points.back().arc_length; }
};

/// The lowest paths from the first well: those to absorbing sides, by ascending barrier, then those
/// to other wells. Parallel paths of equal barrier (up to 1e-6 of it) are all listed; of them those
/// are copies of each other that also have equal determinants of the Hessian at the highest pass
/// and both lead out, or to the same well. loss: L, recorded along the paths. metric and spacing:
/// see SteepestDescent; D with detailed balance, null without.
///
/// A pass that is no isolated critical point is found on the graph of the landscape: a saddle along
/// a reflecting side, or the lowest point of a side along which Psi is constant (to the accuracy of
/// the graph if it is not). There is no path to a side that is lowest where it meets another
/// absorbing side.
template <int dim>
std::vector<MinimumEnergyPath<dim>> minimum_energy_paths(
  const Domain<dim>& domain, const ScalarField<dim>& psi, const ScalarField<dim>& loss,
  const Landscape<dim>& landscape, const TensorField<dim>* metric, double spacing = 1. / 400);

} // namespace fokker_planck
