// Additive Schwarz smoother: K is inverted cell by cell.
//
//   B = sum_e R_e^T W_e K_e^-1 W_e R_e,
// R_e the restriction to the free nodes of cell e, W_e the roots of one over the number of cells
// around each node, K_e the matrix of the cell with the diagonal of K, plus 1e-6. Where Psi varies
// by much within a cell, the polynomials that are large on the side of small weights have little
// energy: no point-wise smoother sees them, the cell does. Inverses are stored in single precision,
// which what is added keeps positive definite.
// Source: L. F. Pavarino, Numer. Math. 66 (1993) 493, for high degrees; the diagonal stands for
// what the neighbours add.
#pragma once

#include "solver/matrix_free_operator.h"

#include <cstdint>
#include <vector>

namespace fokker_planck {

template <int dim>
class CellSmoother {
public:
  /// For diag(scale) K diag(scale), whose diagonal is 1; scale: one entry for each free node that
  /// this rank owns. symmetric: whether w = 0. Collective.
  CellSmoother(const ScaledSpace<dim>& space, const MatrixFreeOperator<dim>& op,
               const double* scale, bool symmetric);

  /// y = B x, or B^T x; one entry for each free node that this rank owns. Collective.
  void apply(const double* x, double* y, bool transposed) const;

private:
  void add_inverse(std::vector<double>& matrix, std::size_t n);

  const ScaledSpace<dim>& space;
  const bool symmetric;
  std::vector<std::uint32_t> nodes; ///< free nodes of the cells, cell after cell
  std::vector<std::size_t> node_begins{ 0 }, inverse_begins{ 0 }; ///< of the cells
  std::vector<float> inverses;                                    ///< column after column
  typename MatrixFreeOperator<dim>::LocalVector weights;
  mutable typename MatrixFreeOperator<dim>::LocalVector source, target;
};

} // namespace fokker_planck
