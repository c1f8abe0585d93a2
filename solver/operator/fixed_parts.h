// Where values are prescribed.
#pragma once

#include <deal.II/base/types.h>

#include <vector>

namespace fokker_planck {

/// Parts of a mesh on which the values of a function are prescribed, in words that hold for
/// polynomials of any degree: absorbing sides, pins, sets of cells such as those of a committor.
struct FixedParts {
  /// Per side of the domain: all nodes on it.
  std::vector<bool> sides;

  /// Single nodes of a discretization, the same on all ranks. Those at vertices are fixed for
  /// polynomials of all degrees.
  std::vector<dealii::types::global_dof_index> nodes = {};

  /// Per active cell index of the cells that a rank knows: all nodes of the cell. Empty: none.
  std::vector<bool> cells = {};
};

} // namespace fokker_planck
