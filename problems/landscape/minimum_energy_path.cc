#include "problems/landscape/minimum_energy_path.h"

#include "problems/base/eigenvalues.h"
#include "problems/landscape/pass_network.h"
#include "problems/landscape/passes.h"
#include "problems/landscape/steepest_descent.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace fokker_planck {

using dealii::Point;

namespace {

constexpr double level_tolerance = 1e-6;       // of the barrier
constexpr double same_point = 1e-6;            // in diameters of the domain
constexpr double determinant_tolerance = 1e-5; // of its logarithm

template <int dim>
class PathFinder {
public:
  using Path = MinimumEnergyPath<dim>;
  using Way = typename Passes<dim>::Way;

  PathFinder(const Domain<dim>& domain_, const ScalarField<dim>& psi_,
             const ScalarField<dim>& loss_, const Landscape<dim>& landscape_,
             const SteepestDescent<dim>& descent_)
    : domain(domain_), psi(psi_), loss(loss_), landscape(landscape_), descent(descent_),
      passes(domain, landscape.wells, landscape.critical_points),
      traced(landscape.critical_points.size()) {}

  std::vector<Path> find() {
    const int n_wells = static_cast<int>(landscape.wells.size());
    std::vector<Path> paths;
    find_missing_passes();
    for (int node = n_wells; node < passes.n_nodes(); ++node)
      add_paths(node, paths);
    for (int node = 1; node < n_wells; ++node)
      add_paths(node, paths);
    std::stable_sort(paths.begin(), paths.end(), [](const Path& a, const Path& b) {
      const bool a_out = a.side != Path::none, b_out = b.side != Path::none;
      if (a_out != b_out) return a_out;
      return std::llround(1e9 * a.barrier) < std::llround(1e9 * b.barrier); // equal up to rounding
    });
    for (Path& path : paths)
      path.n_copies = static_cast<unsigned int>(std::count_if(
        paths.begin(), paths.end(), [&](const Path& other) { return are_copies(path, other); }));
    for (Path& path : paths)
      for (auto& piece : path.pieces)
        if (piece.critical_point >= static_cast<int>(landscape.critical_points.size()))
          piece.critical_point = Path::none;
    return paths;
  }

private:
  /// The graph of the landscape bounds the lowest levels from above. Where no known way is as low,
  /// a pass is looked for at the highest point of the way on the graph.
  void find_missing_passes() {
    const auto ways = landscape.watershed.lowest_ways(domain, landscape.wells);
    for (std::size_t node = 1; node < ways.size(); ++node) {
      const auto& way = ways[node];
      if (std::isfinite(way.level) &&
          passes.network().level(static_cast<int>(node)) > way.level + rounding_of(way))
        add_pass(way, static_cast<int>(node));
    }
  }

  /// How far the level of a way on the graph may lie below a pass between two of its points.
  double rounding_of(const typename Watershed<dim>::Way& way) const {
    std::vector<dealii::SymmetricTensor<2, dim>> hessian;
    const std::size_t last = way.points.size() - 1;
    psi.hessians({ way.points[way.top] }, hessian);
    const double step =
      std::max(way.points[way.top].distance(way.points[std::max<std::size_t>(way.top, 1) - 1]),
               way.points[way.top].distance(way.points[std::min(way.top + 1, last)]));
    return hessian[0].norm() * step * step + 1e-9 * (way.level - potential_at(landscape.wells[0]));
  }

  /// Adds the saddle near the highest point of a way; its end if that is the highest point.
  void add_pass(const typename Watershed<dim>::Way& way, const int node) {
    const int n_wells = static_cast<int>(landscape.wells.size());
    CriticalPoint<dim> point;
    point.kind = CriticalPoint<dim>::Kind::saddle;
    point.position = way.points[way.top];
    if (node >= n_wells && way.top + 1 == way.points.size()) {
      point.kind = CriticalPoint<dim>::Kind::exit;
      point.sides = { static_cast<unsigned int>(node - n_wells) };
    } else if (const auto saddle = descent.find_saddle(point.position)) {
      const auto& known = passes.critical_points();
      for (std::size_t k = 0; k < known.size(); ++k)
        if (known[k].position.distance(*saddle) < same_point * domain.diameter()) {
          trace(static_cast<int>(k)); // it may lead elsewhere than was assumed
          return;
        }
      point.position = *saddle;
    } else
      return;
    std::vector<double> value;
    loss.values({ point.position }, value);
    point.loss = value[0];
    point.potential = potential_at(point.position);
    traced.emplace_back();
    trace(passes.add(point));
  }

  /// Over a critical point from one node to another.
  struct Step {
    int critical_point, from, to;
  };

  /// All lowest paths to a node. Where a way down leads elsewhere than the landscape says, the
  /// network is mended and the search starts again.
  void add_paths(const int node, std::vector<Path>& paths) {
    for (bool mended = true; mended;) {
      const auto ways = lowest_ways(node);
      mended = false;
      for (const auto& way : ways)
        for (const Step& step : way)
          mended = trace(step.critical_point) || mended;
      if (mended) continue;
      for (const auto& way : ways)
        paths.push_back(join(node, way));
    }
  }

  /// Of ways over the same highest points only the one over the fewest others.
  std::vector<std::vector<Step>> lowest_ways(const int target) const {
    const PassNetwork network = passes.network();
    const double level = network.level(target);
    const double tolerance = level_tolerance * (level - potential_at(landscape.wells[0]));
    std::map<std::vector<int>, std::vector<Step>> ways;
    for (const auto& sequence : network.lowest_ways(target, tolerance)) {
      std::vector<Step> way;
      std::vector<int> highest;
      int node = 0;
      for (const int pass : sequence) {
        const int index = passes.critical_point(pass), next = passes.other_end(pass, node);
        way.push_back({ index, node, next });
        if (passes.critical_points()[index].potential >= level - tolerance)
          highest.push_back(index);
        node = next;
      }
      auto& best = ways[highest];
      if (best.empty() || way.size() < best.size()) best = way;
    }
    std::vector<std::vector<Step>> list;
    for (const auto& item : ways)
      list.push_back(item.second);
    return list;
  }

  /// Follows the ways down from a critical point. Returns whether they lead elsewhere than was
  /// assumed.
  bool trace(const int critical_point) {
    auto& ways = traced[critical_point];
    if (ways) return false;
    ways = passes.trace(critical_point, descent);
    return passes.set_ends(critical_point, *ways);
  }

  double potential_at(const Point<dim>& point) const {
    std::vector<double> values;
    psi.values({ point }, values);
    return values[0];
  }

  const Way& way_to(const int critical_point, const int node) const {
    const auto& ways = *traced[critical_point];
    return *std::find_if(ways.begin(), ways.end(),
                         [&](const Way& way) { return way.node == node; });
  }

  Path join(const int target, const std::vector<Step>& way) const {
    const int n_wells = static_cast<int>(landscape.wells.size());
    Path path;
    path.well = target < n_wells ? target : Path::none;
    path.side = target < n_wells ? Path::none : target - n_wells;
    std::vector<Point<dim>> points = { landscape.wells[0] };
    for (const auto& [index, from, to] : way) {
      const auto& top = passes.critical_points()[index];
      const auto& up = way_to(index, from).points;
      const auto& down = way_to(index, to).points;
      typename Path::Piece piece{
        from, index, to < n_wells ? to : Path::none, top.loss, top.potential, points.size() - 1,
        0,    0
      };
      points.insert(points.end(), up.rbegin(), up.rend());
      // An exit point is the beginning of its way down.
      if (points.back().distance(top.position) > 0) points.push_back(top.position);
      piece.top = points.size() - 1;
      points.insert(points.end(), down.begin(), down.end());
      if (to < n_wells) points.push_back(landscape.wells[to]);
      piece.end = points.size() - 1;
      path.pieces.push_back(piece);
    }
    set_points(points, path);
    return path;
  }

  void set_points(const std::vector<Point<dim>>& positions, Path& path) const {
    std::vector<double> losses, potentials;
    loss.values(positions, losses);
    psi.values(positions, potentials);
    double length = 0;
    for (std::size_t k = 0; k < positions.size(); ++k) {
      if (k > 0) length += positions[k].distance(positions[k - 1]);
      path.points.push_back({ positions[k], length, losses[k], potentials[k] });
    }
    path.highest =
      std::max_element(path.pieces.begin(), path.pieces.end(),
                       [](const auto& a, const auto& b) { return a.potential < b.potential; }) -
      path.pieces.begin();
    path.barrier = path.pieces[path.highest].potential - potentials[0];
    path.loss_barrier = path.pieces[path.highest].loss - losses[0];
  }

  bool are_copies(const Path& a, const Path& b) const {
    if (a.well != b.well || std::fabs(a.barrier - b.barrier) > level_tolerance * a.barrier)
      return false;
    const auto& top_of_a = passes.critical_points()[a.pieces[a.highest].critical_point];
    const auto& top_of_b = passes.critical_points()[b.pieces[b.highest].critical_point];
    return top_of_a.kind == top_of_b.kind &&
           std::fabs(log_determinant(top_of_a.potential_eigenvalues) -
                     log_determinant(top_of_b.potential_eigenvalues)) < determinant_tolerance;
  }

  const Domain<dim>& domain;
  const ScalarField<dim>& psi;
  const ScalarField<dim>& loss;
  const Landscape<dim>& landscape;
  const SteepestDescent<dim>& descent;
  Passes<dim> passes;
  std::vector<std::optional<std::vector<Way>>> traced; ///< per critical point
};

} // namespace

template <int dim>
std::vector<MinimumEnergyPath<dim>> minimum_energy_paths(
  const Domain<dim>& domain, const ScalarField<dim>& psi, const ScalarField<dim>& loss,
  const Landscape<dim>& landscape, const TensorField<dim>* const metric, const double spacing) {
  if (!landscape.has_bottom) return {};
  const SteepestDescent<dim> descent(domain, psi, metric, spacing);
  return PathFinder<dim>(domain, psi, loss, landscape, descent).find();
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<MinimumEnergyPath<dim>> minimum_energy_paths(                               \
    const Domain<dim>&, const ScalarField<dim>&, const ScalarField<dim>&, const Landscape<dim>&,   \
    const TensorField<dim>*, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
