#include "problems/diffusion/two_temperature.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/loss/function_of_loss.h"

#include <nlohmann/json.hpp>

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
  for (const auto& [h, vector] : eigenvectors(hessian))
    result += std::fabs(h) * symmetrize(outer_product(vector, vector));
  return result;
}

} // namespace

template <int dim>
TwoTemperature<dim>::TwoTemperature(const Problem<dim>& problem, const GradientNoise& noise_,
                                    const double path_parameter_,
                                    const std::optional<double> width_)
  : loss(problem.loss), noise(noise_), path_parameter(path_parameter_) {
  const auto valley = find_valley(problem, 0.5 * noise.scale());
  check_positive_hessian(valley, problem, description());
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
std::vector<PotentialCandidate<dim>> TwoTemperature<dim>::potentials(const Problem<dim>& problem,
                                                                     const double injected) const {
  const double beta_a = 1 / (0.5 * noise.scale() * along<dim>(&saddle, at_minimum) + injected);
  const double beta_b = 1 / (0.5 * noise.scale() * along<dim>(&saddle, at_saddle) + injected);
  const double ito = 1 - problem.interpretation;
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
nlohmann::ordered_json TwoTemperature<dim>::quantities() const {
  auto json = noise.quantities();
  json["path_parameter"] = path_parameter;
  json["transition_level"] = level;
  json["transition_width"] = width;
  json["hessian_at_minimum_eigenvalues"] = ascending_eigenvalues(at_minimum);
  json["hessian_at_saddle_eigenvalues"] = ascending_eigenvalues(at_saddle);
  json["T_a"] = 0.5 * noise.scale() * along<dim>(&saddle, at_minimum);
  json["T_b"] = 0.5 * noise.scale() * along<dim>(&saddle, at_saddle);
  return json;
}

template class TwoTemperature<1>;
template class TwoTemperature<2>;
template class TwoTemperature<3>;

} // namespace fokker_planck
