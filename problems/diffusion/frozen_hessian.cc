#include "problems/diffusion/frozen_hessian.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/text.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/separated_loss.h"

#include <nlohmann/json.hpp>

namespace fokker_planck {

template <int dim>
FrozenHessian<dim>::FrozenHessian(const Problem<dim>& problem, const GradientNoise& noise_)
  : FrozenHessian(problem, find_valley(problem, 0.5 * noise_.scale()), noise_) {}

template <int dim>
FrozenHessian<dim>::FrozenHessian(const Problem<dim>& problem, const Valley<dim>& valley_,
                                  const GradientNoise& noise_)
  : ConstantDiffusion<dim>(0.5 * noise_.scale() * valley_.hessian), valley(valley_), noise(noise_) {
  check_positive_hessian(valley, problem, description());
}

template <int dim>
double FrozenHessian<dim>::temperature() const {
  return along<dim>(valley.cheapest_exit([&](const auto& exit) {
    return (exit.loss - valley.loss) / along<dim>(&exit, this->diffusion);
  }),
                    this->diffusion);
}

template <int dim>
std::vector<PotentialCandidate<dim>> FrozenHessian<dim>::potentials(const Problem<dim>& problem,
                                                                    const double injected) const {
  auto candidates = ConstantDiffusion<dim>::potentials(problem, injected);
  candidates.back().potential = std::make_shared<SeparatedLoss<dim>>(
    problem.loss, (temperature() + injected) * dealii::unit_symmetric_tensor<dim>(),
    inner_point(problem.domain));
  return candidates;
}

template <int dim>
nlohmann::ordered_json FrozenHessian<dim>::quantities() const {
  auto json = noise.quantities();
  json["hessian_at_minimum_eigenvalues"] = ascending_eigenvalues(valley.hessian);
  json["T_e"] = temperature();
  return json;
}

template class FrozenHessian<1>;
template class FrozenHessian<2>;
template class FrozenHessian<3>;

} // namespace fokker_planck
