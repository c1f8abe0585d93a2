#include "problems/data/sample_losses.h"

#include "problems/base/input_error.h"
#include "problems/data/linear_regression.h"
#include "problems/data/sample_models.h"

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

/// Sums over samples of l, its derivatives and their products.
template <int dim>
struct Sums {
  using Derivatives = sample_models::Derivatives<dim>;

  Derivatives of = {};
  std::array<Pack, Derivatives::n_second> squares = {}; // of g g^T
  std::array<Pack, dim> divergence = {};                // of H g + g tr H

  FOKKER_PLANCK_INLINE void add(const Derivatives& d) {
    of.value += d.value;
    Pack trace = {};
    for (int i = 0, ij = 0; i < dim; ++i) {
      of.gradient[i] += d.gradient[i];
      trace += d.hessian[ij];
      for (int j = i; j < dim; ++j, ++ij) {
        of.hessian[ij] += d.hessian[ij];
        squares[ij] += d.gradient[i] * d.gradient[j];
        divergence[i] += d.hessian[ij] * d.gradient[j];
        if (i != j) divergence[j] += d.hessian[ij] * d.gradient[i];
      }
    }
    for (int i = 0; i < dim; ++i)
      divergence[i] += d.gradient[i] * trace;
    for (int ijk = 0; ijk < Derivatives::n_third; ++ijk)
      of.third[ijk] += d.third[ijk];
  }

  SampleAverages<dim> averages(std::size_t n_samples) const;
};

template <int dim>
SampleAverages<dim> Sums<dim>::averages(const std::size_t n_samples) const {
  const double weight = 1 / static_cast<double>(n_samples);
  SampleAverages<dim> result;
  result.value = weight * sum(of.value);
  for (int i = 0, ij = 0, ijk = 0; i < dim; ++i) {
    result.gradient[i] = weight * sum(of.gradient[i]);
    result.covariance_divergence[i] = weight * sum(divergence[i]);
    for (int j = i; j < dim; ++j, ++ij) {
      result.hessian[i][j] = weight * sum(of.hessian[ij]);
      result.covariance[i][j] = weight * sum(squares[ij]);
      for (int k = j; k < dim; ++k, ++ijk)
        result.third[i][j][k] = result.third[j][i][k] = result.third[k][i][j] =
          weight * sum(of.third[ijk]);
    }
  }
  result.covariance -= symmetrize(outer_product(result.gradient, result.gradient));
  result.covariance_divergence -=
    result.hessian * result.gradient + trace(result.hessian) * result.gradient;
  return result;
}

/// Features and labels of packs of samples, one after the other.
struct PackedSamples {
  std::vector<double> numbers;
  std::size_t n_packs;
};

template <int dim, typename Model>
FOKKER_PLANCK_INLINE void add_samples(const double* const theta, const PackedSamples& samples,
                                      Sums<dim>& sums) {
  const double* numbers = samples.numbers.data();
  for (std::size_t p = 0; p < samples.n_packs; ++p) {
    Pack x[Model::n_features];
    for (Pack& feature : x) {
      feature = load(numbers);
      numbers += pack_size;
    }
    const Pack y = load(numbers);
    numbers += pack_size;
    sums.add(Model::derivatives(theta, x, y));
  }
}

// Clones are made of functions, not of templates.
template <int dim>
using LogisticModel = sample_models::GeneralizedLinear<sample_models::Logistic, dim>;
using sample_models::Tanh;

#define ADD_SAMPLES(dim, Model)                                                                    \
  FOKKER_PLANCK_CLONES void add(Model, const double* const theta, const PackedSamples& samples,    \
                                Sums<dim>& sums) {                                                 \
    add_samples<dim, Model>(theta, samples, sums);                                                 \
  }
ADD_SAMPLES(1, LogisticModel<1>)
ADD_SAMPLES(2, LogisticModel<2>)
ADD_SAMPLES(3, LogisticModel<3>)
ADD_SAMPLES(2, Tanh)

/// Sums over the samples, each of which is visited once per point.
template <int dim, typename Model>
class Summed : public SampleLosses<dim> {
public:
  explicit Summed(const DataSet& data);

  std::size_t n_samples() const override { return labels.size(); }

  SampleAverages<dim> averages(const Point<dim>& theta) const override {
    Sums<dim> sums;
    add(Model(), &theta[0], packed, sums);
    // The samples that fill up the last pack have no derivatives, but a loss.
    const auto n_more = static_cast<double>(packed.n_packs * pack_size - labels.size());
    const Pack nothing[n] = {};
    sums.of.value[0] -= n_more * Model::derivatives(&theta[0], nothing, nothing[0]).value[0];
    return sums.averages(labels.size());
  }

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
  PackedSamples packed;
};

template <int dim, typename Model>
Summed<dim, Model>::Summed(const DataSet& data)
  : labels(data.labels), packed{ {}, (data.n_samples() + pack_size - 1) / pack_size } {
  for (std::size_t s = 0; s < data.n_samples(); ++s)
    for (int i = 0; i < n; ++i)
      features.push_back(data.features[i][s]);
  for (std::size_t p = 0; p < packed.n_packs; ++p)
    for (int i = 0; i <= n; ++i)
      for (std::size_t s = p * pack_size; s < (p + 1) * pack_size; ++s)
        packed.numbers.push_back(s >= labels.size() ? 0. : i < n ? data.features[i][s] : labels[s]);
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
  return std::make_shared<Summed<dim, LogisticModel<dim>>>(
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
    return std::make_shared<Summed<2, Tanh>>(
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
