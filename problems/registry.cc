#include "problems/registry.h"

#include "problems/diffusion/constant_diffusion.h"
#include "problems/input_error.h"
#include "problems/loss/expression_loss.h"

#include <functional>
#include <vector>

namespace fokker_planck {

namespace {

template <typename Model, typename Input>
struct Entry {
  const char* name;
  std::function<std::shared_ptr<const Model>(const Input&)> make;
};

template <int dim>
const std::vector<Entry<Loss<dim>, LossInput>>& losses() {
  static const std::vector<Entry<Loss<dim>, LossInput>> table = {
    { "expression",
      [](const LossInput& input) {
        return std::make_shared<ExpressionLoss<dim>>(input.expression, input.constants, input.k);
      } },
  };
  return table;
}

template <int dim>
const std::vector<Entry<Diffusion<dim>, NoiseInput>>& diffusions() {
  static const std::vector<Entry<Diffusion<dim>, NoiseInput>> table = {
    { "constant",
      [](const NoiseInput& input) {
        return std::make_shared<ConstantDiffusion<dim>>(input.diffusion);
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
                                                     const NoiseInput& input) {
  return find(diffusions<dim>(), "Noise/Type", type).make(input);
}

template std::shared_ptr<const Loss<1>> make_loss<1>(const std::string&, const LossInput&);
template std::shared_ptr<const Loss<2>> make_loss<2>(const std::string&, const LossInput&);
template std::shared_ptr<const Loss<3>> make_loss<3>(const std::string&, const LossInput&);
template std::shared_ptr<const Diffusion<1>> make_diffusion<1>(const std::string&,
                                                               const NoiseInput&);
template std::shared_ptr<const Diffusion<2>> make_diffusion<2>(const std::string&,
                                                               const NoiseInput&);
template std::shared_ptr<const Diffusion<3>> make_diffusion<3>(const std::string&,
                                                               const NoiseInput&);

} // namespace fokker_planck
