#include "problems/loss/sample_losses.h"

#include "problems/input_error.h"
#include "problems/loss/linear_regression.h"
#include "problems/loss/sample_models.h"
namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

/// Sums over the samples, each of which is visited once per point.
template <int dim, typename Model>
class Summed : public SampleLosses<dim> {
public:
  explicit Summed(const DataSet& data) : labels(data.labels) {
    for (std::size_t s = 0; s < data.n_samples(); ++s)
      for (int i = 0; i < n; ++i)
        features.push_back(data.features[i][s]);
  }

  std::size_t n_samples() const override { return labels.size(); }

  SampleAverages<dim> averages(const Point<dim>& theta) const override;

  Tensor<1, dim> batch_gradient(const Point<dim>& theta, const std::uint32_t* samples,
                                const std::size_t n_batch) const override {
    Tensor<1, dim> sum, g;
    for (std::size_t b = 0; b < n_batch; ++b) {
      Model::gradient(&theta[0], &features[n * samples[b]], labels[samples[b]], &g[0]);
      sum += g;
    }
    return sum / static_cast<double>(n_batch);
  }

private:
  static constexpr int n = Model::n_features;

  std::vector<double> features; ///< sample by sample
  std::vector<double> labels;
};

template <int dim, typename Model>
SampleAverages<dim> Summed<dim, Model>::averages(const Point<dim>& theta) const {
  using Derivatives = sample_models::Derivatives<dim>;
  Derivatives sum = {};
  std::array<double, Derivatives::n_second> squares = {}; // of g g^T
  std::array<double, dim> divergence = {};                // of H g + g tr H
  for (std::size_t s = 0; s < labels.size(); ++s) {
    const Derivatives d = Model::derivatives(&theta[0], &features[n * s], labels[s]);
    sum.value += d.value;
    for (int i = 0, ij = 0; i < dim; ++i) {
      sum.gradient[i] += d.gradient[i];
      for (int j = i; j < dim; ++j, ++ij) {
        sum.hessian[ij] += d.hessian[ij];
        squares[ij] += d.gradient[i] * d.gradient[j];
        divergence[i] += d.hessian[ij] * d.gradient[j];
        if (i != j) divergence[j] += d.hessian[ij] * d.gradient[i];
      }
    }
    double trace = 0;
    for (int i = 0, ij = 0; i < dim; ij += dim - i, ++i)
      trace += d.hessian[ij];
    for (int i = 0; i < dim; ++i)
      divergence[i] += d.gradient[i] * trace;
    for (int ijk = 0; ijk < Derivatives::n_third; ++ijk)
      sum.third[ijk] += d.third[ijk];
  }

  const double weight = 1 / static_cast<double>(labels.size());
  SampleAverages<dim> result;
  result.value = weight * sum.value;
  for (int i = 0, ij = 0, ijk = 0; i < dim; ++i) {
    result.gradient[i] = weight * sum.gradient[i];
    result.covariance_divergence[i] = weight * divergence[i];
    for (int j = i; j < dim; ++j, ++ij) {
      result.hessian[i][j] = weight * sum.hessian[ij];
      result.covariance[i][j] = weight * squares[ij];
      for (int k = j; k < dim; ++k, ++ijk)
        result.third[i][j][k] = result.third[j][i][k] = result.third[k][i][j] =
          weight * sum.third[ijk];
    }
  }
  result.covariance -= symmetrize(outer_product(result.gradient, result.gradient));
  result.covariance_divergence -=
    result.hessian * result.gradient + trace(result.hessian) * result.gradient;
  return result;
}

/// Reads the data and checks the number of features.
DataSet read(const DataSetInput& input, const Label kind, const std::size_t n_features,
             const std::string& reason) {
  DataSet data = read_data_set(input, kind);
  if (data.n_features() != n_features)
    throw InputError("Loss/Features", input.features,
                     std::to_string(n_features) +
                       (n_features == 1 ? " feature is needed (" : " features are needed (") +
                       reason + "), not " + std::to_string(data.n_features()));
  return data;
}

template <int dim>
std::shared_ptr<const SampleLosses<dim>> make_logistic(const DataSetInput& input) {
  using Model = sample_models::GeneralizedLinear<sample_models::Logistic, dim>;
  return std::make_shared<Summed<dim, Model>>(
    read(input, Label::two_classes, dim, "one per dimension"));
}

template <int dim>
std::shared_ptr<const SampleLosses<dim>> make_linear(const DataSetInput& input) {
  return std::make_shared<LinearRegression<dim>>(
    read(input, Label::number, dim, "one per dimension"));
}

template <int dim>
std::shared_ptr<const SampleLosses<dim>> make_tanh(const DataSetInput& input) {
  if constexpr (dim == 2)
    return std::make_shared<Summed<2, sample_models::Tanh>>(
      read(input, Label::number, 1, "the input of the network"));
  else
    throw InputError("Loss/Model", "tanh network", "it has two weights: Dimension = 2 is needed");
}

template <int dim>
struct Entry {
  const char* name;
  std::shared_ptr<const SampleLosses<dim>> (*make)(const DataSetInput&);
};

template <int dim>
constexpr Entry<dim> models[] = { { "linear regression", make_linear<dim> },
                                  { "logistic regression", make_logistic<dim> },
                                  { "tanh network", make_tanh<dim> } };

} // namespace

std::string sample_model_names() {
  std::string text;
  for (const auto& entry : models<1>)
    text += (text.empty() ? "" : "|") + std::string(entry.name);
  return text;
}

template <int dim>
std::shared_ptr<const SampleLosses<dim>> make_sample_losses(const std::string& model,
                                                            const DataSetInput& input) {
  for (const auto& entry : models<dim>)
    if (model == entry.name) return entry.make(input);
  throw InputError("Loss/Model", model, "one of " + sample_model_names() + " is needed");
}

template std::shared_ptr<const SampleLosses<1>> make_sample_losses(const std::string&,
                                                                   const DataSetInput&);
template std::shared_ptr<const SampleLosses<2>> make_sample_losses(const std::string&,
                                                                   const DataSetInput&);
template std::shared_ptr<const SampleLosses<3>> make_sample_losses(const std::string&,
                                                                   const DataSetInput&);

} // namespace fokker_planck
