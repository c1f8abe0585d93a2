#include "problems/landscape/compass_search.h"

#include "problems/geometry/lattice.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;

namespace {

template <int dim>
constexpr unsigned int n = dim == 1   ? 2000
                           : dim == 2 ? 120
                                      : 30; // lattice intervals per direction

template <int dim>
constexpr std::size_t n_descents = dim == 1 ? 200 : 16;

constexpr unsigned int most_steps = 1000; // of a descent

/// A lattice around the domain and the values at its points inside, infinite outside.
template <int dim>
struct Sample {
  std::vector<Point<dim>> points;
  std::vector<double> values;
  std::vector<double> values_inside;
};

template <int dim>
Sample<dim> sample(const Domain<dim>& domain, const FunctionOfPoints<dim>& f) {
  Sample<dim> result;
  result.points = covering_lattice(domain, n<dim>);
  std::vector<Point<dim>> inside;
  std::vector<std::size_t> indices;
  for (std::size_t index = 0; index < result.points.size(); ++index)
    if (domain.contains(result.points[index])) {
      inside.push_back(result.points[index]);
      indices.push_back(index);
    }
  if (inside.empty()) { // a start is needed
    indices.push_back(0);
    inside.push_back(result.points[0] = inner_point(domain));
  }
  result.values_inside = f(inside);
  result.values.assign(result.points.size(), INFINITY);
  for (std::size_t k = 0; k < indices.size(); ++k)
    result.values[indices[k]] = result.values_inside[k];
  return result;
}

/// Indices of the lattice points that are not above their neighbours along the axes, those with the
/// lowest vertex of a parabola through these neighbours first.
template <int dim>
std::vector<std::size_t> lowest_minima(const std::vector<double>& values) {
  std::vector<std::pair<double, std::size_t>> minima;
  for (std::size_t index = 0; index < values.size(); ++index) {
    if (values[index] == INFINITY) continue;
    bool is_lowest = true;
    double vertex = values[index];
    std::size_t stride = 1, rest = index;
    for (int i = 0; i < dim; ++i, stride *= n<dim> + 1, rest /= n<dim> + 1) {
      const bool first = rest % (n<dim> + 1) == 0, last = rest % (n<dim> + 1) == n<dim>;
      const double rise_before = first ? 0 : values[index - stride] - values[index];
      const double rise_behind = last ? 0 : values[index + stride] - values[index];
      is_lowest = is_lowest && rise_before >= 0 && rise_behind >= 0;
      const double slope = rise_behind - rise_before, curvature = rise_behind + rise_before;
      if (!first && !last && curvature > 0 && curvature < INFINITY)
        vertex -= slope * slope / (8 * curvature);
    }
    if (is_lowest) minima.emplace_back(vertex, index);
  }
  std::sort(minima.begin(), minima.end());
  minima.resize(std::min(minima.size(), n_descents<dim>));
  std::vector<std::size_t> indices;
  for (const auto& [vertex, index] : minima)
    indices.push_back(index);
  return indices;
}

} // namespace

template <int dim>
LowestValue<dim> find_lowest(const Domain<dim>& domain, const FunctionOfPoints<dim>& f,
                             const std::function<double(const std::vector<double>&)>& sufficient) {
  const auto [points, values, values_inside] = sample(domain, f);
  for (std::size_t q = 0; q < points.size(); ++q)
    if (std::isnan(values[q])) return { points[q], values[q] };
  const double enough = sufficient(values_inside);

  const auto lowest = std::min_element(values.begin(), values.end()) - values.begin();
  LowestValue<dim> best{ points[lowest], values[lowest] };
  for (const std::size_t start : lowest_minima<dim>(values)) {
    LowestValue<dim> current{ points[start], values[start] };
    double step = 1. / n<dim>;
    for (unsigned int i = 0; i < most_steps && step > 1e-15 && current.value > enough; ++i) {
      std::vector<Point<dim>> next;
      for (int direction = 0; direction < dim; ++direction)
        for (const double sign : { -1., 1. }) {
          next.push_back(current.point);
          next.back()[direction] += sign * step * domain.length(direction);
          next.back() = domain.confine(next.back());
        }
      const auto next_values = f(next);
      const double before = current.value;
      for (std::size_t k = 0; k < next.size(); ++k) {
        if (std::isnan(next_values[k])) return { next[k], next_values[k] };
        if (next_values[k] < current.value) current = { next[k], next_values[k] };
      }
      if (!(current.value < before)) step /= 2;
    }
    if (current.value < best.value) best = current;
  }
  return best;
}

template <int dim>
std::optional<Point<dim>> find_pole(const Domain<dim>& domain, const FunctionOfPoints<dim>& norms) {
  double least = 0;
  const auto lowest = find_lowest<dim>(
    domain,
    [&](const std::vector<Point<dim>>& points) {
      auto values = norms(points);
      for (double& value : values)
        value = std::isfinite(value) ? 1 / (1e-300 + value) : NAN;
      return values;
    },
    [&](std::vector<double> values) {
      const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
      std::nth_element(values.begin(), middle, values.end());
      return least = 1e-11 * std::min(*middle, 1e290);
    });
  if (lowest.value > least) return {};
  return lowest.point;
}

#define INSTANTIATE(dim)                                                                           \
  template LowestValue<dim> find_lowest(const Domain<dim>&, const FunctionOfPoints<dim>&,          \
                                        const std::function<double(const std::vector<double>&)>&); \
  template std::optional<Point<dim>> find_pole(const Domain<dim>&, const FunctionOfPoints<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
