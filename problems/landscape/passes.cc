#include "problems/landscape/passes.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

// Lengths in diameters of the domain.
constexpr double first_step = 1e-4; // down from a saddle
constexpr double reach_of_end =
  0.01; // within which the end of a descent belongs to a well or saddle

/// |cos| between the unstable direction of a saddle on an absorbing side and the side's normal,
/// below which both ways down may stay in the domain.
constexpr double along_side = 0.1;

} // namespace

template <int dim>
Passes<dim>::Passes(const Domain<dim>& domain_, const std::vector<Point<dim>>& wells_,
                    const std::vector<CriticalPoint<dim>>& points_)
  : domain(domain_), wells(wells_), n_wells(static_cast<int>(wells.size())), points(points_) {
  for (std::size_t i = 0; i < points.size(); ++i)
    connect(static_cast<int>(i), ends_known(points[i]));
}

template <int dim>
int Passes<dim>::add(const CriticalPoint<dim>& point) {
  points.push_back(point);
  return static_cast<int>(points.size()) - 1;
}

template <int dim>
int Passes<dim>::other_end(const int pass, const int node) const {
  const auto& ends = passes[pass].ends;
  return ends[0] == node ? ends[1] : ends[0];
}

/// The node of the absorbing side a point lies on, or -1.
template <int dim>
int Passes<dim>::absorbing_side(const CriticalPoint<dim>& point) const {
  for (const unsigned int side : point.sides)
    if (domain.absorbs(side)) return n_wells + static_cast<int>(side);
  return -1;
}

template <int dim>
std::vector<int> Passes<dim>::ends_known(const CriticalPoint<dim>& point) const {
  std::vector<int> nodes;
  for (const auto& end : point.leads_to)
    nodes.push_back(end.well == CriticalPoint<dim>::absorbed ? n_wells + end.side : end.well);
  const int side = absorbing_side(point);
  if (side >= 0 && !nodes.empty()) nodes.push_back(side);
  return nodes;
}

/// Adds the passes between different ends, of which at least one is a well.
template <int dim>
void Passes<dim>::connect(const int critical_point, const std::vector<int>& ends) {
  const double level = points[critical_point].potential;
  for (std::size_t a = 0; a < ends.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      if (ends[a] == ends[b] || std::min(ends[a], ends[b]) >= n_wells) continue;
      passes.push_back({ { ends[a], ends[b] }, level });
      owners.push_back(critical_point);
    }
}

template <int dim>
bool Passes<dim>::set_ends(const int critical_point, const std::vector<Way>& ways) {
  const auto pairs = [&] {
    std::vector<std::pair<int, int>> pairs;
    for (std::size_t p = 0; p < passes.size(); ++p)
      if (owners[p] == critical_point)
        pairs.push_back(std::minmax(passes[p].ends[0], passes[p].ends[1]));
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return pairs;
  };
  const auto before = pairs();
  for (std::size_t p = passes.size(); p-- > 0;)
    if (owners[p] == critical_point) {
      passes.erase(passes.begin() + static_cast<std::ptrdiff_t>(p));
      owners.erase(owners.begin() + static_cast<std::ptrdiff_t>(p));
    }
  std::vector<int> ends;
  for (const Way& way : ways)
    ends.push_back(way.node);
  connect(critical_point, ends);
  return pairs() != before;
}

template <int dim>
std::vector<typename Passes<dim>::Way> Passes<dim>::trace(
  const int critical_point, const SteepestDescent<dim>& descent) const {
  const CriticalPoint<dim>& point = points[critical_point];
  const int side = absorbing_side(point);
  std::vector<Way> ways;
  const auto descend_from = [&](const Point<dim>& start) {
    for (const Way& way : descend(start, descent))
      if (std::none_of(ways.begin(), ways.end(),
                       [&](const Way& other) { return other.node == way.node; }))
        ways.push_back(way);
  };
  if (side >= 0) ways.push_back({ side, {} });
  if (point.kind == CriticalPoint<dim>::Kind::exit) {
    descend_from(point.position);
    return ways;
  }
  const Tensor<1, dim> unstable = descent.unstable_direction(point.position);
  double outward = 0;
  if (side >= 0) outward = unstable * domain.project(point.position, side - n_wells).normal;
  for (const double sign : { -1., 1. })
    if (sign * outward < along_side) {
      const Point<dim> start = point.position + sign * first_step * domain.diameter() * unstable;
      if (side >= 0 || domain.contains(start)) descend_from(start);
    }
  return ways;
}

/// The node where a descent ends; -1 if it ends elsewhere.
template <int dim>
int Passes<dim>::node_of(const typename SteepestDescent<dim>::Path& path) const {
  if (path.side != SteepestDescent<dim>::none) return n_wells + path.side;
  const auto distance = [&](const Point<dim>& well) { return well.distance(path.points.back()); };
  const auto nearest =
    std::min_element(wells.begin(), wells.end(),
                     [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  return distance(*nearest) < reach_of_end * domain.diameter()
           ? static_cast<int>(nearest - wells.begin())
           : -1;
}

template <int dim>
std::vector<typename Passes<dim>::Way> Passes<dim>::descend(
  const Point<dim>& start, const SteepestDescent<dim>& descent) const {
  auto path = descent.follow(start);
  const int node = node_of(path);
  if (node < 0) return leave_saddle(path.points, descent);
  if (node < n_wells) path.points.pop_back(); // the well itself
  return { { node, path.points } };
}

/// By symmetry a descent may end at a saddle; it is continued on both sides.
template <int dim>
std::vector<typename Passes<dim>::Way> Passes<dim>::leave_saddle(
  const std::vector<Point<dim>>& points_before, const SteepestDescent<dim>& descent) const {
  const auto saddle = std::find_if(points.begin(), points.end(), [&](const auto& point) {
    return point.kind == CriticalPoint<dim>::Kind::saddle &&
           point.position.distance(points_before.back()) < reach_of_end * domain.diameter();
  });
  std::vector<Way> ways;
  if (saddle == points.end()) return ways;
  const Tensor<1, dim> unstable = descent.unstable_direction(saddle->position);
  for (const double sign : { -1., 1. }) {
    auto path = descent.follow(saddle->position + sign * first_step * domain.diameter() * unstable);
    const int node = node_of(path);
    if (node < 0) continue;
    Way way{ node, points_before };
    way.points.back() = saddle->position;
    if (node < n_wells) path.points.pop_back();
    way.points.insert(way.points.end(), path.points.begin(), path.points.end());
    ways.push_back(way);
  }
  return ways;
}

template class Passes<1>;
template class Passes<2>;
template class Passes<3>;

} // namespace fokker_planck
