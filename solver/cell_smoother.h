// Additive Schwarz smoother: K is inverted cell by cell.
//
//   B = sum_e R_e^T W_e (R_e K R_e^T + 1e-6)^-1 W_e R_e,
// R_e the restriction to the free nodes that determine u in cell e, W_e the roots of one over the
// number of cells around each node. Where Psi varies
// by much within a cell, the polynomials that are large on the side of small weights have little
// energy: no point-wise smoother sees them, the cell does. Inverses are stored in single precision,
// which what is added keeps positive definite.
// Source: L. F. Pavarino, Numer. Math. 66 (1993) 493, for high degrees.
// Limit: of cells of other ranks only the diagonal of K knows.
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
  using Cell = typename WeightedForm<dim>::Cell;

  /// The free unknowns of a cell and what it adds to K.
  struct CellBlock {
    std::vector<std::uint32_t> nodes;
    std::vector<unsigned int> faces; ///< of the cell on which each node lies, one bit per face
    dealii::FullMatrix<double> matrix;
  };

  /// An entry of K to which several cells may add.
  struct Entry {
    std::uint32_t row, column;
    float value;
    bool operator<(const Entry& other) const {
      return row != other.row ? row < other.row : column < other.column;
    }
  };

  CellBlock block_of(const Cell& cell, double reference, const dealii::FullMatrix<double>& local,
                     const typename MatrixFreeOperator<dim>::LocalVector& scale) const;
  void add_shared_entries(const CellBlock& block);
  void sum_shared_entries();
  void complete(CellBlock& block) const;
  void add_inverse(const dealii::FullMatrix<double>& block);

  const ScaledSpace<dim>& space;
  const bool symmetric;
  std::vector<Entry> shared;        ///< sorted; only while the smoother is made
  std::vector<std::uint32_t> nodes; ///< of the cells, cell after cell
  std::vector<std::size_t> node_begins{ 0 }, inverse_begins{ 0 }; ///< of the cells
  std::vector<float> inverses;                                    ///< column after column
  typename MatrixFreeOperator<dim>::LocalVector weights;
  mutable typename MatrixFreeOperator<dim>::LocalVector source, target;
};

} // namespace fokker_planck
