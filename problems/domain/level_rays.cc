#include "problems/domain/level_rays.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

/// A maximum closer than this to the level, relative to the depth, touches it.
constexpr double touching = 1e-13;

constexpr unsigned int most_iterations = 200; // bisection alone needs about 60

/// Whether Newton's step ends well inside the bracket.
bool lies_between(const double x, const double a, const double b) {
  return x > std::min(a, b) && x < std::max(a, b);
}

} // namespace

template <int dim>
LevelRays<dim>::LevelRays(const std::shared_ptr<const ScalarField<dim>>& function_,
                          const Point<dim>& center_, const double level_)
  : function(function_), center(center_), level(level_) {
  std::vector<double> values;
  function->values({ center }, values);
  depth = level - values[0];
}

template <int dim>
typename LevelRays<dim>::Sample LevelRays<dim>::sample(const Tensor<1, dim>& v,
                                                       const double rho) const {
  const std::vector<Point<dim>> points{ center + rho * v };
  std::vector<double> values;
  std::vector<Tensor<1, dim>> gradients;
  function->values(points, values);
  function->gradients(points, gradients);
  return { rho, values[0] - level, gradients[0] * v };
}

/// The root between a point below the level and one that is not.
template <int dim>
double LevelRays<dim>::root(const Tensor<1, dim>& v, Sample below, Sample above) const {
  Sample current = -below.rise < above.rise || !std::isfinite(above.rise) ? below : above;
  for (unsigned int i = 0; i < most_iterations; ++i) {
    if (current.rise == 0) break;
    double next = current.rho - current.rise / current.slope;
    const double tiny = 2 * std::numeric_limits<double>::epsilon() * current.rho;
    if (std::fabs(next - current.rho) <= tiny) break;
    if (!lies_between(next, below.rho, above.rho)) next = 0.5 * (below.rho + above.rho);
    if (above.rho - below.rho <= tiny) break;
    current = sample(v, next);
    (current.rise < 0 ? below : above) = current;
  }
  return current.rho;
}

/// The maximum of L between a rising and a falling slope, by the secant method with bisection.
template <int dim>
typename LevelRays<dim>::Sample LevelRays<dim>::maximum(const Tensor<1, dim>& v, const Sample& left,
                                                        const Sample& right) const {
  Sample rising = left, falling = right, current = left, previous = right;
  for (unsigned int i = 0; i < most_iterations; ++i) {
    const double tiny = 2 * std::numeric_limits<double>::epsilon() * falling.rho;
    double next =
      current.rho - current.slope * (current.rho - previous.rho) / (current.slope - previous.slope);
    if (!lies_between(next, rising.rho, falling.rho)) next = 0.5 * (rising.rho + falling.rho);
    previous = current;
    current = sample(v, next);
    if (current.rise > touching * depth || current.slope == 0) break; // high enough
    (current.slope > 0 ? rising : falling) = current;
    if (falling.rho - rising.rho <= tiny || std::fabs(next - previous.rho) <= tiny) break;
  }
  return current;
}

template <int dim>
std::optional<double> LevelRays<dim>::first_root(const Tensor<1, dim>& v, const double longest,
                                                 const unsigned int n) const {
  std::vector<Point<dim>> points(n);
  for (unsigned int i = 0; i < n; ++i)
    points[i] = center + longest * (i + 1) / n * v;
  std::vector<double> values;
  std::vector<Tensor<1, dim>> gradients;
  function->values(points, values);
  function->gradients(points, gradients);

  Sample before{ 0, -depth, 0 };
  for (unsigned int i = 0; i < n; ++i) {
    const Sample next{ longest * (i + 1) / n, values[i] - level, gradients[i] * v };
    if (!(next.rise < 0)) return root(v, before, next);
    if (before.slope > 0 && next.slope < 0) {
      const Sample top = maximum(v, before, next);
      if (top.rise >= touching * depth) return root(v, before, top);
      if (top.rise >= -touching * depth) return top.rho;
    }
    before = next;
  }
  return {};
}

template class LevelRays<1>;
template class LevelRays<2>;
template class LevelRays<3>;

} // namespace fokker_planck
