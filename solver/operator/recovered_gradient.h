// A continuous gradient from one that jumps between cells.
//
// Method: at each vertex the mean of the gradients of the cells around it, weighted by their
// volumes; linear in between. For elements of degree one it is more accurate than the gradient
// itself, and the difference estimates its error.
// Reference: O. C. Zienkiewicz, J. Z. Zhu, Int. J. Numer. Meth. Eng. 24 (1987) 337.
#pragma once

#include "solver/operator/discretization.h"

#include <deal.II/base/tensor.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/lac/petsc_vector.h>
#include <deal.II/lac/vector.h>

#include <array>
#include <functional>
#include <vector>

namespace fokker_planck {

template <int dim>
class RecoveredGradient {
public:
  using Cell = typename dealii::DoFHandler<dim>::active_cell_iterator;

  /// local_values(cell): values at the nodes of a cell, which are its vertices, up to a constant;
  /// counts(cell): whether a cell takes part. Collective.
  RecoveredGradient(const Discretization<dim>& discretization,
                    const std::function<const dealii::Vector<double>&(const Cell&)>& local_values,
                    const std::function<bool(const Cell&)>& counts);

  /// The components at the nodes of a cell.
  std::array<dealii::Vector<double>, dim> operator()(const Cell& cell) const;

private:
  std::array<dealii::PETScWrappers::MPI::Vector, dim> components; ///< with ghost values
};

} // namespace fokker_planck
