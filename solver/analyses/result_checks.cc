#include "solver/analyses/result_checks.h"

#include "problems/base/input_error.h"
#include "solver/analyses/quasi_stationary.h"

#include <deal.II/base/mpi.h>
#include <deal.II/lac/vector.h>

#include <cmath>
#include <numeric>
#include <string>

namespace fokker_planck {

namespace {

/// Where Psi is only a guess, the domain may have been cut off where there is probability. Looks at
/// the cells in the border below the cut-off: their share of the mass, and, where absorbing sides
/// lie behind them, the flux they could carry, int p |c . grad Psi| / (height of the border), in
/// comparison with the rate.
template <int dim>
void check_cutoff(const PinnedProblem<dim>& pinned, const QuasiStationary<dim>& result) {
  const Generator<dim>& generator = pinned.get_generator();
  const Discretization<dim>& discretization = generator.get_discretization();
  const Landscape<dim>& landscape = pinned.get_landscape();
  WeightedForm<dim>& form = generator.get_form();
  typename WeightedForm<dim>::CellMatrices matrices;
  const unsigned int n_dofs = discretization.get_element().n_dofs_per_cell();
  dealii::Vector<double> u(n_dofs), product(n_dofs);
  std::vector<dealii::Tensor<1, dim>> convection, slope;
  double share = 0, leak = 0;
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    const double depth = landscape.cutoff_level - form.smallest_potential(cell);
    if (depth <= 0 || depth > Landscape<dim>::border) continue;
    cell->get_dof_values(result.u, u);
    form.compute(cell, matrices);
    matrices.mass.vmult(product, u);
    const double mass = std::accumulate(product.begin(), product.end(), 0.) *
                        std::exp(-matrices.reference - result.log_mass);
    share += mass;
    if (landscape.watershed.leads_to_high_exit(cell->center())) {
      generator.get_problem().convections({ cell->center() }, convection);
      generator.get_gauge().gradients({ cell->center() }, slope);
      leak += mass * std::fabs(convection[0] * slope[0]) / Landscape<dim>::border;
    }
  }
  const MPI_Comm communicator = discretization.get_communicator();
  share = dealii::Utilities::MPI::sum(share, communicator);
  leak = dealii::Utilities::MPI::sum(leak, communicator);
  if (share > 1e-8 || std::log(leak) - result.log_rate > std::log(1e-6))
    throw NotConverged(
      "the potential guessed for this noise cuts off a part of the domain where "
      "there is probability: a Discretization/Gauge scale below 1 keeps more of it");
}

} // namespace

template <int dim>
void check_result(const PinnedProblem<dim>& pinned, const QuasiStationary<dim>& result) {
  const auto demand = [](const bool condition, const std::string& otherwise) {
    if (!condition)
      throw MeshTooCoarse("the mesh is too coarse to carry the result (" + otherwise +
                          "): increase Discretization/Cells or Degree");
  };
  const Generator<dim>& generator = pinned.get_generator();
  const unsigned int degree = generator.get_discretization().get_element().degree;
  demand(result.weight_limit <= 1e-2, "L/D varies too much within the cells on the way out");
  demand(result.error.found >= 0.3 && result.error.highest_degree <= (degree == 1 ? 0.2 : 0.3),
         "the layer at the exit is not resolved");
  demand(result.negative_part <= 1e-3, "the density is not positive");
  demand(result.flux_discrepancy <= 1e-6, "the fluxes through the sides do not add up to the rate");
  if (!generator.is_symmetric()) check_cutoff(pinned, result);
}

#define INSTANTIATE(dim)                                                                           \
  template void check_result(const PinnedProblem<dim>&, const QuasiStationary<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
