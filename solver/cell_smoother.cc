#include "solver/cell_smoother.h"

#include <petscsys.h>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>

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

  const auto& partitioner = *scale.get_partitioner();
  std::vector<dealii::types::global_dof_index> cell_nodes(space.n_nodes_per_cell());
  std::vector<unsigned int> places;
  std::vector<double> factors, matrix;
  op.for_each_cell_matrix(space.degree(), [&](const auto& cell, const double reference,
                                              const dealii::FullMatrix<double>& local) {
    cell->get_dof_indices(cell_nodes);
    places.clear();
    factors.clear();
    for (unsigned int i = 0; i < cell_nodes.size(); ++i)
      if (space.number(cell_nodes[i]) >= 0) {
        const auto node = partitioner.global_to_local(cell_nodes[i]);
        places.push_back(i);
        factors.push_back(std::exp(0.5 * (space.potential(cell_nodes[i]) - reference)) *
                          scale.local_element(node));
        nodes.push_back(node);
        weights.local_element(node) += 1;
      }
    const std::size_t n = places.size();
    matrix.resize(n * n);
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i)
        matrix[j * n + i] =
          i == j ? 1 + regularization : factors[i] * factors[j] * local(places[i], places[j]);
    node_begins.push_back(nodes.size());
    add_inverse(matrix, n);
  });
  weights.compress(dealii::VectorOperation::add);
  for (std::size_t i = 0; i < weights.locally_owned_size(); ++i)
    if (weights.local_element(i) > 0)
      weights.local_element(i) = 1 / std::sqrt(weights.local_element(i));
  weights.update_ghost_values();
}

/// Stores the inverse of a matrix; that of its diagonal if it is singular to rounding.
template <int dim>
void CellSmoother<dim>::add_inverse(std::vector<double>& matrix, const std::size_t size) {
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
