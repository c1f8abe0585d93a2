#include "solver/cell_smoother.h"

#include <petscsys.h>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <utility>

extern "C" void sgemv_(const char* transposed, const PetscBLASInt* n_rows,
                       const PetscBLASInt* n_columns, const float* alpha, const float* matrix,
                       const PetscBLASInt* leading, const float* x, const PetscBLASInt* step_of_x,
                       const float* beta, float* y, const PetscBLASInt* step_of_y);

namespace fokker_planck {

/// Added to the diagonal, which is 1: far above the rounding errors of single precision.
constexpr double regularization = 1e-6;

template <int dim>
CellSmoother<dim>::CellSmoother(const ScaledSpace<dim>& space_, const MatrixFreeOperator<dim>& op,
                                const double* const scale_of_free, const bool symmetric_)
  : space(space_), symmetric(symmetric_), weights(op.make_local_vector()),
    source(op.make_local_vector()), target(op.make_local_vector()) {
  auto scale = op.make_local_vector();
  const auto& positions = space.free_positions();
  for (std::size_t i = 0; i < positions.size(); ++i)
    scale.local_element(positions[i]) = scale_of_free[i];
  scale.update_ghost_values();
  // Matrices of cells are made twice: keeping them would take more memory than all else.
  op.for_each_cell_matrix(space.degree(), [&](const Cell& cell, const double reference,
                                              const dealii::FullMatrix<double>& local) {
    const CellBlock block = block_of(cell, reference, local, scale);
    add_shared_entries(block);
    for (std::size_t i = 0; i < block.nodes.size(); ++i)
      target.local_element(block.nodes[i]) += block.matrix(i, i);
  });
  sum_shared_entries();
  target.compress(dealii::VectorOperation::add);
  target.update_ghost_values(); // the diagonal
  op.for_each_cell_matrix(space.degree(), [&](const Cell& cell, const double reference,
                                              const dealii::FullMatrix<double>& local) {
    CellBlock block = block_of(cell, reference, local, scale);
    complete(block);
    for (const std::uint32_t node : block.nodes)
      weights.local_element(node) += 1;
    nodes.insert(nodes.end(), block.nodes.begin(), block.nodes.end());
    node_begins.push_back(nodes.size());
    add_inverse(block.matrix);
  });
  shared = {};
  target.zero_out_ghost_values();
  weights.compress(dealii::VectorOperation::add);
  for (std::size_t i = 0; i < weights.locally_owned_size(); ++i)
    if (weights.local_element(i) > 0)
      weights.local_element(i) = 1 / std::sqrt(weights.local_element(i));
  weights.update_ghost_values();
}

/// Replaces hanging nodes by those that determine them, and leaves out fixed ones.
template <int dim>
typename CellSmoother<dim>::CellBlock CellSmoother<dim>::block_of(
  const Cell& cell, const double reference, const dealii::FullMatrix<double>& local,
  const typename MatrixFreeOperator<dim>::LocalVector& scale) const {
  const auto& element = space.get_dof_handler().get_fe();
  const auto& partitioner = *scale.get_partitioner();
  const unsigned int n = space.n_nodes_per_cell();
  std::vector<dealii::types::global_dof_index> cell_nodes(n);
  cell->get_dof_indices(cell_nodes);
  CellBlock block;
  std::vector<std::vector<std::pair<std::size_t, double>>> terms(n); ///< of the nodes of the cell
  const auto add_term = [&](const unsigned int i, const dealii::types::global_dof_index node,
                            const double weight) {
    if (!space.locally_relevant().is_element(node) || space.number(node) < 0) return;
    const std::uint32_t known = partitioner.global_to_local(node);
    std::size_t position =
      std::find(block.nodes.begin(), block.nodes.end(), known) - block.nodes.begin();
    if (position == block.nodes.size()) {
      block.nodes.push_back(known);
      block.faces.push_back(0);
    }
    for (const unsigned int face : cell->face_indices())
      if (element.has_support_on_face(i, face)) block.faces[position] |= 1U << face;
    terms[i].emplace_back(position, weight * scale.local_element(known));
  };
  for (unsigned int i = 0; i < n; ++i) {
    const double factor = std::exp(0.5 * (space.potential(cell_nodes[i]) - reference));
    if (const auto* masters = space.get_constraints().get_constraint_entries(cell_nodes[i]))
      for (const auto& [master, weight] : *masters)
        add_term(i, master, weight * factor);
    else
      add_term(i, cell_nodes[i], factor);
  }
  block.matrix.reinit(block.nodes.size(), block.nodes.size());
  for (unsigned int i = 0; i < n; ++i)
    for (const auto& [row, row_weight] : terms[i])
      for (unsigned int j = 0; j < n; ++j)
        for (const auto& [column, weight] : terms[j])
          block.matrix(row, column) += row_weight * weight * local(i, j);
  return block;
}

template <int dim>
void CellSmoother<dim>::add_shared_entries(const CellBlock& block) {
  for (std::size_t i = 0; i < block.nodes.size(); ++i)
    for (std::size_t j = 0; j < block.nodes.size(); ++j)
      if (i != j && (block.faces[i] & block.faces[j]) != 0 &&
          (!symmetric || block.nodes[i] < block.nodes[j]))
        shared.push_back(
          { block.nodes[i], block.nodes[j], static_cast<float>(block.matrix(i, j)) });
}

template <int dim>
void CellSmoother<dim>::sum_shared_entries() {
  std::sort(shared.begin(), shared.end());
  std::size_t n = 0;
  for (const Entry& entry : shared)
    if (n > 0 && !(shared[n - 1] < entry))
      shared[n - 1].value += entry.value;
    else
      shared[n++] = entry;
  shared.resize(n);
  shared.shrink_to_fit();
}

/// Adds what other cells add to K.
template <int dim>
void CellSmoother<dim>::complete(CellBlock& block) const {
  for (std::size_t i = 0; i < block.nodes.size(); ++i)
    for (std::size_t j = 0; j < block.nodes.size(); ++j) {
      double& entry = block.matrix(i, j);
      if (i == j)
        entry = target.local_element(block.nodes[i]) + regularization;
      else if ((block.faces[i] & block.faces[j]) != 0) {
        Entry wanted{ block.nodes[i], block.nodes[j], 0 };
        if (symmetric && wanted.column < wanted.row) std::swap(wanted.row, wanted.column);
        entry = std::lower_bound(shared.begin(), shared.end(), wanted)->value;
      }
    }
}

/// Stores the inverse of a matrix; that of its diagonal if it is singular to rounding.
template <int dim>
void CellSmoother<dim>::add_inverse(const dealii::FullMatrix<double>& block) {
  const std::size_t size = block.m();
  std::vector<double> matrix(size * size);
  for (std::size_t j = 0; j < size; ++j)
    for (std::size_t i = 0; i < size; ++i)
      matrix[j * size + i] = block(i, j);
  auto n = static_cast<PetscBLASInt>(size);
  PetscBLASInt failed = 0;
  if (n > 0 && symmetric) {
    LAPACKpotrf_("U", &n, matrix.data(), &n, &failed);
    if (failed == 0) LAPACKpotri_("U", &n, matrix.data(), &n, &failed);
    for (std::size_t j = 0; j < size; ++j)
      for (std::size_t i = 0; i < j; ++i)
        matrix[i * size + j] = matrix[j * size + i];
  } else if (n > 0) {
    std::vector<PetscBLASInt> pivots(size);
    std::vector<double> work(size * 16);
    auto n_work = static_cast<PetscBLASInt>(work.size());
    LAPACKgetrf_(&n, &n, matrix.data(), &n, pivots.data(), &failed);
    if (failed == 0)
      LAPACKgetri_(&n, matrix.data(), &n, pivots.data(), work.data(), &n_work, &failed);
  }
  if (failed != 0)
    for (std::size_t i = 0; i < size * size; ++i)
      matrix[i] = i % (size + 1) == 0 ? 1 : 0;
  inverses.insert(inverses.end(), matrix.begin(), matrix.end());
  inverse_begins.push_back(inverses.size());
}

template <int dim>
void CellSmoother<dim>::apply(const double* const x, double* const y, const bool transposed) const {
  const auto& positions = space.free_positions();
  for (std::size_t i = 0; i < positions.size(); ++i)
    source.local_element(positions[i]) = x[i] * weights.local_element(positions[i]);
  source.update_ghost_values();
  target = 0;
  std::vector<float> in, out;
  const float one = 1, zero = 0;
  const PetscBLASInt step = 1;
  for (std::size_t cell = 0; cell + 1 < node_begins.size(); ++cell) {
    const std::uint32_t* const here = nodes.data() + node_begins[cell];
    const auto n = static_cast<PetscBLASInt>(node_begins[cell + 1] - node_begins[cell]);
    if (n == 0) continue;
    in.resize(n);
    out.resize(n);
    for (PetscBLASInt i = 0; i < n; ++i)
      in[i] = static_cast<float>(source.begin()[here[i]]);
    sgemv_(transposed ? "T" : "N", &n, &n, &one, inverses.data() + inverse_begins[cell], &n,
           in.data(), &step, &zero, out.data(), &step);
    for (PetscBLASInt i = 0; i < n; ++i)
      target.begin()[here[i]] += out[i];
  }
  source.zero_out_ghost_values();
  target.compress(dealii::VectorOperation::add);
  for (std::size_t i = 0; i < positions.size(); ++i)
    y[i] = target.local_element(positions[i]) * weights.local_element(positions[i]);
  // Nodes of cells that are cut off have a row of the identity.
  for (std::size_t i = 0; i < positions.size(); ++i)
    if (weights.local_element(positions[i]) == 0) y[i] = x[i];
}

template class CellSmoother<1>;
template class CellSmoother<2>;
template class CellSmoother<3>;

} // namespace fokker_planck
