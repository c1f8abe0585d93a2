#include "problems/diffusion/two_temperature.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/loss/function_of_loss.h"

#include <deal.II/base/parameter_handler.h>

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

template <int dim>
SymmetricTensor<2, dim> absolute(const SymmetricTensor<2, dim>& hessian) {
  SymmetricTensor<2, dim> result;
  for (const auto& [h, vector] : eigenpairs_by_ql(hessian))
    result += std::fabs(h) * symmetrize(outer_product(vector, vector));
  return result;
}

} // namespace

template <int dim>
TwoTemperature<dim>::TwoTemperature(const std::shared_ptr<const Loss<dim>>& loss_,
                                    const Valley<dim>& valley_, const GradientNoise& noise_,
                                    const double path_parameter_,
                                    const std::optional<double> width_)
  : loss(loss_), noise(noise_), valley(valley_), path_parameter(path_parameter_) {
  const auto* const lowest_saddle =
    valley.cheapest_exit([](const auto& exit) { return exit.is_saddle ? exit.loss : INFINITY; });
  if (lowest_saddle == nullptr || !lowest_saddle->is_saddle)
    throw InputError("Noise/Hessian", "two temperature",
                     "no saddle of the loss was found on the way out of the valley at " +
                       format_point(&valley.minimum[0], dim) +
                       "; the domain must reach to a saddle");
  saddle = *lowest_saddle;
  const double rise = saddle.loss - valley.loss;
  level = valley.loss + path_parameter * rise;
  width = width_.value_or(0.1 * std::min(path_parameter, 1 - path_parameter) * rise);
  at_minimum = absolute(valley.hessian);
  at_saddle = absolute(saddle.hessian);
}

template <int dim>
double TwoTemperature<dim>::sigma(const double value) const {
  return 0.5 * std::erfc((level - value) / width);
}

template <int dim>
double TwoTemperature<dim>::sigma_derivative(const double value) const {
  const double x = (value - level) / width;
  return std::exp(-x * x) / (std::sqrt(M_PI) * width);
}

template <int dim>
void TwoTemperature<dim>::tensors(const std::vector<Point<dim>>& points,
                                  std::vector<SymmetricTensor<2, dim>>& tensors) const {
  const SymmetricTensor<2, dim> inverse_a = invert(at_minimum), inverse_b = invert(at_saddle);
  std::vector<double> losses;
  loss->values(points, losses);
  tensors.resize(points.size());
  for (std::size_t q = 0; q < points.size(); ++q) {
    const double s = sigma(losses[q]);
    tensors[q] = 0.5 * noise.scale() * invert((1 - s) * inverse_a + s * inverse_b);
  }
}

template <int dim>
void TwoTemperature<dim>::divergences(const std::vector<Point<dim>>& points,
                                      std::vector<Tensor<1, dim>>& divergences) const {
  // dF = -F d(1/F) F
  const Tensor<2, dim> difference(invert(at_saddle) - invert(at_minimum));
  std::vector<double> losses;
  std::vector<SymmetricTensor<2, dim>> diffusion;
  loss->values(points, losses);
  loss->gradients(points, divergences);
  tensors(points, diffusion);
  for (std::size_t q = 0; q < points.size(); ++q) {
    const Tensor<2, dim> d(diffusion[q]);
    divergences[q] = -sigma_derivative(losses[q]) / (0.5 * noise.scale()) *
                     (d * (difference * (d * divergences[q])));
  }
}

template <int dim>
std::vector<PotentialCandidate<dim>> TwoTemperature<dim>::potentials(
  const std::shared_ptr<const Loss<dim>>& /*loss*/, const Domain<dim>& /*domain*/,
  const double interpretation, const double injected) const {
  const double beta_a = 1 / (temperature_at_minimum() + injected);
  const double beta_b = 1 / (temperature_at_saddle() + injected);
  const double ito = 1 - interpretation;
  const auto function = [=, *this](const double value) ->
    typename FunctionOfLoss<dim>::Derivatives {
      const double x = (value - level) / width;
      const double s = sigma(value), s1 = sigma_derivative(value), s2 = -2 * x / width * s1;
      const double integral = width * (x * s + 0.5 * std::exp(-x * x) / std::sqrt(M_PI)); // of s
      const double beta = beta_a + (beta_b - beta_a) * s;
      const double beta1 = (beta_b - beta_a) * s1, beta2 = (beta_b - beta_a) * s2;
      return { beta_a * (value - level) + (beta_b - beta_a) * integral - ito * std::log(beta),
               beta - ito * beta1 / beta,
               beta1 - ito * (beta2 / beta - beta1 * beta1 / (beta * beta)) };
    };
  using Exactness = typename PotentialCandidate<dim>::Exactness;
  const bool exact =
    injected == 0 && is_multiple_of_identity(at_minimum) && is_multiple_of_identity(at_saddle);
  return { { std::make_shared<FunctionOfLoss<dim>>(loss, function),
             exact ? Exactness::always : Exactness::never } };
}

template <int dim>
double TwoTemperature<dim>::temperature_at_minimum() const {
  return 0.5 * noise.scale() * along<dim>(&saddle, at_minimum);
}

template <int dim>
double TwoTemperature<dim>::temperature_at_saddle() const {
  return 0.5 * noise.scale() * along<dim>(&saddle, at_saddle);
}

template <int dim>
Quantities TwoTemperature<dim>::quantities() const {
  auto list = noise.quantities();
  list.push_back({ "path_parameter", path_parameter });
  list.push_back({ "transition_level", level });
  list.push_back({ "transition_width", width });
  list.push_back({ "hessian_at_minimum_eigenvalues", ascending_eigenvalues(at_minimum) });
  list.push_back({ "hessian_at_saddle_eigenvalues", ascending_eigenvalues(at_saddle) });
  list.push_back({ "T_a", temperature_at_minimum() });
  list.push_back({ "T_b", temperature_at_saddle() });
  return list;
}

void TwoTemperatureInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter("Path parameter s", path_parameter,
                        "Hessian = two temperature: s, between 0 and 1.");
  handler.add_parameter("Transition width", transition_width,
                        "Hessian = two temperature: w > 0, in units of loss; the inverse of F "
                        "changes over as (1 + erf((L - L_s)/w))/2. Empty: a tenth of the distance "
                        "from L_s to the nearer of L_a and L_b.");
}

double TwoTemperatureInput::read_path_parameter() const {
  const double s = parse_number("Noise/Path parameter s", path_parameter);
  if (!(s > 0 && s < 1))
    throw InputError("Noise/Path parameter s", path_parameter,
                     "a number between 0 and 1 (both excluded) is needed");
  return s;
}

std::optional<double> TwoTemperatureInput::read_width() const {
  if (trim(transition_width).empty()) return {};
  const double width = parse_number("Noise/Transition width", transition_width);
  if (!(width > 0))
    throw InputError("Noise/Transition width", transition_width,
                     "a number > 0 is needed (or nothing)");
  return width;
}

template class TwoTemperature<1>;
template class TwoTemperature<2>;
template class TwoTemperature<3>;

} // namespace fokker_planck
