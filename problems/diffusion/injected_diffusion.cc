#include "problems/diffusion/injected_diffusion.h"

#include "problems/base/text.h"

#include <nlohmann/json.hpp>

namespace fokker_planck {

template <int dim>
InjectedDiffusion<dim>::InjectedDiffusion(std::shared_ptr<const Diffusion<dim>> model_,
                                          const double injected)
  : model(std::move(model_)), own(injected) {}

template <int dim>
std::string InjectedDiffusion<dim>::description() const {
  return model->description() + " with Noise/Injected diffusion = " + format_number(own);
}

template <int dim>
void InjectedDiffusion<dim>::tensors(const std::vector<dealii::Point<dim>>& points,
                                     std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const {
  model->tensors(points, tensors);
  for (auto& tensor : tensors)
    tensor += own * dealii::unit_symmetric_tensor<dim>();
}

template <int dim>
void InjectedDiffusion<dim>::divergences(const std::vector<dealii::Point<dim>>& points,
                                         std::vector<dealii::Tensor<1, dim>>& divergences) const {
  model->divergences(points, divergences);
}

template <int dim>
std::vector<PotentialCandidate<dim>> InjectedDiffusion<dim>::potentials(
  const Problem<dim>& problem, const double injected) const {
  return model->potentials(problem, own + injected);
}

template <int dim>
nlohmann::ordered_json InjectedDiffusion<dim>::quantities() const {
  auto json = model->quantities();
  json["injected_diffusion"] = own;
  return json;
}

template class InjectedDiffusion<1>;
template class InjectedDiffusion<2>;
template class InjectedDiffusion<3>;

} // namespace fokker_planck
