#include "problems/landscape/watershed.h"

#include "problems/landscape/lattice.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>

namespace fokker_planck {

using dealii::Point;

namespace {

template <int dim>
constexpr unsigned int n = dim == 1   ? 2000
                           : dim == 2 ? 240
                                      : 48; // lattice intervals per direction

/// Lattice points by ascending level.
using Entry = std::pair<double, std::size_t>;
using Front = std::priority_queue<Entry, std::vector<Entry>, std::greater<>>;

} // namespace

template <int dim>
Watershed<dim>::Watershed(const Domain<dim>& box_, const ScalarField<dim>& psi)
  : box(box_), points(lattice(box, n<dim>)) {
  psi.values(points, values);
}

template <int dim>
std::size_t Watershed<dim>::nearest(const Point<dim>& point) const {
  std::size_t index = 0, stride = 1;
  for (int i = 0; i < dim; ++i, stride *= n<dim> + 1) {
    const double step = std::round((point[i] - box.lower[i]) / box.length(i) * n<dim>);
    index += stride * static_cast<std::size_t>(std::min(std::max(step, 0.), 1. * n<dim>));
  }
  return index;
}

template <int dim>
bool Watershed<dim>::is_absorbing(std::size_t index) const {
  for (int i = 0; i < dim; ++i, index /= n<dim> + 1) {
    const std::size_t step = index % (n<dim> + 1);
    if ((step == 0 && box.absorbs(2 * i)) || (step == n<dim> && box.absorbs(2 * i + 1)))
      return true;
  }
  return false;
}

/// Calls f for the up to 2 dim neighbours along the axes.
template <int dim>
template <typename Function>
void Watershed<dim>::for_neighbours(const std::size_t index, const Function& f) const {
  std::size_t stride = 1, rest = index;
  for (int i = 0; i < dim; ++i, stride *= n<dim> + 1, rest /= n<dim> + 1) {
    if (rest % (n<dim> + 1) > 0) f(index - stride);
    if (rest % (n<dim> + 1) < n<dim>) f(index + stride);
  }
}

template <int dim>
std::vector<Point<dim>> Watershed<dim>::local_minima() const {
  std::vector<Point<dim>> minima;
  for (std::size_t index = 0; index < points.size(); ++index) {
    bool lowest = !is_absorbing(index);
    for_neighbours(index,
                   [&](std::size_t other) { lowest = lowest && values[index] <= values[other]; });
    if (lowest) minima.push_back(points[index]);
  }
  return minima.size() > 1000 ? std::vector<Point<dim>>() : minima;
}

template <int dim>
Point<dim> Watershed<dim>::lowest_point() const {
  const auto key = [&](std::size_t index) {
    return std::make_pair(values[index], points[index].distance(box.center()));
  };
  std::size_t best = points.size();
  for (std::size_t index = 0; index < points.size(); ++index)
    if (!is_absorbing(index) && (best == points.size() || key(index) < key(best))) best = index;
  return points[best];
}

template <int dim>
double Watershed<dim>::exit_level(const Point<dim>& start) const {
  Front front;
  std::vector<bool> seen(points.size(), false);
  const std::size_t first = nearest(start);
  front.emplace(values[first], first);
  seen[first] = true;
  while (!is_absorbing(front.top().second)) { // an absorbing side exists and can be reached
    const auto [level, index] = front.top();
    front.pop();
    for_neighbours(index, [&, level = level](std::size_t other) {
      if (!seen[other]) front.emplace(std::max(level, values[other]), other);
      seen[other] = true;
    });
  }
  return front.top().first;
}

template <int dim>
void Watershed<dim>::flood(const std::vector<Point<dim>>& wells) {
  constexpr int unreached = -2;
  basins.assign(points.size(), unreached);
  Front front;
  const auto start_from = [&](std::size_t index, int basin) {
    basins[index] = basin;
    front.emplace(values[index], index);
  };
  for (std::size_t index = 0; index < points.size(); ++index)
    if (is_absorbing(index)) start_from(index, outside);
  for (std::size_t well = 0; well < wells.size(); ++well)
    start_from(nearest(wells[well]), static_cast<int>(well));
  while (!front.empty()) {
    const auto [level, index] = front.top();
    front.pop();
    for_neighbours(index, [&, level = level, index = index](std::size_t other) {
      if (basins[other] != unreached) return;
      basins[other] = basins[index];
      front.emplace(std::max(level, values[other]), other);
    });
  }
}

template <int dim>
void Watershed<dim>::mark_high_exits(const double level) {
  high_exits.assign(points.size(), false);
  std::vector<std::size_t> pending;
  const auto mark = [&](std::size_t index) {
    if (high_exits[index] || values[index] < level) return;
    high_exits[index] = true;
    pending.push_back(index);
  };
  for (std::size_t index = 0; index < points.size(); ++index)
    if (is_absorbing(index)) mark(index);
  while (!pending.empty()) {
    const std::size_t index = pending.back();
    pending.pop_back();
    for_neighbours(index, mark);
  }
}

template class Watershed<1>;
template class Watershed<2>;
template class Watershed<3>;

} // namespace fokker_planck
