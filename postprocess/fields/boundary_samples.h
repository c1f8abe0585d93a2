// The density of exit points at quadrature points of the boundary of a shape.
#pragma once

#include "solver/analyses/quasi_stationary.h"

#include <array>
#include <vector>

namespace fokker_planck {

template <int dim>
struct BoundarySample {
  dealii::Point<dim> position;
  double weight;       ///< length or area
  double exit_density; ///< see ExitDensity; 0 on reflecting sides
};

/// A face of a cell on the boundary.
template <int dim>
struct SampledFace {
  unsigned int side;

  /// In 2-D its ends, in the order in which the domain lies to the left.
  std::array<dealii::Point<dim>, 2> ends;

  std::vector<BoundarySample<dim>> samples; ///< in 2-D from end to end
};

/// The Gauss rule for integrals over faces, along each of their directions.
dealii::Quadrature<1> boundary_rule(unsigned int degree);

/// With samples at the points of a rule along each direction. All faces of the boundary;
/// collective. Only rank 0 receives them, in no particular order.
template <int dim>
std::vector<SampledFace<dim>> sample_boundary(const Discretization<dim>& discretization,
                                              const QuasiStationary<dim>& solution,
                                              const dealii::Quadrature<1>& rule);

} // namespace fokker_planck
