#include "meshes/mesh.h"

#include "problems/base/deal_ii.h"

#include <deal.II/base/mpi.h>
#include <deal.II/distributed/shared_tria.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/fe/mapping_cartesian.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/fe/mapping_q_cache.h>
#include <deal.II/grid/grid_generator.h>

#include <algorithm>

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

/// Divides a box with as few coarse cells as possible, because every rank stores all of them.
template <int dim>
void divide_box(const Domain<dim>& box, const typename Mesh<dim>::Layout& layout,
                dealii::Triangulation<dim>& mesh) {
  const auto& n_cells = layout.n_cells;
  if (std::any_of(layout.steps.begin(), layout.steps.end(),
                  [](const auto& steps) { return !steps.empty(); })) {
    std::vector<std::vector<double>> steps(layout.steps.begin(), layout.steps.end());
    for (int i = 0; i < dim; ++i)
      if (steps[i].empty()) steps[i].assign(n_cells[i], box.length(i) / n_cells[i]);
    dealii::GridGenerator::subdivided_hyper_rectangle(mesh, steps, box.lower, box.upper, true);
    return;
  }
  std::vector<unsigned int> coarse(n_cells.begin(), n_cells.end());
  unsigned int n_refinements = 0;
  while (std::all_of(coarse.begin(), coarse.end(), [](unsigned int n) { return n % 2 == 0; })) {
    for (unsigned int& n : coarse)
      n /= 2;
    ++n_refinements;
  }
  dealii::GridGenerator::subdivided_hyper_rectangle(mesh, coarse, box.lower, box.upper, true);
  mesh.refine_global(n_refinements);
}

} // namespace

template <int dim>
Mesh<dim>::Mesh(const Domain<dim>& domain_, const Layout& layout, const MPI_Comm communicator)
  : domain(domain_), triangulation(empty_mesh<dim>(communicator)),
    mapping_degree(layout.mapping_degree) {
  if (domain.is_box())
    divide_box<dim>(domain, layout, *triangulation);
  else {
    unsigned int n = layout.n_cells[0], n_refinements = 0;
    for (; layout.equal_cells && n % 2 == 0; n /= 2)
      ++n_refinements;
    domain.shape->make_coarse_mesh(*triangulation, n, layout.depths);
    triangulation->refine_global(n_refinements);
  }
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
  if (domain.is_box()) {
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
