#include "solver/landscape.h"

#include "problems/input_error.h"
#include "problems/text.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;

namespace {

/// The well whose bottom is nearest to a point.
template <int dim>
int nearest_well(const std::vector<Point<dim>>& wells, const Point<dim>& point) {
  int best = 0;
  for (std::size_t w = 1; w < wells.size(); ++w)
    if (wells[w].distance(point) < wells[best].distance(point)) best = static_cast<int>(w);
  return best;
}

/// Double precision carries exp(1350) in the scaling of the solver, see pinned_system.cc.
template <int dim>
void check_range(const Gauge<dim>& gauge, const Landscape<dim>& landscape) {
  const Point<dim> lowest = landscape.watershed.lowest_point();
  std::vector<double> potential;
  gauge.potentials({ lowest }, potential);
  const double depth = landscape.exit_level - potential[0];
  if (depth > 1300)
    throw NotConverged("L/D falls by " + format_number(std::round(depth)) + " from the exit to " +
                       format_point(&lowest[0], dim) +
                       "; more than 1300 exceeds the range of floating-point numbers (is the loss "
                       "without lower bound there, or the noise too small?)");
}

/// Moves the well that is left to the front of the list.
template <int dim>
void choose_start(const Problem<dim>& problem, const Descent<dim>& descent,
                  Landscape<dim>& landscape, const std::vector<double>& potentials) {
  auto& wells = landscape.wells;
  std::size_t start = std::min_element(potentials.begin(), potentials.end()) - potentials.begin();
  if (problem.start) {
    const auto end = descent.follow(*problem.start);
    start = nearest_well(wells, end.absorbed ? *problem.start : end.point);
  }
  std::rotate(wells.begin(), wells.begin() + start, wells.begin() + start + 1);
}

} // namespace

template <int dim>
Landscape<dim> explore(const Problem<dim>& problem, const Gauge<dim>& gauge) {
  using Kind = typename CriticalPoint<dim>::Kind;
  Landscape<dim> landscape{ Watershed<dim>(problem.domain, gauge), {}, {}, -1, 0, 0 };
  auto& watershed = landscape.watershed;
  CriticalPointSearch<dim> search(problem, gauge);
  landscape.critical_points = search.find(watershed.local_minima());

  const auto on_absorbing_side = [&](const CriticalPoint<dim>& point) {
    return std::any_of(point.sides.begin(), point.sides.end(),
                       [&](unsigned int side) { return problem.domain.absorbs(side); });
  };
  auto& wells = landscape.wells;
  for (const auto& point : landscape.critical_points)
    if (point.kind == Kind::minimum && !on_absorbing_side(point)) wells.push_back(point.position);
  for (const auto& point : search.reflecting_minima())
    wells.push_back(point);
  if (wells.empty()) wells.push_back(problem.start.value_or(watershed.lowest_point()));

  std::vector<double> potentials;
  gauge.potentials(wells, potentials);
  const Descent<dim> descent(problem, gauge);
  choose_start(problem, descent, landscape, potentials);
  landscape.lowest_potential = *std::min_element(potentials.begin(), potentials.end());
  landscape.exit_level = watershed.exit_level(wells[0]);
  watershed.flood(wells);
  check_range(gauge, landscape);

  for (std::size_t i = 0; i < landscape.critical_points.size(); ++i) {
    auto& point = landscape.critical_points[i];
    if (point.kind == Kind::minimum) {
      if (point.position.distance(wells[0]) == 0) landscape.start = static_cast<int>(i);
      continue;
    }
    for (const Point<dim>& side : search.ways_down(point)) {
      const auto end = descent.follow(side);
      gauge.potentials({ end.point }, potentials);
      point.leads_to.push_back(
        { end.absorbed ? CriticalPoint<dim>::absorbed : nearest_well(wells, end.point),
          potentials[0] });
    }
  }
  return landscape;
}

template Landscape<1> explore(const Problem<1>&, const Gauge<1>&);
template Landscape<2> explore(const Problem<2>&, const Gauge<2>&);
template Landscape<3> explore(const Problem<3>&, const Gauge<3>&);

} // namespace fokker_planck
