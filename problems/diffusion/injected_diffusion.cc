#include "problems/diffusion/injected_diffusion.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/parameter_handler.h>

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
  const std::shared_ptr<const Loss<dim>>& loss, const Domain<dim>& domain,
  const double interpretation, const double injected) const {
  return model->potentials(loss, domain, interpretation, own + injected);
}

template <int dim>
Quantities InjectedDiffusion<dim>::quantities() const {
  auto list = model->quantities();
  list.push_back({ "injected_diffusion", own });
  return list;
}

void InjectedDiffusionInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Injected diffusion", injected,
                        "delta >= 0: D + delta times the identity replaces D.");
}

double InjectedDiffusionInput::read() const {
  const double number = parse_number("Noise/Injected diffusion", injected);
  if (!(number >= 0))
    throw InputError("Noise/Injected diffusion", injected, "a number >= 0 is needed");
  return number;
}

template class InjectedDiffusion<1>;
template class InjectedDiffusion<2>;
template class InjectedDiffusion<3>;

} // namespace fokker_planck
