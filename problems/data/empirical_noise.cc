#include "problems/data/empirical_noise.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/input_error.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/separated_loss.h"

#include <nlohmann/json.hpp>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

template <int dim>
std::shared_ptr<const DatasetLoss<dim>> dataset_loss(const Problem<dim>& problem) {
  auto loss = std::dynamic_pointer_cast<const DatasetLoss<dim>>(problem.loss);
  if (!loss)
    throw InputError("Noise/Type", "empirical",
                     "it is the noise of the samples of a data set: Loss/Type = dataset is needed");
  return loss;
}

} // namespace

template <int dim>
EmpiricalNoise<dim>::EmpiricalNoise(const Problem<dim>& problem, const GradientNoise& noise_)
  : loss(dataset_loss(problem)), noise(noise_), valley(find_valley(problem, 0.5 * noise.scale())) {}

template <int dim>
void EmpiricalNoise<dim>::tensors(const std::vector<Point<dim>>& points,
                                  std::vector<SymmetricTensor<2, dim>>& tensors) const {
  loss->covariances(points, tensors);
  for (auto& tensor : tensors)
    tensor *= 0.5 * noise.scale();
}

template <int dim>
void EmpiricalNoise<dim>::divergences(const std::vector<Point<dim>>& points,
                                      std::vector<Tensor<1, dim>>& divergences) const {
  loss->covariance_divergences(points, divergences);
  for (auto& divergence : divergences)
    divergence *= 0.5 * noise.scale();
}

template <int dim>
SymmetricTensor<2, dim> EmpiricalNoise<dim>::tensor(const Point<dim>& point) const {
  std::vector<SymmetricTensor<2, dim>> result;
  tensors({ point }, result);
  return result[0];
}

template <int dim>
double EmpiricalNoise<dim>::inverse_temperature(const Exit* const exit,
                                                const double injected) const {
  const auto identity = dealii::unit_symmetric_tensor<dim>();
  const double at_minimum = 1 / along<dim>(exit, tensor(valley.minimum) + injected * identity);
  if (exit == nullptr) return at_minimum;
  return 0.5 * (at_minimum + 1 / along<dim>(exit, tensor(exit->position) + injected * identity));
}

template <int dim>
const typename Valley<dim>::Exit* EmpiricalNoise<dim>::cheapest_exit(const double injected) const {
  return valley.cheapest_exit([&](const Exit& exit) {
    return (exit.loss - valley.loss) * inverse_temperature(&exit, injected);
  });
}

template <int dim>
std::vector<PotentialCandidate<dim>> EmpiricalNoise<dim>::potentials(const Problem<dim>& problem,
                                                                     const double injected) const {
  const double inverse = inverse_temperature(cheapest_exit(injected), injected);
  return { { std::make_shared<SeparatedLoss<dim>>(
               problem.loss, 1 / inverse * dealii::unit_symmetric_tensor<dim>(),
               inner_point(problem.domain)),
             PotentialCandidate<dim>::Exactness::never } };
}

template <int dim>
nlohmann::ordered_json EmpiricalNoise<dim>::quantities() const {
  const Exit* const exit = cheapest_exit(0);
  auto json = noise.quantities();
  json["hessian_at_minimum_eigenvalues"] = ascending_eigenvalues(valley.hessian);
  json["diffusion_at_minimum_eigenvalues"] = ascending_eigenvalues(tensor(valley.minimum));
  json["T_e"] = along<dim>(exit, tensor(valley.minimum));
  if (exit != nullptr) json["T_e_at_exit"] = along<dim>(exit, tensor(exit->position));
  return json;
}

template class EmpiricalNoise<1>;
template class EmpiricalNoise<2>;
template class EmpiricalNoise<3>;

} // namespace fokker_planck
