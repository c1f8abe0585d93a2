#include "meshes/refinement.h"

#include "problems/base/collective.h"
#include "problems/base/deal_ii.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_values.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace fokker_planck {

namespace {

constexpr double height = 6; ///< above the lowest pass, up to which a ridge carries flux

/// Where the density is, Psi is at most this much above the bottom.
constexpr double valley_depth = 25;

/// How much more Psi may vary than on a ridge where the density is, elsewhere below the exit, and
/// above it.
constexpr double more_in_valley = 2, more_below_exit = 5, more_above_exit = 8;

/// Cells around those on a ridge count, too: Psi may vary more in each further ring.
constexpr unsigned int n_rings = 2;

/// Indicators that differ by less, relatively, are equal: in a symmetric problem rounding, and with
/// it the number of ranks, would otherwise decide which of two cells is divided.
constexpr double equal = 1e-3;

/// What refine_by_potential() has to know of the cells, and decides.
template <int dim>
class PotentialCriterion {
public:
  PotentialCriterion(const Mesh<dim>& mesh, const ScalarField<dim>& psi_,
                     const Landscape<dim>& landscape_)
    : triangulation(mesh.get_triangulation()), psi(psi_), landscape(landscape_),
      probes(mesh.get_mapping(), nothing, dealii::QIterated<dim>(dealii::QTrapezoid<1>(), 2),
             dealii::update_quadrature_points),
      n_basins(landscape.wells.size() + 1),
      passes(n_basins * n_basins + mesh.get_domain().n_sides(), std::numeric_limits<double>::max()),
      domain(mesh.get_domain()), cells(triangulation.n_active_cells()) {
    collectively(communicator_of(triangulation), [&] {
      for (const auto& cell : triangulation.active_cell_iterators())
        if (!cell->is_artificial()) examine(cell);
    });
    dealii::Utilities::MPI::min(passes, communicator_of(triangulation), passes);
    find_rings();
  }

  /// Per active cell index, for locally owned cells.
  std::vector<bool> marked(const double variation) const {
    std::vector<bool> marked(cells.size(), false);
    for (const auto& cell : triangulation.active_cell_iterators()) {
      if (!cell->is_locally_owned()) continue;
      const Cell& data = cells[cell->active_cell_index()];
      if (data.smallest >= landscape.cutoff_level) continue;
      const double range = std::min(data.largest, landscape.cutoff_level) - data.smallest;
      marked[cell->active_cell_index()] =
        (data.smallest < landscape.lowest_potential + valley_depth &&
         range > more_in_valley * variation) ||
        (data.smallest < landscape.exit_level && range > more_below_exit * variation) ||
        range > more_above_exit * variation ||
        (data.ring < n_rings && range > variation * (1 + data.ring));
    }
    return marked;
  }

private:
  using Iterator = typename dealii::Triangulation<dim>::active_cell_iterator;

  struct Cell {
    double smallest = std::numeric_limits<double>::max(), largest = -smallest;
    std::vector<std::pair<std::size_t, double>> ridges; ///< index into passes, height
    unsigned int ring = n_rings;
  };

  /// The range of Psi and the ridges in a cell.
  void examine(const Iterator& iterator) {
    Cell& cell = cells[iterator->active_cell_index()];
    probes.reinit(iterator);
    const auto& points = probes.get_quadrature_points();
    psi.values(points, potentials);
    for (const double potential : potentials) {
      cell.smallest = std::min(cell.smallest, potential);
      if (std::isfinite(potential)) // it is not at the centre of a ball
        cell.largest = std::max(cell.largest, potential);
    }
    std::map<std::size_t, double> lowest; // per basin
    for (std::size_t q = 0; q < points.size(); ++q) {
      const std::size_t basin = landscape.watershed.basin(points[q]) + 1;
      const auto known = lowest.emplace(basin, potentials[q]).first;
      known->second = std::min(known->second, potentials[q]);
    }
    for (const auto& [a, lowest_in_a] : lowest)
      for (const auto& [b, lowest_in_b] : lowest) {
        if (a >= b) continue;
        cell.ridges.emplace_back(a * n_basins + b, std::max(lowest_in_a, lowest_in_b));
      }
    for (const unsigned int face : iterator->face_indices())
      if (iterator->at_boundary(face) && domain.absorbs(iterator->face(face)->boundary_id()))
        examine_exit(face, iterator->face(face)->boundary_id(), cell);
    for (const auto& [ridge, level] : cell.ridges)
      passes[ridge] = std::min(passes[ridge], level);
  }

  /// Psi on a face where the process is absorbed, which may be far below the ridge.
  void examine_exit(const unsigned int face, const unsigned int side, Cell& cell) {
    double lowest = std::numeric_limits<double>::max();
    for (std::size_t q = 0; q < potentials.size(); ++q)
      if (probes.get_quadrature().point(q)[face / 2] == face % 2)
        lowest = std::min(lowest, potentials[q]);
    if (lowest < landscape.exit_level + height)
      cell.ridges.emplace_back(n_basins * n_basins + side, lowest);
  }

  void find_rings() {
    for (Cell& cell : cells)
      for (const auto& [pair, level] : cell.ridges)
        if (level < passes[pair] + height) cell.ring = 0;
    std::vector<bool> touched(triangulation.n_vertices(), false);
    for (unsigned int ring = 0; ring < n_rings; ++ring) {
      for (const auto& cell : triangulation.active_cell_iterators()) {
        if (cell->is_artificial()) continue;
        unsigned int& number = cells[cell->active_cell_index()].ring;
        for (const unsigned int v : cell->vertex_indices())
          if (touched[cell->vertex_index(v)]) number = std::min(number, ring);
      }
      for (const auto& cell : triangulation.active_cell_iterators())
        if (!cell->is_artificial() && cells[cell->active_cell_index()].ring == ring)
          for (const unsigned int v : cell->vertex_indices())
            touched[cell->vertex_index(v)] = true;
    }
  }

  const typename Mesh<dim>::Triangulation& triangulation;
  const ScalarField<dim>& psi;
  const Landscape<dim>& landscape;
  const dealii::FE_Nothing<dim> nothing;
  dealii::FEValues<dim> probes;
  const std::size_t n_basins; ///< with that of the absorbing sides, which comes first

  /// Lowest height of the ridge between each pair of basins, and of each absorbing side.
  std::vector<double> passes;
  const Domain<dim>& domain;
  std::vector<Cell> cells;
  std::vector<double> potentials;
};

} // namespace

template <int dim>
void refine_by_potential(Mesh<dim>& mesh, const ScalarField<dim>& psi,
                         const Landscape<dim>& landscape, const double variation,
                         const unsigned long most_cells) {
  const auto& triangulation = mesh.get_triangulation();
  while (true) {
    const auto marked = PotentialCriterion<dim>(mesh, psi, landscape).marked(variation);
    const auto n_marked = dealii::Utilities::MPI::sum(
      static_cast<unsigned long>(std::count(marked.begin(), marked.end(), true)),
      communicator_of(triangulation));
    const unsigned long more = (1UL << dim) - 1;
    if (n_marked == 0 || triangulation.n_global_active_cells() + more * n_marked > most_cells)
      return;
    mesh.refine(marked);
  }
}

std::vector<bool> mark_largest(const std::vector<double>& indicators, const double share,
                               const MPI_Comm communicator) {
  namespace MPI = dealii::Utilities::MPI;
  const auto sum_above = [&](const double threshold) {
    double sum = 0;
    for (const double indicator : indicators)
      if (indicator > threshold) sum += indicator;
    return MPI::sum(sum, communicator);
  };
  const double total = sum_above(0);
  const double largest =
    MPI::max(indicators.empty() ? 0. : *std::max_element(indicators.begin(), indicators.end()),
             communicator);
  // Bisection for the highest threshold that leaves enough above it.
  double low = -60, high = 0; // log(threshold / largest)
  for (unsigned int step = 0; step < 50; ++step) {
    const double middle = 0.5 * (low + high);
    (sum_above(largest * std::exp(middle)) >= share * total ? low : high) = middle;
  }
  std::vector<bool> marked(indicators.size());
  for (std::size_t i = 0; i < indicators.size(); ++i)
    marked[i] = indicators[i] > (1 - equal) * largest * std::exp(low);
  return marked;
}

#define INSTANTIATE(dim)                                                                           \
  template void refine_by_potential(Mesh<dim>&, const ScalarField<dim>&, const Landscape<dim>&,    \
                                    double, unsigned long);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
