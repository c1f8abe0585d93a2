// Eigenvalues of symmetric tensors.
//
// From dealii::eigenvectors(): the closed forms of dealii::eigenvalues() lose half of the digits,
// or are not a number, where eigenvalues almost coincide. By Jacobi's method: the QL iteration, the
// default, fails where squares of entries beside the diagonal underflow.
#pragma once

#include <deal.II/base/symmetric_tensor.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fokker_planck {

/// Eigenvalues, descending, and eigenvectors.
template <int dim>
auto eigenpairs(const dealii::SymmetricTensor<2, dim>& tensor) {
  return dealii::eigenvectors(tensor, dealii::SymmetricTensorEigenvectorMethod::jacobi);
}

/// The same, up to rounding, by the QL iteration, without the entries it fails at. For what
/// amplifies rounding and is to stay as it is known: noise made from Hessians (error estimates of
/// coarse meshes follow it), paths of steepest descent, and which of the equally high points of a
/// level set a path leads to.
template <int dim>
auto eigenpairs_by_ql(dealii::SymmetricTensor<2, dim> tensor) {
  double largest = 0;
  for (int i = 0; i < dim; ++i)
    for (int j = i; j < dim; ++j)
      largest = std::max(largest, std::fabs(tensor[i][j]));
  for (int i = 0; i < dim; ++i)
    for (int j = i + 1; j < dim; ++j)
      if (std::fabs(tensor[i][j]) < 1e-70 * largest) tensor[i][j] = 0;
  return dealii::eigenvectors(tensor);
}

template <int dim>
double smallest_eigenvalue(const dealii::SymmetricTensor<2, dim>& tensor) {
  return eigenpairs(tensor)[dim - 1].first;
}

template <int dim>
std::vector<double> ascending_eigenvalues(const dealii::SymmetricTensor<2, dim>& tensor) {
  const auto pairs = eigenpairs(tensor);
  std::vector<double> values;
  for (int i = dim; i-- > 0;)
    values.push_back(pairs[i].first);
  return values;
}

/// Logarithm of |determinant| of a tensor with the given eigenvalues.
inline double log_determinant(const std::vector<double>& eigenvalues) {
  double sum = 0;
  for (const double value : eigenvalues)
    sum += std::log(std::fabs(value));
  return sum;
}

/// Up to rounding, as that of derivatives.
template <int dim>
bool is_multiple_of_identity(const dealii::SymmetricTensor<2, dim>& tensor) {
  const auto rest = tensor - trace(tensor) / dim * dealii::unit_symmetric_tensor<dim>();
  return rest.norm() <= 1e-13 * tensor.norm();
}

} // namespace fokker_planck
