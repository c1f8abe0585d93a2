// Additive Schwarz smoother: K is inverted cell by cell.
//
//   B = sum_e R_e^T (R_e K R_e^T + 1e-15 n_e)^-1 R_e,
// R_e the restriction to the n_e free nodes that determine u in cell e. Where Psi varies by much
// within a cell, the polynomials that are large on the side of small weights have little energy: no
// point-wise smoother sees them, the cell does, as long as nothing distorts them. Therefore
//   - the blocks are exact, with what other cells add to K, those of other ranks among them;
//   - B has no weights for the nodes of several cells: eigenvalues of B K are at most 2^dim, but
//     3e5 with weights of 1/2 where Psi varies by 50;
//   - siblings with hanging nodes, which share the nodes that determine those, are one block.
// Triangular factors of the inverses are stored in single precision: their product is within 6e-8
// times the root of the condition number of the block.
// Source: L. F. Pavarino, Numer. Math. 66 (1993) 493, for high degrees.
#pragma once

#include "solver/operator/matrix_free_operator.h"

#include <cstdint>
#include <vector>

namespace fokker_planck {

template <int dim>
class CellSmoother {
public:
  /// For diag(scale) K diag(scale), whose diagonal is 1, K the block of free nodes of A^ + shift
  /// M^; scale: one entry for each free node that this rank owns. Collective.
  CellSmoother(const ScaledSpace<dim>& space, const FreeNodes<dim>& free,
               const MatrixFreeOperator<dim>& op, double shift, const double* scale,
               Symmetry symmetry);

  /// y = B x, or B^T x for the backward equation; one entry for each free node that this rank owns.
  /// Collective.
  void apply(const double* x, double* y, Equation equation) const;

private:
  using Cell = typename WeightedForm<dim>::Cell;
  using LocalVector = typename MatrixFreeOperator<dim>::LocalVector;

  /// The free unknowns of a cell and what it adds to K.
  struct CellBlock {
    std::vector<std::uint32_t> nodes;
    std::vector<unsigned int> faces; ///< on which each node lies, one bit each: two nodes without a
                                     ///< common one are no nodes of another cell
    dealii::FullMatrix<double> matrix;
  };

  /// An entry of K to which several cells may add.
  struct Entry {
    std::uint32_t row, column;
    double value;
    bool operator<(const Entry& other) const {
      return row != other.row ? row < other.row : column < other.column;
    }
  };

  CellBlock block_of(const Cell& cell, double reference, const dealii::FullMatrix<double>& local,
                     const LocalVector& scale) const;
  bool has_hanging_nodes(const Cell& cell) const;
  unsigned int n_hanging_siblings(const Cell& cell) const;
  static CellBlock merge(const std::vector<CellBlock>& blocks);
  void add_shared_entries(const CellBlock& block);
  void sum_shared_entries();
  void exchange_shared_entries();
  void complete(CellBlock& block) const;
  void add_block(CellBlock block);
  void add_factors(const CellBlock& block);
  enum class Triangle { rows_of_lower, columns_of_upper };
  void add_packed(const std::vector<double>& triangle, std::size_t n, Triangle kind);

  const ScaledSpace<dim>& space;
  const FreeNodes<dim>& free;
  const bool symmetric;      ///< K
  std::vector<Entry> shared; ///< sorted; only while the smoother is made

  // Of the cells, cell after cell: K_e^-1 = U^-1 L^-1 with the rows of K_e in the order of
  // row_nodes; L^-1 (its rows one after the other, packed) and U^-1 (its columns), or L^-1 alone if
  // U = L^T, when row_nodes is empty.
  std::vector<std::uint32_t> nodes, row_nodes;
  std::vector<float> factors;
  std::vector<std::size_t> node_begins{ 0 }, factor_begins{ 0 };
  std::vector<unsigned int> without_cells; ///< free nodes, where B is the identity
  mutable LocalVector source, target;
};

} // namespace fokker_planck
