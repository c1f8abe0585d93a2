// The boundary of a plane domain as a set of closed curves, and what lies along them.
#pragma once

#include "postprocess/fields/boundary_samples.h"

namespace fokker_planck {

/// Faces end to start.
using BoundaryCurve = std::vector<SampledFace<2>>;

/// Connects the faces of the boundary of a domain to closed curves with the domain to the left, the
/// longest one first. Each begins at its lowest vertex on the left.
std::vector<BoundaryCurve> connect(const std::vector<SampledFace<2>>& faces);

/// The parts of closed curves that belong to a side, in the order of the curves.
std::vector<BoundaryCurve> pieces_of_side(const std::vector<BoundaryCurve>& curves,
                                          unsigned int side);

struct CurveSample {
  BoundarySample<2> sample;
  double arc_length;
  double angle; ///< of the position, seen from the centre: in (-pi, pi]
};

/// The samples of a side along its pieces. The arc length continues from piece to piece. A piece
/// that is a closed curve is followed counter-clockwise from the angle -pi on (or from its least
/// angle); the others with the domain to the left.
std::vector<CurveSample> samples_along(const std::vector<BoundaryCurve>& pieces,
                                       const dealii::Point<2>& center,
                                       const dealii::Quadrature<1>& rule);

} // namespace fokker_planck
