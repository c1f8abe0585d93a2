#include "problems/data/linear_regression.h"

#include "problems/base/eigenvalues.h"

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

template <int dim>
LinearRegression<dim>::LinearRegression(const DataSet& data)
  : features(data.n_samples()), labels(data.labels) {
  const double weight = 1 / static_cast<double>(labels.size());
  SymmetricTensor<2, dim> a;
  Tensor<1, dim> b;
  for (std::size_t s = 0; s < labels.size(); ++s) {
    for (int i = 0; i < dim; ++i)
      features[s][i] = data.features[i][s];
    a += weight * symmetrize(outer_product(features[s], features[s]));
    b += weight * labels[s] * features[s];
  }
  if (smallest_eigenvalue(a) > 1e-12 * a.norm()) solution = Point<dim>(invert(a) * b);

  for (std::size_t s = 0; s < labels.size(); ++s) {
    Tensor<1, dim + 1> x;
    for (int i = 0; i < dim; ++i)
      x[i] = features[s][i];
    x[dim] = residual(solution, s);
    const auto product = symmetrize(outer_product(features[s], features[s]));
    for (int p = 0; p <= dim; ++p)
      for (int q = 0; q <= dim; ++q) {
        fourth[p][q] += weight * x[p] * x[q] * product;
        if (p <= q) second[p][q] += weight * x[p] * x[q];
      }
  }
}

template <int dim>
double LinearRegression<dim>::residual(const Point<dim>& theta, const std::size_t sample) const {
  double sum = -labels[sample];
  for (int i = 0; i < dim; ++i)
    sum += theta[i] * features[sample][i];
  return sum;
}

template <int dim>
SampleAverages<dim> LinearRegression<dim>::averages(const Point<dim>& theta) const {
  Tensor<1, dim + 1> t;
  for (int i = 0; i < dim; ++i)
    t[i] = theta[i] - solution[i];
  t[dim] = 1;

  SampleAverages<dim> result;
  const Tensor<1, dim + 1> product = second * t;
  result.value = 0.5 * (t * product);
  for (int i = 0; i < dim; ++i) {
    result.gradient[i] = product[i];
    for (int j = i; j < dim; ++j)
      result.hessian[i][j] = second[i][j];
  }
  for (int p = 0; p <= dim; ++p)
    for (int q = 0; q <= dim; ++q)
      result.covariance += t[p] * t[q] * fourth[p][q];
  for (int p = 0; p <= dim; ++p) // d/dtheta_j of the sum over p and q
    for (int i = 0; i < dim; ++i)
      for (int j = 0; j < dim; ++j)
        result.covariance_divergence[i] += 2 * t[p] * fourth[p][j][i][j];
  result.covariance -= symmetrize(outer_product(result.gradient, result.gradient));
  result.covariance_divergence -=
    result.hessian * result.gradient + trace(result.hessian) * result.gradient;
  return result;
}

template <int dim>
Tensor<1, dim> LinearRegression<dim>::batch_gradient(const Point<dim>& theta,
                                                     const std::uint32_t* const samples,
                                                     const std::size_t n) const {
  Tensor<1, dim> sum;
  for (std::size_t b = 0; b < n; ++b)
    sum += residual(theta, samples[b]) * features[samples[b]];
  return sum / static_cast<double>(n);
}

template class LinearRegression<1>;
template class LinearRegression<2>;
template class LinearRegression<3>;

} // namespace fokker_planck
