// The losses l_i(theta) of the samples of a data set, and their averages.
//
//   linear regression     l = (theta.x - y)^2/2
//   logistic regression   l = log(1 + exp(-y theta.x)), y = -1 or 1
//   tanh network          l = (w_2 tanh(w_1 x) - y)^2/2, theta = (w_1, w_2), one feature x
//
// With the gradient g_i and the Hessian H_i of l_i, and E[.] the mean over all m samples, the
// covariance of the gradients and its divergence are
//   C = E[g g^T] - E[g] E[g]^T,   div C = E[H g + g tr H] - E[H] E[g] - E[g] tr E[H].
#pragma once

#include "problems/data/data_set.h"
#include "problems/loss/loss.h"

#include <cstdint>
#include <memory>

namespace fokker_planck {

/// Averages over all samples at one point.
template <int dim>
struct SampleAverages {
  double value;                                 ///< L = E[l]
  dealii::Tensor<1, dim> gradient;              ///< E[g]
  dealii::SymmetricTensor<2, dim> hessian;      ///< E[H]
  typename Loss<dim>::ThirdDerivatives third;   ///< of L
  dealii::SymmetricTensor<2, dim> covariance;   ///< C
  dealii::Tensor<1, dim> covariance_divergence; ///< div C
};

/// Interface of the models. Thread-safe.
template <int dim>
class SampleLosses {
public:
  virtual ~SampleLosses() = default;

  virtual std::size_t n_samples() const = 0;

  /// The averages at theta; they do not depend on what was asked for before.
  virtual SampleAverages<dim> averages(const dealii::Point<dim>& theta) const = 0;

  /// The mean of g over a batch of n samples, given by their indices.
  virtual dealii::Tensor<1, dim> batch_gradient(const dealii::Point<dim>& theta,
                                                const std::uint32_t* samples,
                                                std::size_t n) const = 0;
};

/// The names of the models, separated by '|'.
std::string sample_model_names();

/// Makes the model of the given name. Throws InputError for an unknown name, for data that cannot
/// be used, and unless the number of features is that of the model: dim, or one for the tanh
/// network, which needs dim = 2.
template <int dim>
std::shared_ptr<const SampleLosses<dim>> make_sample_losses(const std::string& model,
                                                            const DataSetInput& input);

} // namespace fokker_planck
