// The nodes whose values are unknown: neither fixed nor hanging.
#pragma once

#include "solver/operator/fixed_parts.h"
#include "solver/operator/scaled_space.h"

#include <petscmat.h>

#include <vector>

namespace fokker_planck {

/// A numbering of the free nodes of a space, rank by rank.
template <int dim>
class FreeNodes {
public:
  using Node = typename ScaledSpace<dim>::Node;

  /// Of the space of a discretization, or of one of another degree on its mesh; fixed refers to
  /// nodes of the discretization. Collective.
  FreeNodes(const Discretization<dim>& discretization, const ScaledSpace<dim>& space,
            const FixedParts& fixed);

  /// Number of a locally relevant node among the free ones; -1 if it is fixed or hanging.
  PetscInt number(const Node node) const {
    return numbers[space.locally_relevant().index_within_set(node)];
  }

  /// Positions of the free nodes among those that this rank owns.
  const std::vector<unsigned int>& get_positions() const { return positions; }

  /// Number of the first free node that this rank owns.
  PetscInt get_first() const { return first; }

  /// The rows and columns of free nodes; the caller destroys the matrix. Collective.
  Mat block(typename ScaledSpace<dim>::Matrix& matrix) const;

private:
  std::vector<bool> find_fixed(const Discretization<dim>& discretization,
                               const FixedParts& fixed) const;

  const ScaledSpace<dim>& space;
  std::vector<PetscInt> numbers; ///< of locally relevant nodes
  std::vector<unsigned int> positions;
  PetscInt first = 0;
};

} // namespace fokker_planck
