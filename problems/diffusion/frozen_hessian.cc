#include "problems/diffusion/frozen_hessian.h"

#include "problems/base/eigenvalues.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/separated_loss.h"

namespace fokker_planck {

template <int dim>
FrozenHessian<dim>::FrozenHessian(const Valley<dim>& valley_, const GradientNoise& noise_)
  : ConstantDiffusion<dim>(0.5 * noise_.scale() * valley_.hessian), valley(valley_), noise(noise_) {
}

template <int dim>
double FrozenHessian<dim>::temperature() const {
  return along<dim>(valley.cheapest_exit([&](const auto& exit) {
    return (exit.loss - valley.loss) / along<dim>(&exit, this->diffusion);
  }),
                    this->diffusion);
}

template <int dim>
std::vector<PotentialCandidate<dim>> FrozenHessian<dim>::potentials(
  const std::shared_ptr<const Loss<dim>>& loss, const Domain<dim>& domain,
  const double interpretation, const double injected) const {
  auto candidates = ConstantDiffusion<dim>::potentials(loss, domain, interpretation, injected);
  candidates.back().potential = std::make_shared<SeparatedLoss<dim>>(
    loss, (temperature() + injected) * dealii::unit_symmetric_tensor<dim>(), inner_point(domain));
  return candidates;
}

template <int dim>
Quantities FrozenHessian<dim>::quantities() const {
  auto list = noise.quantities();
  list.push_back({ "hessian_at_minimum_eigenvalues", ascending_eigenvalues(valley.hessian) });
  list.push_back({ "T_e", temperature() });
  return list;
}

template class FrozenHessian<1>;
template class FrozenHessian<2>;
template class FrozenHessian<3>;

} // namespace fokker_planck
