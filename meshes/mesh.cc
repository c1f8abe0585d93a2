#include "meshes/mesh.h"

#include "problems/input_error.h"
#include "problems/text.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>
#include <deal.II/distributed/shared_tria.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/grid/grid_generator.h>

#include <algorithm>

namespace fokker_planck {

void DiscretizationParameters::declare(dealii::ParameterHandler& handler) {
  handler.enter_subsection("Discretization");
  handler.add_parameter(
    "Degree", degree,
    "Polynomial degree k of the elements, 1 to 12; the rate converges with order "
    "2k in the cell size.",
    dealii::Patterns::Integer(1, 12));
  handler.add_parameter(
    "Cells", cells,
    "Cells per direction: one positive integer for all directions, or d of them "
    "separated by commas.");
  handler.add_parameter(
    "Gauge scale", gauge_scale,
    "Multiplies the potential Psi in p = exp(-Psi) u, > 0. Only for showing that the result does "
    "not depend on Psi: values other than 1 cost resolution.");
  handler.leave_subsection();
}

double DiscretizationParameters::get_gauge_scale() const {
  if (!(gauge_scale > 0))
    throw InputError("Discretization/Gauge scale", format_number(gauge_scale),
                     "a number > 0 is needed");
  return gauge_scale;
}

template <int dim>
std::array<unsigned int, dim> DiscretizationParameters::n_cells() const {
  const std::string key = "Discretization/Cells";
  const std::string allowed =
    std::string("one integer from 1 to 1000000") +
    (dim == 1 ? std::string() : ", or " + std::to_string(dim) + " of them separated by commas,") +
    " is needed";
  const auto pieces = split(cells, ',');
  if (pieces.size() != 1 && pieces.size() != dim) throw InputError(key, trim(cells), allowed);
  std::array<unsigned int, dim> numbers;
  for (int i = 0; i < dim; ++i) {
    const std::string& piece = pieces[pieces.size() == 1 ? 0 : i];
    const bool digits = !piece.empty() && piece.size() <= 7 &&
                        piece.find_first_not_of("0123456789") == std::string::npos;
    numbers[i] = digits ? static_cast<unsigned int>(std::stoul(piece)) : 0;
    if (numbers[i] < 1 || numbers[i] > 1000000) throw InputError(key, trim(cells), allowed);
  }
  return numbers;
}

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
std::unique_ptr<dealii::parallel::TriangulationBase<dim>> make_mesh(
  const Domain<dim>& box, const std::array<unsigned int, dim>& n_cells,
  const MPI_Comm communicator) {
  // As few coarse cells as possible: every rank stores all of them.
  std::vector<unsigned int> coarse(n_cells.begin(), n_cells.end());
  unsigned int n_refinements = 0;
  while (std::all_of(coarse.begin(), coarse.end(), [](unsigned int n) { return n % 2 == 0; })) {
    for (unsigned int& n : coarse)
      n /= 2;
    ++n_refinements;
  }
  auto mesh = empty_mesh<dim>(communicator);
  dealii::GridGenerator::subdivided_hyper_rectangle(*mesh, coarse, box.lower, box.upper, true);
  mesh->refine_global(n_refinements);
  return mesh;
}

#define INSTANTIATE(dim)                                                                           \
  template std::array<unsigned int, dim> DiscretizationParameters::n_cells<dim>() const;           \
  template std::unique_ptr<dealii::parallel::TriangulationBase<dim>> make_mesh<dim>(               \
    const Domain<dim>&, const std::array<unsigned int, dim>&, MPI_Comm);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
