#include "problems/data/dataset_loss.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <atomic>
#include <cmath>
#include <cstring>
#include <unordered_map>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

/// Averages that were computed, by the loss they belong to and the bits of the point.
template <int dim>
class Memory {
public:
  struct Key {
    std::uint64_t owner;
    std::array<std::uint64_t, dim> bits;
    bool operator==(const Key& other) const { return owner == other.owner && bits == other.bits; }
  };

  static Key key(const std::uint64_t owner, const Point<dim>& point) {
    Key result{ owner, {} };
    std::memcpy(result.bits.data(), &point[0], sizeof result.bits);
    return result;
  }

  const SampleAverages<dim>* find(const Key& key) const {
    const auto found = entries.find(key);
    return found == entries.end() ? nullptr : &found->second;
  }

  const SampleAverages<dim>& insert(const Key& key, const SampleAverages<dim>& averages) {
    if (entries.size() >= most_entries) entries.clear();
    return entries.emplace(key, averages).first->second;
  }

private:
  static constexpr std::size_t most_entries = 200000; // up to 100 MB

  struct Hash {
    std::size_t operator()(const Key& key) const {
      std::uint64_t hash = key.owner;
      for (const std::uint64_t word : key.bits) { // splitmix64
        hash += word + 0x9e3779b97f4a7c15U;
        hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
        hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
        hash ^= hash >> 31U;
      }
      return hash;
    }
  };

  std::unordered_map<Key, SampleAverages<dim>, Hash> entries;
};

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> counter{ 0 };
  return ++counter;
}

} // namespace

template <int dim>
DatasetLoss<dim>::DatasetLoss(const DatasetInput& input, const double k)
  : text("Loss/Data: got '" + input.data.file + "' with Loss/Model = " + input.model),
    samples(make_sample_losses<dim>(input.model, input.data)), regularization(input.regularization),
    scale(std::sqrt(k)), number(next_number()) {
  if (!(regularization >= 0))
    throw InputError("Loss/L2 regularization", format_number(regularization),
                     "a number >= 0 is needed");
}

template <int dim>
std::string DatasetLoss<dim>::description() const {
  return text;
}

template <int dim>
SampleAverages<dim> DatasetLoss<dim>::compute(const Point<dim>& point) const {
  const Point<dim> theta(scale * point);
  SampleAverages<dim> result = samples->averages(theta);
  result.value += 0.5 * regularization * theta.square();
  result.gradient += regularization * theta;
  result.hessian += regularization * dealii::unit_symmetric_tensor<dim>();
  if (scale != 1) {
    result.gradient *= scale;
    result.hessian *= scale * scale;
    for (auto& derivative : result.third)
      derivative *= scale * scale * scale;
    result.covariance *= scale * scale;
    result.covariance_divergence *= scale * scale * scale;
  }
  return result;
}

template <int dim>
const SampleAverages<dim>& DatasetLoss<dim>::averages(const Point<dim>& point) const {
  static thread_local Memory<dim> memory;
  const auto key = memory.key(number, point);
  const auto* const known = memory.find(key);
  return known != nullptr ? *known : memory.insert(key, compute(point));
}

template <int dim>
template <typename Value>
void DatasetLoss<dim>::collect(const std::vector<Point<dim>>& points,
                               Value SampleAverages<dim>::*const member,
                               std::vector<Value>& values) const {
  values.resize(points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    values[q] = averages(points[q]).*member;
}

template <int dim>
void DatasetLoss<dim>::values(const std::vector<Point<dim>>& points,
                              std::vector<double>& values) const {
  collect(points, &SampleAverages<dim>::value, values);
}

template <int dim>
void DatasetLoss<dim>::gradients(const std::vector<Point<dim>>& points,
                                 std::vector<Tensor<1, dim>>& gradients) const {
  collect(points, &SampleAverages<dim>::gradient, gradients);
}

template <int dim>
void DatasetLoss<dim>::hessians(const std::vector<Point<dim>>& points,
                                std::vector<SymmetricTensor<2, dim>>& hessians) const {
  collect(points, &SampleAverages<dim>::hessian, hessians);
}

template <int dim>
void DatasetLoss<dim>::third_derivatives(
  const std::vector<Point<dim>>& points,
  std::vector<typename Loss<dim>::ThirdDerivatives>& derivatives) const {
  collect(points, &SampleAverages<dim>::third, derivatives);
}

template <int dim>
void DatasetLoss<dim>::covariances(const std::vector<Point<dim>>& points,
                                   std::vector<SymmetricTensor<2, dim>>& covariances) const {
  collect(points, &SampleAverages<dim>::covariance, covariances);
}

template <int dim>
void DatasetLoss<dim>::covariance_divergences(const std::vector<Point<dim>>& points,
                                              std::vector<Tensor<1, dim>>& divergences) const {
  collect(points, &SampleAverages<dim>::covariance_divergence, divergences);
}

template <int dim>
Tensor<1, dim> DatasetLoss<dim>::batch_gradient(const Point<dim>& point,
                                                const std::uint32_t* const indices,
                                                const std::size_t n) const {
  const Point<dim> theta(scale * point);
  return scale * (samples->batch_gradient(theta, indices, n) + regularization * theta);
}

template class DatasetLoss<1>;
template class DatasetLoss<2>;
template class DatasetLoss<3>;

} // namespace fokker_planck
