#include "problems/data/empirical_noise.h"

#include "problems/base/eigenvalues.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/separated_loss.h"

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

template <int dim>
EmpiricalNoise<dim>::EmpiricalNoise(const std::shared_ptr<const DatasetLoss<dim>>& loss_,
                                    const Valley<dim>& valley_, const GradientNoise& noise_)
  : loss(loss_), noise(noise_), valley(valley_) {}

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
std::vector<PotentialCandidate<dim>> EmpiricalNoise<dim>::potentials(
  const std::shared_ptr<const Loss<dim>>& /*loss*/, const Domain<dim>& domain,
  const double /*interpretation*/, const double injected) const {
  const double inverse = inverse_temperature(cheapest_exit(injected), injected);
  return { { std::make_shared<SeparatedLoss<dim>>(
               loss, 1 / inverse * dealii::unit_symmetric_tensor<dim>(), inner_point(domain)),
             PotentialCandidate<dim>::Exactness::never } };
}

template <int dim>
Quantities EmpiricalNoise<dim>::quantities() const {
  const Exit* const exit = cheapest_exit(0);
  auto list = noise.quantities();
  list.push_back({ "hessian_at_minimum_eigenvalues", ascending_eigenvalues(valley.hessian) });
  list.push_back(
    { "diffusion_at_minimum_eigenvalues", ascending_eigenvalues(tensor(valley.minimum)) });
  list.push_back({ "T_e", along<dim>(exit, tensor(valley.minimum)) });
  if (exit != nullptr) list.push_back({ "T_e_at_exit", along<dim>(exit, tensor(exit->position)) });
  return list;
}

template class EmpiricalNoise<1>;
template class EmpiricalNoise<2>;
template class EmpiricalNoise<3>;

} // namespace fokker_planck
