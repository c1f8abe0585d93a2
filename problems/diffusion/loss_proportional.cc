#include "problems/diffusion/loss_proportional.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/text.h"
#include "problems/loss/function_of_loss.h"

#include <cmath>

namespace fokker_planck {

template <int dim>
LossProportional<dim>::LossProportional(const std::shared_ptr<const Loss<dim>>& loss_,
                                        const Valley<dim>& valley_, const GradientNoise& noise_,
                                        const double floor_, const double dimension_,
                                        const double interpretation_)
  : loss(loss_), noise(noise_), floor(floor_), dimension(dimension_),
    interpretation(interpretation_), valley(valley_) {}

template <int dim>
std::string LossProportional<dim>::description() const {
  return "Noise/Type: got 'loss proportional' with Noise/Floor = " + format_number(floor);
}

template <int dim>
void LossProportional<dim>::tensors(const std::vector<dealii::Point<dim>>& points,
                                    std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const {
  std::vector<double> losses;
  loss->values(points, losses);
  tensors.resize(points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    tensors[q] = noise.scale() * (losses[q] + floor) * valley.hessian;
}

template <int dim>
void LossProportional<dim>::divergences(const std::vector<dealii::Point<dim>>& points,
                                        std::vector<dealii::Tensor<1, dim>>& divergences) const {
  loss->gradients(points, divergences);
  for (auto& divergence : divergences)
    divergence = noise.scale() * (valley.hessian * divergence);
}

template <int dim>
double LossProportional<dim>::temperature() const {
  const auto* const exit = valley.cheapest_exit([&](const auto& way) {
    return std::log((way.loss + floor) / (valley.loss + floor)) / along<dim>(&way, valley.hessian);
  });
  return noise.scale() * along<dim>(exit, valley.hessian);
}

template <int dim>
std::vector<PotentialCandidate<dim>> LossProportional<dim>::potentials(
  const std::shared_ptr<const Loss<dim>>& /*loss*/, const Domain<dim>& /*domain*/, const double a,
  const double injected) const {
  const double exponent = 1 / temperature() + 1 - a;
  const double offset = floor + injected / temperature();
  const auto function = [=](const double value) -> typename FunctionOfLoss<dim>::Derivatives {
    const double total = value + offset;
    return { exponent * std::log(total), exponent / total, -exponent / (total * total) };
  };
  using Exactness = typename PotentialCandidate<dim>::Exactness;
  return { { std::make_shared<FunctionOfLoss<dim>>(loss, function),
             is_isotropic() ? Exactness::always : Exactness::never } };
}

template <int dim>
bool LossProportional<dim>::is_isotropic() const {
  return is_multiple_of_identity(valley.hessian);
}

template <int dim>
Quantities LossProportional<dim>::quantities() const {
  auto list = noise.quantities();
  list.push_back({ "floor", floor });
  list.push_back({ "hessian_at_minimum_eigenvalues", ascending_eigenvalues(valley.hessian) });
  list.push_back({ "T_e", temperature() });
  if (is_isotropic()) {
    const double critical = 2 * (1 / temperature() + 1 - interpretation);
    list.push_back({ "dimension", dimension });
    list.push_back({ "critical_dimension", critical });
    list.push_back({ "below_critical_dimension", dimension < critical });
  }
  return list;
}

template class LossProportional<1>;
template class LossProportional<2>;
template class LossProportional<3>;

} // namespace fokker_planck
