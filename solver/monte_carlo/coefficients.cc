#include "solver/monte_carlo/coefficients.h"

#include <cmath>

namespace fokker_planck {

template <int dim>
void factorize(const dealii::SymmetricTensor<2, dim>& matrix, double (&factor)[n_triangle<dim>]) {
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j <= i; ++j) {
      double rest = matrix[i][j];
      for (int k = 0; k < j; ++k)
        rest -= factor[triangle_index(i, k)] * factor[triangle_index(j, k)];
      const double pivot = factor[triangle_index(j, j)];
      if (i != j)
        factor[triangle_index(i, j)] = pivot > 0 ? rest / pivot : 0.;
      else
        factor[triangle_index(i, j)] = rest <= 0 ? 0. : std::sqrt(rest); // keeps what is no number
    }
}

template <int dim>
Coefficients<dim>::Coefficients(const Problem<dim>& problem_) : problem(problem_) {}

template <int dim>
void Coefficients<dim>::gather(const Lanes<dim>& x, const std::size_t n) {
  points.resize(n);
  for (std::size_t l = 0; l < n; ++l)
    for (int i = 0; i < dim; ++i)
      points[l][i] = x[i][l];
}

template <int dim>
void Coefficients<dim>::drifts(const Lanes<dim>& x, const std::size_t n, Lanes<dim>& drift) {
  gather(x, n);
  problem.loss->gradients(points, vectors);
  for (std::size_t l = 0; l < n; ++l)
    for (int i = 0; i < dim; ++i)
      drift[i][l] = -vectors[l][i];
  const auto add = [&](const double factor) {
    for (std::size_t l = 0; l < n; ++l)
      for (int i = 0; i < dim; ++i)
        drift[i][l] += factor * vectors[l][i];
  };
  if (problem.force) {
    problem.force->values(points, vectors);
    add(1);
  }
  if (problem.interpretation != 0 && !is_constant_noise()) {
    problem.diffusion->divergences(points, vectors);
    add(problem.interpretation);
  }
}

template <int dim>
void Coefficients<dim>::factors(const Lanes<dim>& x, const std::size_t n, const double scale,
                                std::array<std::vector<double>, n_triangle<dim>>& factor) {
  gather(x, n);
  problem.diffusion->tensors(points, tensors);
  double entries[n_triangle<dim>] = {};
  for (std::size_t l = 0; l < n; ++l) {
    factorize<dim>(scale * tensors[l], entries);
    for (int k = 0; k < n_triangle<dim>; ++k)
      factor[k][l] = entries[k];
  }
}

template <int dim>
void Coefficients<dim>::divergences(const Lanes<dim>& x, const std::size_t n,
                                    Lanes<dim>& divergence) {
  gather(x, n);
  problem.diffusion->divergences(points, vectors);
  for (std::size_t l = 0; l < n; ++l)
    for (int i = 0; i < dim; ++i)
      divergence[i][l] = vectors[l][i];
}

#define INSTANTIATE(dim)                                                                           \
  template void factorize<dim>(const dealii::SymmetricTensor<2, dim>&,                             \
                               double(&)[n_triangle<dim>]);                                        \
  template class Coefficients<dim>;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
