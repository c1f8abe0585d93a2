#include "problems/geometry/level_rays.h"

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

bool lies_between(const double x, const double a, const double b) {
  return x > std::min(a, b) && x < std::max(a, b);
}

/// Whether a function with a maximum near the middle one of three equidistant points may reach zero
/// there: four times as far above the middle value as a parabola through them.
bool may_touch(const double before, const double middle, const double behind) {
  if (!(before < middle && behind <= middle)) return false;
  const double slope = behind - before, curvature = 2 * middle - before - behind;
  return middle + 4 * slope * slope / (8 * curvature) + 0.1 * curvature >= 0;
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
double LevelRays<dim>::root(const Tensor<1, dim>& v, double below, const double rise_below,
                            double above, const double rise_above) const {
  if (rise_above == 0) return above;
  double next = below - rise_below * (above - below) / (rise_above - rise_below);
  for (unsigned int i = 0; i < most_iterations; ++i) {
    if (!lies_between(next, below, above)) next = 0.5 * (below + above);
    const Sample current = sample(v, next);
    const double tiny = 2 * std::numeric_limits<double>::epsilon() * current.rho;
    (current.rise < 0 ? below : above) = current.rho;
    next = current.rho - current.rise / current.slope;
    if (std::fabs(next - current.rho) <= tiny || above - below <= tiny) return current.rho;
  }
  return next;
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
  function->values(points, values);
  const auto rise = [&](const unsigned int i) { return i == 0 ? -depth : values[i - 1] - level; };
  const auto rho = [&](const unsigned int i) { return longest * i / n; };

  for (unsigned int i = 1; i <= n; ++i) {
    if (!(rise(i) < 0)) return root(v, rho(i - 1), rise(i - 1), rho(i), rise(i));
    if (i == n || !may_touch(rise(i - 1), rise(i), rise(i + 1))) continue;
    const Sample before = sample(v, rho(i - 1)), behind = sample(v, rho(i + 1));
    if (!(before.slope > 0 && behind.slope < 0)) continue;
    const Sample top = maximum(v, before, behind);
    if (top.rise > touching * depth) return root(v, before.rho, before.rise, top.rho, top.rise);
    if (top.rise >= -touching * depth) return top.rho;
  }
  return {};
}

template class LevelRays<1>;
template class LevelRays<2>;
template class LevelRays<3>;

} // namespace fokker_planck
