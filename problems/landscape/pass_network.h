// Wells and absorbing sides, and the passes between them, as a network.
#pragma once

#include <vector>

namespace fokker_planck {

/// Ways start at node 0. The first n_wells nodes can be passed through; the others, absorbing
/// sides, only be reached.
class PassNetwork {
public:
  struct Pass {
    int ends[2];  ///< nodes
    double level; ///< Psi that must be reached to go from one to the other
  };

  PassNetwork(int n_wells, int n_nodes, const std::vector<Pass>& passes);

  /// The lowest maximum of the levels along ways to a node; infinite if there is no way.
  double level(int target) const { return levels[target]; }

  /// All ways to a node whose maximum is the lowest one, as sequences of indices of passes. Levels
  /// that differ by less than the tolerance are equal. Of ways over several passes of this level
  /// only those over the fewest; between these passes the lowest way. At most 100.
  std::vector<std::vector<int>> lowest_ways(int target, double tolerance) const;

private:
  struct Search;

  int n_wells, n_nodes;
  std::vector<Pass> passes;
  std::vector<std::vector<int>> passes_of; ///< per node
  std::vector<double> levels;

  int other_end(int pass, int node) const;
  std::vector<double> flood(int start, double below, std::vector<int>& arrivals) const;
  std::vector<int> lowest_way(int from, int to, double below) const;
};

} // namespace fokker_planck
