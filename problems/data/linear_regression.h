// Linear regression: all averages are polynomials in theta, whose coefficients are computed once.
//
// With the least squares solution theta_0, its residuals e_i = theta_0.x_i - y_i and the vectors
// X = (x, e), t = (theta - theta_0, 1) the residual is t.X, so that
//   L = t^T E[X X^T] t/2,   g = x (t.X),   E[g_i g_j] = sum_ab t_a t_b E[X_a X_b x_i x_j],
// and, since E[g] = A (theta - theta_0) with A = E[x x^T], nothing cancels near the minimum.
#pragma once

#include "problems/data/sample_losses.h"

#include <array>
#include <vector>

namespace fokker_planck {

template <int dim>
class LinearRegression : public SampleLosses<dim> {
public:
  explicit LinearRegression(const DataSet& data);

  std::size_t n_samples() const override { return labels.size(); }
  SampleAverages<dim> averages(const dealii::Point<dim>& theta) const override;
  dealii::Tensor<1, dim> batch_gradient(const dealii::Point<dim>& theta,
                                        const std::uint32_t* samples, std::size_t n) const override;

private:
  /// theta.x - y of a sample.
  double residual(const dealii::Point<dim>& theta, std::size_t sample) const;

  std::vector<dealii::Tensor<1, dim>> features;
  std::vector<double> labels;
  dealii::Point<dim> solution;                ///< theta_0; zero if A is singular
  dealii::SymmetricTensor<2, dim + 1> second; ///< E[X X^T]
  std::array<std::array<dealii::SymmetricTensor<2, dim>, dim + 1>, dim + 1>
    fourth; ///< E[X_a X_b x x^T]
};

} // namespace fokker_planck
