#include "solver/monte_carlo/bridge.h"

#include "solver/monte_carlo/coefficients.h"

#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::Tensor;

namespace {

std::array<double, 2> gaussian_pair(const double u, const double v) {
  const double radius = std::sqrt(-2 * std::log(u)), angle = 6.28318530717958647693 * v;
  return { { radius * std::cos(angle), radius * std::sin(angle) } };
}

/// A Gaussian vector of covariance 2 (D - D_nn g g^T) dt: one of covariance 2 D dt without what it
/// has along n.
template <int dim>
Tensor<1, dim> sample_across(const dealii::SymmetricTensor<2, dim>& diffusion,
                             const Tensor<1, dim>& normal, const Tensor<1, dim>& conormal,
                             const std::array<double, 3>& gaussians) {
  double factor[n_triangle<dim>];
  factorize<dim>(2 * diffusion, factor);
  Tensor<1, dim> vector;
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j <= i; ++j)
      vector[i] += factor[triangle_index(i, j)] * gaussians[j];
  return vector - (normal * vector) * conormal;
}

} // namespace

double bridge_probability(const double d1, const double d2, const double normal_variance) {
  return std::exp(-d1 * d2 / normal_variance);
}

double inverse_gaussian(const double inverse_mean, const double shape, const double gaussian,
                        const double uniform) {
  // The two roots of shape (x - m)^2/(m^2 x) = gaussian^2 have the product m^2.
  const double y = gaussian * gaussian;
  const double smaller =
    1 / (inverse_mean + (y + std::sqrt(y * y + 4 * shape * y * inverse_mean)) / (2 * shape));
  if (uniform * (1 + inverse_mean * smaller) <= 1) return smaller;
  return 1 / (inverse_mean * inverse_mean * smaller);
}

template <int dim>
BridgeTouch<dim> sample_touch(const Point<dim>& x, const Point<dim>& y,
                              const Tensor<1, dim>& normal, const double d1, const double d2,
                              const dealii::SymmetricTensor<2, dim>& diffusion,
                              const UniformSource& uniforms) {
  const Tensor<1, dim> along = diffusion * normal;
  const double normal_variance = normal * along;
  if (!(d1 > 0)) return { 0., x };
  if (!(normal_variance > 0)) return { d1 / (d1 - d2), x + d1 / (d1 - d2) * (y - x) };
  const auto first = uniforms(1), second = uniforms(2);
  const auto a = gaussian_pair(first[0], first[1]), b = gaussian_pair(second[0], second[1]);
  const double s =
    inverse_gaussian(std::fabs(d2) / d1, d1 * d1 / (2 * normal_variance), a[0], first[2]);
  const double tau = std::isfinite(s) ? s / (1 + s) : 1.;
  const Tensor<1, dim> conormal = along / normal_variance;
  const Tensor<1, dim> across =
    tau * (y - x - (d1 - d2) * conormal) +
    std::sqrt(tau * (1 - tau)) *
      sample_across(diffusion, normal, conormal, { { a[1], b[0], b[1] } });
  return { tau, x + d1 * conormal + across };
}

#define INSTANTIATE(dim)                                                                           \
  template BridgeTouch<dim> sample_touch(                                                          \
    const Point<dim>&, const Point<dim>&, const Tensor<1, dim>&, double, double,                   \
    const dealii::SymmetricTensor<2, dim>&, const UniformSource&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
