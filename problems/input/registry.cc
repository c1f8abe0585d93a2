#include "problems/input/registry.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/data/dataset_loss.h"
#include "problems/data/empirical_noise.h"
#include "problems/diffusion/absolute_hessian.h"
#include "problems/diffusion/constant_diffusion.h"
#include "problems/diffusion/expression_diffusion.h"
#include "problems/diffusion/frozen_hessian.h"
#include "problems/diffusion/loss_proportional.h"
#include "problems/diffusion/two_temperature.h"
#include "problems/loss/expression_loss.h"

#include <functional>
#include <vector>

namespace fokker_planck {

namespace {

template <typename Model, typename... Input>
struct Entry {
  const char* name;
  std::function<std::shared_ptr<const Model>(const Input&...)> make;
};

template <int dim>
using LossTable = std::vector<Entry<Loss<dim>, LossInput>>;

template <int dim>
const LossTable<dim>& losses() {
  static const LossTable<dim> table = {
    { "expression",
      [](const LossInput& input) {
        return std::make_shared<ExpressionLoss<dim>>(input.expression, input.names, input.k);
      } },
    { "dataset",
      [](const LossInput& input) {
        return std::make_shared<DatasetLoss<dim>>(input.dataset, input.k);
      } },
  };
  return table;
}

/// The data set of a dataset loss has a size of its own.
template <int dim>
GradientNoise gradient_noise(const NoiseInput& input, const Problem<dim>& problem) {
  std::string size = input.data_set_size;
  if (const auto* const loss = dynamic_cast<const DatasetLoss<dim>*>(problem.loss.get()))
    if (trim(size).empty()) size = std::to_string(loss->n_samples());
  return GradientNoise::parse(input.learning_rate, input.batch_size, size);
}

double floor(const NoiseInput& input) {
  const double number = parse_number("Noise/Floor", input.floor);
  if (!(number >= 0)) throw InputError("Noise/Floor", input.floor, "a number >= 0 is needed");
  return number;
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_two_temperature(const NoiseInput& input,
                                                           const Problem<dim>& problem) {
  const double s = parse_number("Noise/Path parameter s", input.path_parameter);
  if (!(s > 0 && s < 1))
    throw InputError("Noise/Path parameter s", input.path_parameter,
                     "a number between 0 and 1 (both excluded) is needed");
  std::optional<double> width;
  if (!trim(input.transition_width).empty()) {
    width = parse_number("Noise/Transition width", input.transition_width);
    if (!(*width > 0))
      throw InputError("Noise/Transition width", input.transition_width,
                       "a number > 0 is needed (or nothing)");
  }
  return std::make_shared<TwoTemperature<dim>>(problem, gradient_noise(input, problem), s, width);
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_hessian_aligned(const NoiseInput& input,
                                                           const Problem<dim>& problem) {
  if (input.hessian == "frozen")
    return std::make_shared<FrozenHessian<dim>>(problem, gradient_noise(input, problem));
  if (problem.domain.dimension() > dim &&
      (input.hessian == "absolute" || input.hessian == "two temperature"))
    throw InputError(
      "Noise/Hessian", input.hessian,
      "in a radial domain D must be a multiple of the identity, and the Hessian of a "
      "radial loss is one at r = 0 only; use frozen");
  if (input.hessian == "absolute")
    return std::make_shared<AbsoluteHessian<dim>>(problem, gradient_noise(input, problem),
                                                  floor(input));
  if (input.hessian == "two temperature") return make_two_temperature(input, problem);
  throw InputError("Noise/Hessian", input.hessian,
                   std::string("one of frozen, absolute, two temperature is needed") +
                     (input.hessian == "raw"
                        ? "; the raw Hessian cannot be a diffusion tensor: it is indefinite "
                          "between valley and saddle and vanishes at every inflection, where "
                          "nothing can cross"
                        : ""));
}

template <int dim>
using DiffusionTable = std::vector<Entry<Diffusion<dim>, NoiseInput, Problem<dim>>>;

template <int dim>
const DiffusionTable<dim>& diffusions() {
  static const DiffusionTable<dim> table = {
    { "constant",
      [](const NoiseInput& input, const Problem<dim>&) {
        return std::make_shared<ConstantDiffusion<dim>>(input.diffusion);
      } },
    { "hessian aligned", make_hessian_aligned<dim> },
    { "loss proportional",
      [](const NoiseInput& input, const Problem<dim>& problem) {
        return std::make_shared<LossProportional<dim>>(problem, gradient_noise(input, problem),
                                                       floor(input));
      } },
    { "expression",
      [](const NoiseInput& input, const Problem<dim>& problem) {
        return std::make_shared<ExpressionDiffusion<dim>>(input.expressions, input.names, problem);
      } },
    { "empirical",
      [](const NoiseInput& input, const Problem<dim>& problem) {
        return std::make_shared<EmpiricalNoise<dim>>(problem, gradient_noise(input, problem));
      } },
  };
  return table;
}

template <typename Table>
std::string names(const Table& table) {
  std::string text;
  for (const auto& entry : table)
    text += (text.empty() ? "" : "|") + std::string(entry.name);
  return text;
}

template <typename Table>
const typename Table::value_type& find(const Table& table, const std::string& key,
                                       const std::string& type) {
  for (const auto& entry : table)
    if (type == entry.name) return entry;
  throw InputError(key, type, "one of " + names(table) + " is needed");
}

} // namespace

std::string loss_types() {
  return names(losses<1>());
}

std::string noise_types() {
  return names(diffusions<1>());
}

template <int dim>
std::shared_ptr<const Loss<dim>> make_loss(const std::string& type, const LossInput& input) {
  return find(losses<dim>(), "Loss/Type", type).make(input);
}

template <int dim>
std::shared_ptr<const Diffusion<dim>> make_diffusion(const std::string& type,
                                                     const NoiseInput& input,
                                                     const Problem<dim>& problem) {
  return find(diffusions<dim>(), "Noise/Type", type).make(input, problem);
}

#define INSTANTIATE(dim)                                                                           \
  template std::shared_ptr<const Loss<dim>> make_loss<dim>(const std::string&, const LossInput&);  \
  template std::shared_ptr<const Diffusion<dim>> make_diffusion<dim>(                              \
    const std::string&, const NoiseInput&, const Problem<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
