// Matrices from the coefficients that a matrix-free operator stores.
#include "solver/operator/matrix_free_operator.h"

#include <map>

namespace fokker_planck {

/// The matrix of the form of A + shift M on one cell of a batch, multiplied by exp(reference).
template <int dim>
void MatrixFreeOperator<dim>::cell_matrix(const Batch& batch, const TensorProduct<dim>& basis,
                                          const std::size_t lane, const double shift,
                                          dealii::FullMatrix<double>& matrix) const {
  const std::size_t n = basis.n_points();
  constexpr int value = TensorProduct<dim>::value;
  std::vector<double> pairs(basis.n_nodes() * basis.n_nodes(), 0.), coefficients(n);
  const auto add = [&](const PackArray& from, const int component, const int a, const int b) {
    for (std::size_t q = 0; q < n; ++q)
      coefficients[q] = from[component * n + q][lane];
    basis.add_products(coefficients, a, b, pairs);
  };
  matrix.reinit(basis.n_nodes(), basis.n_nodes());
  if (!batch.diagonal) {
    for (int i = 0, component = dim; i < dim; ++i)
      for (int j = 0; j < i; ++j, ++component)
        add(batch.diffusion, component, i, j);
    basis.add_unpacked(pairs, matrix);
    basis.add_unpacked(pairs, matrix, true);
    std::fill(pairs.begin(), pairs.end(), 0.);
  }
  for (int i = 0; i < dim; ++i) {
    add(batch.diffusion, i, i, i);
    if (batch.drift.size() > 0) add(batch.drift, i, i, value);
  }
  if (shift != 0) {
    for (std::size_t q = 0; q < n; ++q)
      coefficients[q] = shift * batch.mass[q][lane];
    basis.add_products(coefficients, value, value, pairs);
  }
  basis.add_unpacked(pairs, matrix);
}

template <int dim>
void MatrixFreeOperator<dim>::for_each_cell_matrix(const unsigned int degree, const double shift,
                                                   const CellAction& action) const {
  std::map<const TensorProduct<dim>*, TensorProduct<dim>> bases;
  dealii::FullMatrix<double> matrix;
  for (const Batch& batch : batches) {
    const auto& basis =
      bases.try_emplace(batch.basis, degree, batch.basis->get_rule()).first->second;
    for (std::size_t lane = 0; lane < batch.cells.size(); ++lane) {
      cell_matrix(batch, basis, lane, shift, matrix);
      action(batch.cells[lane], batch.references[lane], matrix);
    }
  }
}

template <int dim>
void MatrixFreeOperator<dim>::assemble(const ScaledSpace<dim>& other, const double shift,
                                       typename ScaledSpace<dim>::Matrix& matrix) const {
  other.reinit({ &matrix });
  for_each_cell_matrix(
    other.degree(), shift,
    [&](const Cell& cell, const double reference, dealii::FullMatrix<double>& local) {
      other.add(other.cell_at(cell), reference, local, matrix);
    });
  other.finish(matrix, 1.);
}

#define INSTANTIATE(dim)                                                                           \
  template void MatrixFreeOperator<dim>::cell_matrix(const Batch&, const TensorProduct<dim>&,      \
                                                     std::size_t, double,                          \
                                                     dealii::FullMatrix<double>&) const;           \
  template void MatrixFreeOperator<dim>::for_each_cell_matrix(unsigned int, double,                \
                                                              const CellAction&) const;            \
  template void MatrixFreeOperator<dim>::assemble(const ScaledSpace<dim>&, double,                 \
                                                  ScaledSpace<dim>::Matrix&) const;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
