// Watershed::lowest_ways().
#include "problems/landscape/watershed.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>

namespace fokker_planck {

/// Dijkstra's algorithm with the maximum in place of the sum. Absorbing points are reached, but not
/// passed through.
template <int dim>
typename Watershed<dim>::Climb Watershed<dim>::climb(const std::size_t start) const {
  Climb climb{ std::vector<double>(graph.size(), INFINITY),
               std::vector<std::size_t>(graph.size(), graph.size()) };
  using Entry = std::pair<double, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> front;
  climb.levels[start] = values[start];
  front.emplace(values[start], start);
  while (!front.empty()) {
    const auto [level, index] = front.top();
    front.pop();
    if (graph.is_absorbing(index)) continue;
    graph.for_neighbours(index, [&, level = level, index = index](const std::size_t other) {
      // The first to arrive is the lowest.
      if (climb.levels[other] < INFINITY) return;
      climb.levels[other] = std::max(level, values[other]);
      climb.before[other] = index;
      front.emplace(climb.levels[other], other);
    });
  }
  return climb;
}

template <int dim>
typename Watershed<dim>::Way Watershed<dim>::trace_back(const Climb& climb, const std::size_t start,
                                                        const std::size_t end) const {
  Way way{ climb.levels[end], {}, 0 };
  std::vector<std::size_t> indices = { end };
  while (indices.back() != start)
    indices.push_back(climb.before[indices.back()]);
  std::reverse(indices.begin(), indices.end());
  for (const std::size_t index : indices)
    way.points.push_back(graph.points()[index]);
  while (values[indices[way.top]] < way.level)
    ++way.top;
  return way;
}

/// The point of a side with the lowest way; the number of points if there is none, or if it touches
/// another absorbing side.
template <int dim>
std::size_t Watershed<dim>::lowest_on(const unsigned int side, const Climb& climb) const {
  std::size_t best = graph.size();
  for (std::size_t index = 0; index < graph.size(); ++index)
    if (is_on(side, index) && graph.is_absorbing(index) && !graph.is_between_absorbing(index) &&
        (best == graph.size() || climb.levels[index] < climb.levels[best]))
      best = index;
  if (best == graph.size() || climb.levels[best] == INFINITY) return graph.size();
  bool at_corner = false;
  graph.for_neighbours(best, [&](const std::size_t other) {
    at_corner = at_corner || graph.is_between_absorbing(other);
  });
  return at_corner ? graph.size() : best;
}

template <int dim>
std::vector<typename Watershed<dim>::Way> Watershed<dim>::lowest_ways(
  const Domain<dim>& domain, const std::vector<dealii::Point<dim>>& wells) const {
  const std::size_t start = graph.nearest(wells[0]);
  const Climb from_start = climb(start);
  std::vector<Way> ways(wells.size(), { INFINITY, {}, 0 });
  for (std::size_t well = 1; well < wells.size(); ++well) {
    const std::size_t end = graph.nearest(wells[well]);
    if (end != start && from_start.levels[end] < INFINITY)
      ways[well] = trace_back(from_start, start, end);
  }
  for (unsigned int side = 0; side < domain.n_sides(); ++side) {
    ways.push_back({ INFINITY, {}, 0 });
    if (!domain.absorbs(side)) continue;
    const std::size_t end = lowest_on(side, from_start);
    if (end < graph.size() && end != start) ways.back() = trace_back(from_start, start, end);
  }
  return ways;
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<Watershed<dim>::Way> Watershed<dim>::lowest_ways(                           \
    const Domain<dim>&, const std::vector<dealii::Point<dim>>&) const;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
