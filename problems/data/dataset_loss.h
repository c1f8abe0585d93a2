// Loss/Type = dataset: the mean loss of a model over the samples of a data set.
//
//   L(theta) = E[l_i(theta')] + lambda/2 |theta'|^2,   theta' = sqrt(k) theta,
// with the models of sample_losses.h, Loss/L2 regularization lambda and Loss/Scale k.
#pragma once

#include "problems/data/dataset_input.h"
#include "problems/data/sample_losses.h"

#include <string>

namespace fokker_planck {

/// Every point is summed over the samples once: its averages are kept, so that quadrature points
/// that meshes share cost nothing again.
template <int dim>
class DatasetLoss : public Loss<dim> {
public:
  /// Throws InputError for data that cannot be used.
  DatasetLoss(const DatasetInput& input, double k);

  std::string description() const override;
  void values(const std::vector<dealii::Point<dim>>& points,
              std::vector<double>& values) const override;
  void gradients(const std::vector<dealii::Point<dim>>& points,
                 std::vector<dealii::Tensor<1, dim>>& gradients) const override;
  void hessians(const std::vector<dealii::Point<dim>>& points,
                std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const override;
  void third_derivatives(
    const std::vector<dealii::Point<dim>>& points,
    std::vector<typename Loss<dim>::ThirdDerivatives>& derivatives) const override;

  /// The number m of samples.
  std::size_t n_samples() const { return samples->n_samples(); }

  /// The covariance E[g g^T] - E[g] E[g]^T of the gradients of single samples at each point.
  void covariances(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::SymmetricTensor<2, dim>>& covariances) const;

  /// Its divergence at each point.
  void covariance_divergences(const std::vector<dealii::Point<dim>>& points,
                              std::vector<dealii::Tensor<1, dim>>& divergences) const;

  /// The gradient of the mean loss of n samples (with the regularisation), given by their indices
  /// 0 ... m-1.
  dealii::Tensor<1, dim> batch_gradient(const dealii::Point<dim>& point,
                                        const std::uint32_t* indices, std::size_t n) const;

private:
  /// The averages at a point, with the regularisation and the scale.
  const SampleAverages<dim>& averages(const dealii::Point<dim>& point) const;
  SampleAverages<dim> compute(const dealii::Point<dim>& point) const;

  template <typename Value>
  void collect(const std::vector<dealii::Point<dim>>& points, Value SampleAverages<dim>::*member,
               std::vector<Value>& values) const;

  std::string text; ///< of the description
  std::shared_ptr<const SampleLosses<dim>> samples;
  double regularization;
  double scale;         ///< sqrt(k)
  std::uint64_t number; ///< of this object, in the memory of averages
};

} // namespace fokker_planck
