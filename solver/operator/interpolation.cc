#include "solver/operator/interpolation.h"

#include "solver/operator/petsc.h"

#include <deal.II/fe/fe_tools.h>
#include <deal.II/lac/full_matrix.h>

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

namespace fokker_planck {

namespace {

using Node = dealii::types::global_dof_index;
using Row = std::vector<std::pair<PetscInt, double>>; ///< columns and entries

/// The row of a finer node from the values there of the shape functions on a cell.
template <int dim>
Row interpolation_row(const FreeSpace<dim>& coarser, const double finer_potential,
                      const double* values, const std::vector<Node>& nodes) {
  Row row;
  const auto add = [&](const Node node, const double entry) {
    const PetscInt column =
      coarser.space.locally_relevant().is_element(node) ? coarser.free.number(node) : -1;
    if (column < 0) return;
    for (auto& known : row)
      if (known.first == column) {
        known.second += entry;
        return;
      }
    row.emplace_back(column, entry);
  };
  for (unsigned int j = 0; j < nodes.size(); ++j) {
    if (std::fabs(values[j]) < 1e-12) continue;
    const double entry =
      values[j] * std::exp(0.5 * (coarser.space.potential(nodes[j]) - finer_potential));
    if (const auto* masters = coarser.space.get_constraints().get_constraint_entries(nodes[j]))
      for (const auto& [master, weight] : *masters)
        add(master, weight * entry);
    else
      add(nodes[j], entry);
  }
  return row;
}

/// Calls action(number, row) for the free nodes of the finer space that this rank owns.
template <int dim>
void for_each_row(const FreeSpace<dim>& coarser, const FreeSpace<dim>& finer,
                  const std::function<void(PetscInt, const Row&)>& action) {
  const unsigned int n = coarser.space.n_nodes_per_cell(), n_finer = finer.space.n_nodes_per_cell();
  dealii::FullMatrix<double> values(n_finer, n);
  dealii::FETools::get_interpolation_matrix(coarser.space.get_dof_handler().get_fe(),
                                            finer.space.get_dof_handler().get_fe(), values);
  std::vector<Node> nodes(n), finer_nodes(n_finer);
  std::vector<bool> done(finer.free.get_positions().size(), false);
  for (const auto& cell : coarser.space.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    cell->get_dof_indices(nodes);
    finer.space.cell_at(cell)->get_dof_indices(finer_nodes);
    for (unsigned int i = 0; i < n_finer; ++i) {
      if (!finer.space.locally_owned().is_element(finer_nodes[i])) continue;
      const PetscInt number = finer.free.number(finer_nodes[i]);
      if (number < 0 || done[number - finer.free.get_first()]) continue;
      done[number - finer.free.get_first()] = true;
      action(number, interpolation_row(coarser, finer.space.potential(finer_nodes[i]),
                                       &values(i, 0), nodes));
    }
  }
}

} // namespace

template <int dim>
Mat make_interpolation(const FreeSpace<dim>& coarser, const FreeSpace<dim>& finer) {
  const auto n_free = static_cast<PetscInt>(coarser.free.get_positions().size());
  const auto n_finer = static_cast<PetscInt>(finer.free.get_positions().size());
  const PetscInt first = coarser.free.get_first(), first_finer = finer.free.get_first();
  std::vector<PetscInt> n_local(n_finer, 0), n_remote(n_finer, 0);
  for_each_row<dim>(coarser, finer, [&](const PetscInt row, const Row& entries) {
    for (const auto& entry : entries) {
      const bool local = entry.first >= first && entry.first < first + n_free;
      ++(local ? n_local : n_remote)[row - first_finer];
    }
  });
  Mat matrix;
  check_petsc(MatCreate(coarser.space.get_communicator(), &matrix));
  check_petsc(MatSetSizes(matrix, n_finer, n_free, PETSC_DETERMINE, PETSC_DETERMINE));
  check_petsc(MatSetType(matrix, MATMPIAIJ)); // as those of deal.II, also on one rank
  check_petsc(MatMPIAIJSetPreallocation(matrix, 0, n_local.data(), 0, n_remote.data()));
  for_each_row<dim>(coarser, finer, [&](const PetscInt row, const Row& entries) {
    for (const auto& [column, entry] : entries)
      check_petsc(MatSetValue(matrix, row, column, entry, INSERT_VALUES));
  });
  check_petsc(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  check_petsc(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  return matrix;
}

template Mat make_interpolation(const FreeSpace<1>&, const FreeSpace<1>&);
template Mat make_interpolation(const FreeSpace<2>&, const FreeSpace<2>&);
template Mat make_interpolation(const FreeSpace<3>&, const FreeSpace<3>&);

} // namespace fokker_planck
