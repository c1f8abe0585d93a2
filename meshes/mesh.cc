#include "meshes/mesh.h"

#include "problems/base/deal_ii.h"

#include <deal.II/base/mpi.h>
#include <deal.II/distributed/shared_tria.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/fe/mapping_cartesian.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/fe/mapping_q_cache.h>

namespace fokker_planck {

namespace {

template <int dim>
std::unique_ptr<dealii::parallel::TriangulationBase<dim>> empty_mesh(const MPI_Comm communicator) {
  if constexpr (dim == 1)
    return std::make_unique<dealii::parallel::shared::Triangulation<1>>(
      communicator, dealii::Triangulation<1>::none, false,
      dealii::parallel::shared::Triangulation<1>::partition_zorder);
  else
    return std::make_unique<dealii::parallel::distributed::Triangulation<dim>>(communicator);
}

} // namespace

template <int dim>
Mesh<dim>::Mesh(const Domain<dim>& domain_, const Layout& layout, const MPI_Comm communicator)
  : domain(domain_), triangulation(empty_mesh<dim>(communicator)),
    mapping_degree(layout.mapping_degree) {
  domain.shape->make_mesh(*triangulation, layout);
  update_mapping();
}

template <int dim>
void Mesh<dim>::refine(const std::vector<bool>& marked) {
  std::vector<unsigned int> flags(triangulation->n_active_cells(), 0);
  for (const auto& cell : triangulation->active_cell_iterators())
    if (cell->is_locally_owned())
      flags[cell->active_cell_index()] = marked[cell->active_cell_index()];
  if (dim == 1) // every rank holds the whole mesh
    dealii::Utilities::MPI::max(flags, communicator_of(*triangulation), flags);
  for (const auto& cell : triangulation->active_cell_iterators())
    if (flags[cell->active_cell_index()] != 0) cell->set_refine_flag();
  triangulation->execute_coarsening_and_refinement();
  update_mapping();
}

template <int dim>
void Mesh<dim>::update_mapping() {
  if (domain.is_box()) { // the cheapest mapping, for cells parallel to the axes
    mapping = std::make_unique<dealii::MappingCartesian<dim>>();
    return;
  }
  if (!domain.shape->is_curved()) {
    mapping = std::make_unique<dealii::MappingQ<dim>>(1);
    return;
  }
  auto cache = std::make_unique<dealii::MappingQCache<dim>>(mapping_degree);
  cache->initialize(
    dealii::MappingQ<dim>(1), *triangulation,
    [&](const auto&, const dealii::Point<dim>& reference) {
      return domain.shape->to_physical(reference);
    },
    false);
  mapping = std::move(cache);
}

template class Mesh<1>;
template class Mesh<2>;
template class Mesh<3>;

} // namespace fokker_planck
