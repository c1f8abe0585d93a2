#include "problems/input/registry.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/data/dataset_loss.h"
#include "problems/data/empirical_noise.h"
#include "problems/diffusion/absolute_hessian.h"
#include "problems/diffusion/frozen_hessian.h"
#include "problems/diffusion/loss_proportional.h"
#include "problems/diffusion/positive_definite.h"
#include "problems/diffusion/two_temperature.h"
#include "problems/input/model_table.h"

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/patterns.h>

#include <functional>
#include <optional>

namespace fokker_planck {

namespace Patterns = dealii::Patterns;

namespace {

template <int dim>
using LossTable = ModelTable<
  std::function<std::shared_ptr<const Loss<dim>>(const LossInput&, const FormulaNames&)>>;

template <int dim>
const LossTable<dim>& losses() {
  static const LossTable<dim> table({
    { "expression",
      [](const LossInput& input, const FormulaNames& names) {
        return std::make_shared<ExpressionLoss<dim>>(input.expression.expression, names,
                                                     input.scale);
      } },
    { "dataset",
      [](const LossInput& input, const FormulaNames&) {
        return std::make_shared<DatasetLoss<dim>>(input.dataset, input.scale);
      } },
  });
  return table;
}

/// The data set of a dataset loss has a size of its own.
template <int dim>
GradientNoise gradient_noise(const NoiseInput& input, const Problem<dim>& problem) {
  std::optional<std::size_t> n_samples;
  if (const auto* const loss = dynamic_cast<const DatasetLoss<dim>*>(problem.loss.get()))
    n_samples = loss->n_samples();
  return input.gradient_noise.read(n_samples);
}

template <int dim>
Valley<dim> valley_of(const Problem<dim>& problem, const double temperature_per_hessian) {
  return find_valley(problem.domain, *problem.loss, problem.start, temperature_per_hessian);
}

/// Throws InputError, beginning with the description of the noise, unless the Hessian at the
/// minimum is positive definite.
template <int dim>
Valley<dim> positive_valley_of(const Problem<dim>& problem, const double temperature_per_hessian,
                               const std::string& description) {
  const auto valley = valley_of(problem, temperature_per_hessian);
  check_positive_hessian(valley, problem.domain, *problem.loss, description);
  return valley;
}

template <int dim>
using NoiseTable = ModelTable<std::function<std::shared_ptr<const Diffusion<dim>>(
  const NoiseInput&, const FormulaNames&, const Problem<dim>&)>>;

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_frozen(const NoiseInput& input, const FormulaNames&,
                                                  const Problem<dim>& problem) {
  const auto noise = gradient_noise(input, problem);
  const auto valley = positive_valley_of(problem, 0.5 * noise.scale(), FrozenHessian<dim>::name());
  return std::make_shared<FrozenHessian<dim>>(valley, noise);
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_absolute(const NoiseInput& input, const FormulaNames&,
                                                    const Problem<dim>& problem) {
  const auto noise = gradient_noise(input, problem);
  const double floor = input.floor.read();
  return std::make_shared<AbsoluteHessian<dim>>(
    problem.loss, valley_of(problem, 0.5 * noise.scale()), noise, floor);
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_two_temperature(const NoiseInput& input,
                                                           const FormulaNames&,
                                                           const Problem<dim>& problem) {
  const double s = input.hessian_aligned.two_temperature.read_path_parameter();
  const auto width = input.hessian_aligned.two_temperature.read_width();
  const auto noise = gradient_noise(input, problem);
  const auto valley = positive_valley_of(problem, 0.5 * noise.scale(), TwoTemperature<dim>::name());
  return std::make_shared<TwoTemperature<dim>>(problem.loss, valley, noise, s, width);
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_hessian_aligned(const NoiseInput& input,
                                                           const FormulaNames& names,
                                                           const Problem<dim>& problem) {
  const std::string& hessian = input.hessian_aligned.hessian;
  if (hessian == "frozen") return make_frozen(input, names, problem);
  if (problem.domain.dimension() > dim && (hessian == "absolute" || hessian == "two temperature"))
    throw InputError(
      "Noise/Hessian", hessian,
      "in a radial domain D must be a multiple of the identity, and the Hessian of a "
      "radial loss is one at r = 0 only; use frozen");
  if (hessian == "absolute") return make_absolute(input, names, problem);
  if (hessian == "two temperature") return make_two_temperature(input, names, problem);
  throw InputError("Noise/Hessian", hessian,
                   std::string("one of frozen, absolute, two temperature is needed") +
                     (hessian == "raw"
                        ? "; the raw Hessian cannot be a diffusion tensor: it is indefinite "
                          "between valley and saddle and vanishes at every inflection, where "
                          "nothing can cross"
                        : ""));
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_loss_proportional(const NoiseInput& input,
                                                             const FormulaNames&,
                                                             const Problem<dim>& problem) {
  const auto noise = gradient_noise(input, problem);
  const double floor = input.floor.read();
  const auto valley =
    positive_valley_of(problem, noise.scale(), "Noise/Type: got 'loss proportional'");
  return std::make_shared<LossProportional<dim>>(
    problem.loss, valley, noise, floor, problem.domain.dimension(), problem.interpretation);
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_empirical(const NoiseInput& input, const FormulaNames&,
                                                     const Problem<dim>& problem) {
  const auto noise = gradient_noise(input, problem);
  const auto loss = std::dynamic_pointer_cast<const DatasetLoss<dim>>(problem.loss);
  if (!loss)
    throw InputError("Noise/Type", "empirical",
                     "it is the noise of the samples of a data set: Loss/Type = dataset is needed");
  return std::make_shared<EmpiricalNoise<dim>>(loss, valley_of(problem, 0.5 * noise.scale()),
                                               noise);
}

template <int dim>
const NoiseTable<dim>& noises() {
  static const NoiseTable<dim> table({
    { "constant",
      [](const NoiseInput& input, const FormulaNames&, const Problem<dim>&) {
        return std::make_shared<ConstantDiffusion<dim>>(input.constant.diffusion);
      } },
    { "hessian aligned", make_hessian_aligned<dim> },
    { "loss proportional", make_loss_proportional<dim> },
    { "expression",
      [](const NoiseInput& input, const FormulaNames& names, const Problem<dim>& problem) {
        return std::make_shared<ExpressionDiffusion<dim>>(input.expression.expressions, names,
                                                          problem.domain);
      } },
    { "empirical", make_empirical<dim> },
  });
  return table;
}

} // namespace

void LossInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Type", type, "Model of the loss function L.",
                        Patterns::Selection(losses<1>().names()));
  expression.declare(handler);
  handler.add_parameter("Constants", constants, "Named constants, for all formulas: a=1, b=2*a.");
  handler.add_parameter("Scale k", scale,
                        "Replaces the loss f(theta) by L(theta) = f(sqrt(k) theta), k > 0: every "
                        "Hessian is multiplied by k, barriers keep their height.");
  dataset.declare(handler);
}

template <int dim>
std::shared_ptr<const Loss<dim>> LossInput::make(const FormulaNames& names) const {
  if (!(scale > 0))
    throw InputError("Loss/Scale k", format_number(scale), "a number > 0 is needed");
  return losses<dim>().find("Loss/Type", type)(*this, names);
}

void NoiseInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Type", type,
                        "Model of the diffusion tensor D in dtheta = b dt + sqrt(2D) dW.",
                        Patterns::Selection(noises<1>().names()));
  constant.declare(handler);
  gradient_noise.declare(handler);
  hessian_aligned.declare(handler);
  floor.declare(handler);
  expression.declare(handler);
  injected.declare(handler);
  handler.add_parameter("Interpretation", interpretation,
                        "How the noise is read: ito (a = 0), stratonovich (a = 1/2) or anti-ito (a "
                        "= 1) in J = b P - D grad P - (1-a) P div D.",
                        Patterns::Selection("ito|stratonovich|anti-ito"));
}

double NoiseInput::read_interpretation() const {
  return interpretation == "ito" ? 0. : interpretation == "anti-ito" ? 1. : 0.5;
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> NoiseInput::make(const FormulaNames& names,
                                                       const Problem<dim>& problem) const {
  auto diffusion = noises<dim>().find("Noise/Type", type)(*this, names, problem);
  const double delta = injected.read();
  if (delta > 0) diffusion = std::make_shared<InjectedDiffusion<dim>>(diffusion, delta);
  if (!diffusion->is_constant()) check_positive_definite(*diffusion, problem.domain);
  return diffusion;
}

#define INSTANTIATE(dim)                                                                           \
  template std::shared_ptr<const Loss<dim>> LossInput::make<dim>(const FormulaNames&) const;       \
  template std::shared_ptr<const Diffusion<dim>> NoiseInput::make<dim>(const FormulaNames&,        \
                                                                       const Problem<dim>&) const;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
