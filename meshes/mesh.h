// Meshes of any domain, which can be refined locally.
#pragma once

#include "problems/geometry/domain.h"

#include <deal.II/distributed/tria_base.h>
#include <deal.II/fe/mapping.h>

#include <mpi.h>

#include <array>
#include <memory>
#include <vector>

namespace fokker_planck {

/// A mesh of quadrilaterals or hexahedra, distributed over the ranks of a communicator (p4est in
/// 2-D and 3-D, equal shares of a shared mesh in 1-D), and the mapping that gives its cells their
/// shape. The boundary id of a face is the number of its side of the domain.
template <int dim>
class Mesh {
public:
  using Triangulation = dealii::parallel::TriangulationBase<dim>;

  /// How the first mesh is divided.
  struct Layout : CellLayout<dim> {
    /// Degree of the polynomials that represent curved cells.
    unsigned int mapping_degree = 6;
  };

  Mesh(const Domain<dim>& domain, const Layout& layout, MPI_Comm communicator);

  const Triangulation& get_triangulation() const { return *triangulation; }
  const dealii::Mapping<dim>& get_mapping() const { return *mapping; }
  const Domain<dim>& get_domain() const { return domain; }

  /// Divides cells into 2^dim and their neighbours where they would be more than twice as large.
  /// marked: per active cell index; only the entries of locally owned cells count. Collective.
  void refine(const std::vector<bool>& marked);

private:
  void update_mapping();

  Domain<dim> domain;
  std::unique_ptr<Triangulation> triangulation;
  const unsigned int mapping_degree;
  std::unique_ptr<dealii::Mapping<dim>> mapping;
};

/// A mesh whose cells are all divided alike.
template <int dim>
std::shared_ptr<Mesh<dim>> make_mesh(const Domain<dim>& domain,
                                     const std::array<unsigned int, dim>& n_cells,
                                     MPI_Comm communicator) {
  typename Mesh<dim>::Layout layout;
  layout.n_cells = n_cells;
  layout.equal_cells = true;
  return std::make_shared<Mesh<dim>>(domain, layout, communicator);
}

} // namespace fokker_planck
