#include "problems/landscape/landscape.h"

#include "problems/landscape/descent.h"

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

/// Moves the well that is left to the front of the list.
template <int dim>
void choose_start(const std::optional<Point<dim>>& given, const Descent<dim>& descent,
                  Landscape<dim>& landscape, const std::vector<double>& potentials) {
  auto& wells = landscape.wells;
  std::size_t start = std::min_element(potentials.begin(), potentials.end()) - potentials.begin();
  if (given) {
    const auto end = descent.follow(*given);
    start = nearest_well(wells, end.absorbed ? *given : end.point);
  }
  std::rotate(wells.begin(), wells.begin() + start, wells.begin() + start + 1);
}

} // namespace

template <int dim>
Landscape<dim> explore(const Domain<dim>& domain, const ScalarField<dim>& psi,
                       const ScalarField<dim>& loss, const std::optional<Point<dim>>& start,
                       const double cutoff) {
  using Kind = typename CriticalPoint<dim>::Kind;
  Landscape<dim> landscape{ Watershed<dim>(domain, psi), {}, {}, true, -1, 0, 0, 0 };
  auto& watershed = landscape.watershed;
  CriticalPointSearch<dim> search(domain, psi, loss);
  landscape.critical_points = search.find(watershed);

  const auto on_absorbing_side = [&](const CriticalPoint<dim>& point) {
    return std::any_of(point.sides.begin(), point.sides.end(),
                       [&](unsigned int side) { return domain.absorbs(side); });
  };
  auto& wells = landscape.wells;
  for (const auto& point : landscape.critical_points)
    if (point.kind == Kind::minimum && !on_absorbing_side(point)) wells.push_back(point.position);
  for (const auto& point : search.reflecting_minima())
    wells.push_back(point);
  landscape.has_bottom = !wells.empty();
  if (wells.empty()) wells.push_back(start.value_or(watershed.lowest_point()));

  std::vector<double> potentials;
  psi.values(wells, potentials);
  const Descent<dim> descent(domain, psi);
  choose_start(start, descent, landscape, potentials);
  landscape.lowest_potential = *std::min_element(potentials.begin(), potentials.end());
  landscape.exit_level = watershed.exit_level(wells[0]);
  landscape.cutoff_level = landscape.exit_level + cutoff;
  psi.values(wells, potentials);
  for (std::size_t w = wells.size(); w-- > 1;)
    if (potentials[w] >= landscape.cutoff_level) wells.erase(wells.begin() + w);
  // A valley whose way out lies above the cut-off would have none.
  for (const double level : watershed.exit_levels(wells))
    if (level > landscape.cutoff_level - Landscape<dim>::border && std::isfinite(level))
      landscape.cutoff_level = std::max(landscape.cutoff_level, level + cutoff);
  watershed.flood(wells);
  watershed.mark_high_exits(landscape.cutoff_level - Landscape<dim>::border);

  for (std::size_t i = 0; i < landscape.critical_points.size(); ++i) {
    auto& point = landscape.critical_points[i];
    if (point.kind == Kind::minimum) {
      if (point.position.distance(wells[0]) == 0) landscape.start = static_cast<int>(i);
      continue;
    }
    for (const Point<dim>& side : search.ways_down(point)) {
      const auto end = descent.follow(side);
      psi.values({ end.point }, potentials);
      point.leads_to.push_back(
        { end.absorbed ? CriticalPoint<dim>::absorbed : nearest_well(wells, end.point),
          potentials[0], static_cast<int>(end.side) });
    }
  }
  return landscape;
}

#define INSTANTIATE(dim)                                                                           \
  template Landscape<dim> explore(const Domain<dim>&, const ScalarField<dim>&,                     \
                                  const ScalarField<dim>&, const std::optional<Point<dim>>&,       \
                                  double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
