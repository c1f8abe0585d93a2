// Drift and noise of the stochastic differential equation in the form that is simulated.
//
//   dtheta = (b + a div D) dt + sqrt(2D) dW   (Ito),   b = -grad L + f,
//
// which has the density dP/dt = -div J, J = b P - D grad P - (1-a) P div D: in
// -d/dtheta_i [(b_i + a (div D)_i) P] + d^2/dtheta_i dtheta_j (D_ij P) the second term is
// d/dtheta_i [D_ij dP/dtheta_j + P (div D)_i]. In radial coordinates the drift is that along r;
// what the directions across add is the step's business (see stepper.h).
#pragma once

#include "problems/problem.h"

#include <array>
#include <vector>

namespace fokker_planck {

/// A vector for each of many trajectories ("lanes"), by component: v[i][lane].
template <int dim>
using Lanes = std::array<std::vector<double>, dim>;

/// Entries of lower triangular matrices: row by row (00, 10, 11, 20, 21, 22).
template <int dim>
constexpr int n_triangle = dim*(dim + 1) / 2;

constexpr int triangle_index(const int i, const int j) {
  return i * (i + 1) / 2 + j;
}

/// The Cholesky factor F of a matrix F F^T, with zero columns where it is not positive definite up
/// to rounding.
template <int dim>
void factorize(const dealii::SymmetricTensor<2, dim>& matrix, double (&factor)[n_triangle<dim>]);

/// Evaluates the models of a problem for many trajectories. Not to be shared by threads.
template <int dim>
class Coefficients {
public:
  explicit Coefficients(const Problem<dim>& problem);

  bool is_constant_noise() const { return problem.diffusion->is_constant(); }

  /// b + a div D of the first n lanes. Not finite where the models are not.
  void drifts(const Lanes<dim>& x, std::size_t n, Lanes<dim>& drift);

  /// The Cholesky factor F of scale * D = F F^T of the first n lanes, with zero columns where D is
  /// not positive definite up to rounding.
  void factors(const Lanes<dim>& x, std::size_t n, double scale,
               std::array<std::vector<double>, n_triangle<dim>>& factor);

  /// (div D)_i of the first n lanes.
  void divergences(const Lanes<dim>& x, std::size_t n, Lanes<dim>& divergence);

private:
  void gather(const Lanes<dim>& x, std::size_t n);

  const Problem<dim>& problem;
  std::vector<dealii::Point<dim>> points;
  std::vector<dealii::Tensor<1, dim>> vectors;
  std::vector<dealii::SymmetricTensor<2, dim>> tensors;
};

} // namespace fokker_planck
