// The points of a domain and their neighbours, on which paths are searched.
#pragma once

#include "problems/geometry/domain.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace fokker_planck {

/// In a box the points of a regular lattice, neighbours along the axes; in a shape the vertices of
/// its mesh, refined until it has about as many of them, neighbours along the edges of cells.
/// Points on a side lie on the boundary up to rounding.
template <int dim>
class Graph {
public:
  explicit Graph(const Domain<dim>& domain);

  std::size_t size() const { return positions.size(); }

  /// Intervals per direction of the lattice in a box, 0 in a shape.
  unsigned int lattice_intervals() const { return intervals; }

  const std::vector<dealii::Point<dim>>& points() const { return positions; }

  /// The sides a point lies on, one bit each; 0 inside.
  unsigned int sides(std::size_t index) const { return masks[index]; }

  /// Whether a point lies on at least one absorbing side.
  bool is_absorbing(std::size_t index) const { return (masks[index] & absorbing) != 0; }

  /// Whether a point lies on two or more absorbing sides.
  bool is_between_absorbing(std::size_t index) const {
    const unsigned int mask = masks[index] & absorbing;
    return (mask & (mask - 1)) != 0;
  }

  /// Calls f with the index of every neighbour.
  template <typename Function>
  void for_neighbours(std::size_t index, const Function& f) const {
    for (std::size_t k = starts[index]; k < starts[index + 1]; ++k)
      f(neighbours[k]);
  }

  /// The index of the nearest point.
  std::size_t nearest(const dealii::Point<dim>& point) const { return search(point); }

private:
  void build_lattice(const Domain<dim>& box);
  void build_mesh(const Domain<dim>& domain);
  void set_edges(std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges);

  unsigned int intervals = 0;
  std::vector<dealii::Point<dim>> positions;
  std::vector<unsigned int> masks; ///< per point: sides
  unsigned int absorbing = 0;      ///< the absorbing sides, one bit each
  std::vector<std::size_t> starts; ///< of each point's neighbours, and the end of the last
  std::vector<std::uint32_t> neighbours;
  std::function<std::size_t(const dealii::Point<dim>&)> search;
};

} // namespace fokker_planck
