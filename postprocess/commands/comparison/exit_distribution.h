// Where the finite elements say that an absorbing side is hit, for comparison with single exits.
#pragma once

#include "solver/analyses/quasi_stationary.h"

#include <string>
#include <vector>

namespace fokker_planck {

/// The exit probability of one piece of the boundary, at a point of it.
template <int dim>
struct ExitShare {
  unsigned int side;
  dealii::Point<dim> position;
  double probability;
};

/// The exit-point density in small pieces; their sum is 1 up to the error of the quadrature.
/// Collective; on the first rank only. Nothing in one dimension, where sides are points.
template <int dim>
std::vector<ExitShare<dim>> exit_shares(const Problem<dim>& problem,
                                        const Discretization<dim>& discretization,
                                        const QuasiStationary<dim>& solution);

/// The distribution function of one coordinate of the exit points of a side, linear between the
/// positions of the shares.
class CoordinateDistribution {
public:
  template <int dim>
  CoordinateDistribution(const std::vector<ExitShare<dim>>& shares, unsigned int side,
                         unsigned int axis);

  /// Whether the coordinate takes different values at all.
  bool varies() const { return at.size() > 1; }

  double operator()(double coordinate) const;

  double least() const { return at.front(); }
  double greatest() const { return at.back(); }

private:
  std::vector<double> at, cumulative;
};

/// exit_distributions.csv: side, axis, coordinate and the probability of exits of this side to have
/// no larger coordinate, at equally spaced coordinates.
template <int dim>
std::string distribution_table(const Domain<dim>& domain,
                               const std::vector<ExitShare<dim>>& shares);

} // namespace fokker_planck
