#include "postprocess/fields/boundary_curves.h"

#include <deal.II/base/polynomial.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/lac/full_matrix.h>
#include <deal.II/numerics/rtree.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;

namespace {

double length(const SampledFace<2>& face) {
  double sum = 0;
  for (const auto& sample : face.samples)
    sum += sample.weight;
  return sum;
}

double length(const BoundaryCurve& curve) {
  double sum = 0;
  for (const auto& face : curve)
    sum += length(face);
  return sum;
}

/// Entry (q, j): the integral of the Lagrange polynomial of point j from 0 to point q, relative to
/// the weight of point j. It turns weights into arc lengths within a face.
dealii::FullMatrix<double> partial_integrals(const dealii::Quadrature<1>& rule) {
  const auto basis = dealii::Polynomials::generate_complete_Lagrange_basis(rule.get_points());
  const dealii::QGauss<1> gauss(rule.size());
  dealii::FullMatrix<double> integrals(rule.size(), rule.size());
  for (unsigned int q = 0; q < rule.size(); ++q)
    for (unsigned int j = 0; j < rule.size(); ++j)
      for (unsigned int k = 0; k < gauss.size(); ++k) {
        const double end = rule.point(q)[0];
        integrals(q, j) +=
          end * gauss.weight(k) * basis[j].value(end * gauss.point(k)[0]) / rule.weight(j);
      }
  return integrals;
}

/// Twice the area to the left of a closed curve.
double turning(const std::vector<CurveSample>& samples) {
  double sum = 0;
  Point<2> previous = samples.back().sample.position;
  for (const auto& [sample, arc_length, angle] : samples) {
    sum += previous[0] * sample.position[1] - previous[1] * sample.position[0];
    previous = sample.position;
  }
  return sum;
}

/// Lets the samples of a closed curve run counter-clockwise from the least angle on.
void begin_at_least_angle(std::vector<CurveSample>& samples, const double total) {
  if (turning(samples) < 0) {
    std::reverse(samples.begin(), samples.end());
    for (auto& sample : samples)
      sample.arc_length = total - sample.arc_length;
  }
  const auto first = std::min_element(
    samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.angle < b.angle; });
  std::rotate(samples.begin(), first, samples.end());
  const CurveSample begin = samples.front();
  for (auto& sample : samples)
    if (sample.arc_length < begin.arc_length) sample.arc_length += total;
  const CurveSample end = samples.back();
  // Between the two lies the angle pi if the curve winds around the centre.
  const double turn = begin.angle + 2 * M_PI - end.angle;
  const double share = turn < M_PI ? (begin.angle + M_PI) / turn : 0.5;
  const double origin = begin.arc_length - share * (begin.arc_length + total - end.arc_length);
  for (auto& sample : samples)
    sample.arc_length -= origin;
}

} // namespace

std::vector<BoundaryCurve> connect(const std::vector<SampledFace<2>>& faces) {
  namespace bgi = boost::geometry::index;
  using Start = std::pair<Point<2>, std::size_t>;
  std::vector<Start> starts;
  for (std::size_t f = 0; f < faces.size(); ++f)
    starts.emplace_back(faces[f].ends[0], f);
  const auto tree = dealii::pack_rtree(starts);
  std::vector<bool> used(faces.size(), false);
  const auto is_unused = bgi::satisfies([&](const Start& start) { return !used[start.second]; });

  std::vector<BoundaryCurve> curves;
  const auto lies_before = [](const SampledFace<2>& a, const SampledFace<2>& b) {
    return std::make_pair(a.ends[0][0], a.ends[0][1]) < std::make_pair(b.ends[0][0], b.ends[0][1]);
  };
  for (const Start& first : starts) {
    if (used[first.second]) continue;
    BoundaryCurve curve;
    for (std::size_t f = first.second;;) {
      used[f] = true;
      curve.push_back(faces[f]);
      const Point<2>& end = faces[f].ends[1];
      const auto next = tree.qbegin(bgi::nearest(end, 1) && is_unused);
      if (next == tree.qend() || next->first.distance(end) > first.first.distance(end)) break;
      f = next->second;
    }
    std::rotate(curve.begin(), std::min_element(curve.begin(), curve.end(), lies_before),
                curve.end());
    curves.push_back(curve);
  }
  std::sort(curves.begin(), curves.end(),
            [](const auto& a, const auto& b) { return length(a) > length(b); });
  return curves;
}

std::vector<BoundaryCurve> pieces_of_side(const std::vector<BoundaryCurve>& curves,
                                          const unsigned int side) {
  std::vector<BoundaryCurve> pieces;
  for (BoundaryCurve curve : curves) {
    const auto belongs = [&](const SampledFace<2>& face) { return face.side == side; };
    // Begin between two pieces.
    std::rotate(curve.begin(), std::find_if_not(curve.begin(), curve.end(), belongs), curve.end());
    bool continues = false;
    for (const auto& face : curve) {
      if (belongs(face)) {
        if (!continues) pieces.emplace_back();
        pieces.back().push_back(face);
      }
      continues = belongs(face);
    }
  }
  return pieces;
}

std::vector<CurveSample> samples_along(const std::vector<BoundaryCurve>& pieces,
                                       const Point<2>& center, const dealii::Quadrature<1>& rule) {
  const auto integrals = partial_integrals(rule);
  std::vector<CurveSample> all;
  double begin = 0;
  for (const auto& piece : pieces) {
    std::vector<CurveSample> samples;
    double before = 0;
    for (const auto& face : piece) {
      // A face may have been reversed; the rule is symmetric.
      for (unsigned int q = 0; q < rule.size(); ++q) {
        double arc_length = before;
        for (unsigned int j = 0; j < rule.size(); ++j)
          arc_length += integrals(q, j) * face.samples[j].weight;
        const auto direction = face.samples[q].position - center;
        samples.push_back({ face.samples[q], arc_length, std::atan2(direction[1], direction[0]) });
      }
      before += length(face);
    }
    const double gap = piece.back().ends[1].distance(piece.front().ends[0]);
    if (gap < 1e-6 * length(piece.back())) begin_at_least_angle(samples, before);
    for (auto& sample : samples) {
      sample.arc_length += begin;
      all.push_back(sample);
    }
    begin += before;
  }
  return all;
}

} // namespace fokker_planck
