// What the representation of a curved boundary by polynomials does to the rate.
//
// The mesh ends a small distance delta (positive if the mesh lies inside the domain) before the
// absorbing boundary. To first order in delta (Hadamard's formula for the eigenvalue),
//   gamma_h - gamma = int delta exp(-Psi) (n.D n) d_n u d_n q dS / (q^T M u).
// Reference: A. Henrot, Extremum Problems for Eigenvalues of Elliptic Operators, Birkhaeuser 2006,
// section 2.5.
#pragma once

#include "problems/problem.h"
#include "solver/operator/discretization.h"

#include <deal.II/fe/fe_values.h>

namespace fokker_planck {

/// Integrates over the absorbing faces of one cell after another.
template <int dim>
class GeometryError {
public:
  using Cell = typename dealii::DoFHandler<dim>::active_cell_iterator;

  GeometryError(const Problem<dim>& problem, const ScalarField<dim>& psi,
                const Discretization<dim>& discretization);

  /// The integral over the absorbing faces of a cell times exp(reference); zero unless the domain
  /// is curved. u and q are local nodal values.
  double operator()(const Cell& cell, const dealii::Vector<double>& u,
                    const dealii::Vector<double>& q, double reference);

private:
  const Problem<dim>& problem;
  const ScalarField<dim>& psi;
  const bool curved;
  dealii::FEFaceValues<dim> values;
};

} // namespace fokker_planck
