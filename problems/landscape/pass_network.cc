#include "problems/landscape/pass_network.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <queue>

namespace fokker_planck {

namespace {

constexpr std::size_t most_ways = 100;

} // namespace

PassNetwork::PassNetwork(const int n_wells_, const int n_nodes_, const std::vector<Pass>& passes_)
  : n_wells(n_wells_), n_nodes(n_nodes_), passes(passes_), passes_of(n_nodes) {
  for (std::size_t p = 0; p < passes.size(); ++p)
    for (const int node : passes[p].ends)
      passes_of[node].push_back(static_cast<int>(p));
  std::vector<int> arrivals;
  levels = flood(0, INFINITY, arrivals);
}

int PassNetwork::other_end(const int pass, const int node) const {
  const auto& ends = passes[pass].ends;
  return ends[0] == node ? ends[1] : ends[0];
}

/// Dijkstra's algorithm with the maximum in place of the sum, over passes below a level. Sets the
/// pass over which each node is reached.
std::vector<double> PassNetwork::flood(const int start, const double below,
                                       std::vector<int>& arrivals) const {
  std::vector<double> reached(n_nodes, INFINITY);
  arrivals.assign(n_nodes, -1);
  using Entry = std::pair<double, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> front;
  reached[start] = -INFINITY;
  front.emplace(-INFINITY, start);
  while (!front.empty()) {
    const auto [level, node] = front.top();
    front.pop();
    if (level > reached[node] || node >= n_wells) continue;
    for (const int pass : passes_of[node]) {
      const int next = other_end(pass, node);
      const double higher = std::max(level, passes[pass].level);
      if (!(passes[pass].level < below) || !(higher < reached[next])) continue;
      reached[next] = higher;
      arrivals[next] = pass;
      front.emplace(higher, next);
    }
  }
  return reached;
}

/// Passes below a level that lead from one node to another which they connect.
std::vector<int> PassNetwork::lowest_way(const int from, const int to, const double below) const {
  std::vector<int> arrivals, way;
  flood(from, below, arrivals);
  for (int node = to; node != from; node = other_end(way.back(), node))
    way.push_back(arrivals[node]);
  std::reverse(way.begin(), way.end());
  return way;
}

/// Depth-first search over the parts of the network that lie below the lowest level.
struct PassNetwork::Search {
  const PassNetwork& network;
  int target;
  double low, high; ///< bounds of the lowest level
  std::vector<std::vector<int>> ways;
  std::vector<int> distances; ///< of wells from the target, in passes of the lowest level

  Search(const PassNetwork& network_, const int target_, const double level, const double tolerance)
    : network(network_), target(target_), low(level - tolerance), high(level + tolerance),
      distances(network.n_nodes, network.n_nodes) {
    measure();
    std::vector<int> way;
    extend(0, way);
  }

  bool is_low(const int pass) const { return network.passes[pass].level < low; }
  bool is_open(const int pass) const { return network.passes[pass].level <= high; }

  /// Zero-one breadth-first search from the target.
  void measure() {
    std::deque<int> front = { target };
    distances[target] = 0;
    while (!front.empty()) {
      const int node = front.front();
      front.pop_front();
      for (const int pass : network.passes_of[node]) {
        const int next = network.other_end(pass, node);
        if (!is_open(pass) || next >= network.n_wells) continue;
        const int distance = distances[node] + (is_low(pass) ? 0 : 1);
        if (distance >= distances[next]) continue;
        distances[next] = distance;
        is_low(pass) ? front.push_front(next) : front.push_back(next);
      }
    }
  }

  void extend(const int from, std::vector<int>& way) {
    if (ways.size() >= most_ways) return;
    std::vector<int> arrivals;
    const auto reached = network.flood(from, low, arrivals);
    if (distances[from] == 0) {
      const auto rest = network.lowest_way(from, target, low);
      ways.push_back(way);
      ways.back().insert(ways.back().end(), rest.begin(), rest.end());
      return;
    }
    for (int node = 0; node < network.n_wells; ++node) {
      if (node != from && reached[node] == INFINITY) continue;
      for (const int pass : network.passes_of[node]) {
        const int next = network.other_end(pass, node);
        if (is_low(pass) || !is_open(pass) || distances[next] >= distances[from] ||
            (next >= network.n_wells && next != target))
          continue;
        const auto before = way;
        const auto approach = network.lowest_way(from, node, low);
        way.insert(way.end(), approach.begin(), approach.end());
        way.push_back(pass);
        extend(next, way);
        way = before;
      }
    }
  }
};

std::vector<std::vector<int>> PassNetwork::lowest_ways(const int target,
                                                       const double tolerance) const {
  if (target == 0 || !std::isfinite(levels[target])) return {};
  return Search(*this, target, levels[target], tolerance).ways;
}

} // namespace fokker_planck
