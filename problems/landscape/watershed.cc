#include "problems/landscape/watershed.h"

#include "problems/geometry/lattice.h"
#include "problems/landscape/lattice_saddles.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>

namespace fokker_planck {

using dealii::Point;

namespace {

/// Points by ascending level.
using Entry = std::pair<double, std::size_t>;
using Front = std::priority_queue<Entry, std::vector<Entry>, std::greater<>>;

/// More local minima than this are those of a flat landscape.
template <int dim>
std::vector<Point<dim>> unless_flat(const std::vector<Point<dim>>& minima) {
  return minima.size() > 1000 ? std::vector<Point<dim>>() : minima;
}

} // namespace

template <int dim>
Watershed<dim>::Watershed(const Domain<dim>& domain, const ScalarField<dim>& psi)
  : graph(domain), center(inner_point(domain)) {
  psi.values(graph.points(), values);
}

template <int dim>
std::vector<Point<dim>> Watershed<dim>::local_minima() const {
  std::vector<Point<dim>> minima;
  for (std::size_t index = 0; index < graph.size(); ++index) {
    bool lowest = !graph.is_absorbing(index);
    graph.for_neighbours(
      index, [&](std::size_t other) { lowest = lowest && values[index] <= values[other]; });
    if (lowest) minima.push_back(graph.points()[index]);
  }
  return unless_flat(minima);
}

template <int dim>
std::vector<Point<dim>> Watershed<dim>::local_saddles() const {
  std::vector<Point<dim>> saddles;
  if (graph.lattice_intervals() > 0)
    for (const std::size_t index : saddles_on_lattice<dim>(values, graph.lattice_intervals()))
      saddles.push_back(graph.points()[index]);
  return unless_flat(saddles);
}

template <int dim>
std::vector<Point<dim>> Watershed<dim>::local_minima_along(const unsigned int side) const {
  if (is_constant_along(side)) return {};
  std::vector<Point<dim>> minima;
  for (std::size_t index = 0; index < graph.size(); ++index) {
    bool lowest = is_on(side, index);
    if (!lowest) continue;
    graph.for_neighbours(index, [&](std::size_t other) {
      lowest = lowest && (!is_on(side, other) || values[index] <= values[other]);
    });
    if (lowest) minima.push_back(graph.points()[index]);
  }
  return unless_flat(minima);
}

template <int dim>
bool Watershed<dim>::is_constant_along(const unsigned int side) const {
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  double lowest_on_side = INFINITY, highest_on_side = -INFINITY;
  for (std::size_t index = 0; index < graph.size(); ++index)
    if (is_on(side, index)) {
      lowest_on_side = std::min(lowest_on_side, values[index]);
      highest_on_side = std::max(highest_on_side, values[index]);
    }
  return highest_on_side - lowest_on_side <= 1e-9 * (*highest - *lowest);
}

template <int dim>
std::vector<Point<dim>> Watershed<dim>::points_on(const unsigned int side) const {
  std::vector<Point<dim>> points;
  for (std::size_t index = 0; index < graph.size(); ++index)
    if (graph.sides(index) == 1U << side) points.push_back(graph.points()[index]);
  return points;
}

template <int dim>
Point<dim> Watershed<dim>::lowest_point() const {
  const auto key = [&](std::size_t index) {
    return std::make_pair(values[index], graph.points()[index].distance(center));
  };
  std::size_t best = graph.size();
  for (std::size_t index = 0; index < graph.size(); ++index)
    if (!graph.is_absorbing(index) && (best == graph.size() || key(index) < key(best)))
      best = index;
  return graph.points()[best];
}

template <int dim>
double Watershed<dim>::exit_level(const Point<dim>& start) const {
  Front front;
  std::vector<bool> seen(graph.size(), false);
  const std::size_t first = graph.nearest(start);
  front.emplace(values[first], first);
  seen[first] = true;
  while (!front.empty() && !graph.is_absorbing(front.top().second)) {
    const auto [level, index] = front.top();
    front.pop();
    graph.for_neighbours(index, [&, level = level](std::size_t other) {
      if (!seen[other]) front.emplace(std::max(level, values[other]), other);
      seen[other] = true;
    });
  }
  return front.empty() ? INFINITY : front.top().first;
}

template <int dim>
std::vector<double> Watershed<dim>::exit_levels(const std::vector<Point<dim>>& starts) const {
  std::vector<double> levels(graph.size(), INFINITY);
  Front front;
  for (std::size_t index = 0; index < graph.size(); ++index)
    if (graph.is_absorbing(index)) front.emplace(levels[index] = values[index], index);
  while (!front.empty()) {
    const auto [level, index] = front.top();
    front.pop();
    graph.for_neighbours(index, [&, level = level](std::size_t other) {
      if (levels[other] < INFINITY) return;
      levels[other] = std::max(level, values[other]);
      front.emplace(levels[other], other);
    });
  }
  std::vector<double> result;
  for (const auto& start : starts)
    result.push_back(levels[graph.nearest(start)]);
  return result;
}

template <int dim>
void Watershed<dim>::flood(const std::vector<Point<dim>>& wells) {
  constexpr int unreached = -2;
  basins.assign(graph.size(), unreached);
  Front front;
  const auto start_from = [&](std::size_t index, int basin) {
    basins[index] = basin;
    front.emplace(values[index], index);
  };
  for (std::size_t index = 0; index < graph.size(); ++index)
    if (graph.is_absorbing(index)) start_from(index, outside);
  for (std::size_t well = 0; well < wells.size(); ++well)
    start_from(graph.nearest(wells[well]), static_cast<int>(well));
  while (!front.empty()) {
    const auto [level, index] = front.top();
    front.pop();
    graph.for_neighbours(index, [&, level = level, index = index](std::size_t other) {
      if (basins[other] != unreached) return;
      basins[other] = basins[index];
      front.emplace(std::max(level, values[other]), other);
    });
  }
}

template <int dim>
void Watershed<dim>::mark_high_exits(const double level) {
  high_exits.assign(graph.size(), false);
  std::vector<std::size_t> pending;
  const auto mark = [&](std::size_t index) {
    if (high_exits[index] || values[index] < level) return;
    high_exits[index] = true;
    pending.push_back(index);
  };
  for (std::size_t index = 0; index < graph.size(); ++index)
    if (graph.is_absorbing(index)) mark(index);
  while (!pending.empty()) {
    const std::size_t index = pending.back();
    pending.pop_back();
    graph.for_neighbours(index, mark);
  }
}

template class Watershed<1>;
template class Watershed<2>;
template class Watershed<3>;

} // namespace fokker_planck
