#include "problems/diffusion/absolute_hessian.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/text.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/separated_loss.h"

#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

template <int dim>
AbsoluteHessian<dim>::AbsoluteHessian(const std::shared_ptr<const Loss<dim>>& loss_,
                                      const Valley<dim>& valley_, const GradientNoise& noise_,
                                      const double floor_)
  : loss(loss_), noise(noise_), floor(floor_), valley(valley_) {}

template <int dim>
std::string AbsoluteHessian<dim>::description() const {
  return "Noise/Hessian: got 'absolute' with Noise/Floor = " + format_number(floor);
}

template <int dim>
SymmetricTensor<2, dim> AbsoluteHessian<dim>::absolute(
  const SymmetricTensor<2, dim>& hessian) const {
  SymmetricTensor<2, dim> f;
  for (const auto& [h, vector] : eigenpairs_by_ql(hessian))
    f += std::hypot(h, floor) * symmetrize(outer_product(vector, vector));
  return f;
}

template <int dim>
void AbsoluteHessian<dim>::tensors(const std::vector<Point<dim>>& points,
                                   std::vector<SymmetricTensor<2, dim>>& tensors) const {
  loss->hessians(points, tensors);
  for (auto& tensor : tensors)
    tensor = std::isfinite(tensor.norm()) ? 0.5 * noise.scale() * absolute(tensor) : NAN * tensor;
}

template <int dim>
void AbsoluteHessian<dim>::divergences(const std::vector<Point<dim>>& points,
                                       std::vector<Tensor<1, dim>>& divergences) const {
  std::vector<SymmetricTensor<2, dim>> hessians;
  std::vector<typename Loss<dim>::ThirdDerivatives> derivatives;
  loss->hessians(points, hessians);
  loss->third_derivatives(points, derivatives);
  divergences.assign(points.size(), Tensor<1, dim>());
  for (std::size_t q = 0; q < points.size(); ++q) {
    if (!std::isfinite(hessians[q].norm())) {
      divergences[q] = NAN * divergences[q];
      continue;
    }
    const auto pairs = eigenpairs_by_ql(hessians[q]);
    double g[dim][dim];
    for (int i = 0; i < dim; ++i)
      for (int j = 0; j < dim; ++j) {
        const double sum = std::hypot(pairs[i].first, floor) + std::hypot(pairs[j].first, floor);
        g[i][j] = sum > 0 ? (pairs[i].first + pairs[j].first) / sum : 0.; // the kink of |h|
      }
    // (div F)_l = sum_k (dF/dtheta_k)_lk = sum_kij V_li G_ij (V^T dH/dtheta_k V)_ij V_kj
    for (int k = 0; k < dim; ++k)
      for (int j = 0; j < dim; ++j) {
        const Tensor<1, dim> column = derivatives[q][k] * pairs[j].second;
        for (int i = 0; i < dim; ++i)
          divergences[q] +=
            g[i][j] * (pairs[i].second * column) * pairs[j].second[k] * pairs[i].second;
      }
    divergences[q] *= 0.5 * noise.scale();
  }
}

template <int dim>
double AbsoluteHessian<dim>::temperature(const Exit* const exit,
                                         const SymmetricTensor<2, dim>& hessian) const {
  return along<dim>(exit, 0.5 * noise.scale() * absolute(hessian));
}

template <int dim>
double AbsoluteHessian<dim>::inverse_temperature(const Exit* const exit,
                                                 const double injected) const {
  const double at_minimum = 1 / (temperature(exit, valley.hessian) + injected);
  return exit == nullptr ? at_minimum
                         : 0.5 * (at_minimum + 1 / (temperature(exit, exit->hessian) + injected));
}

template <int dim>
const typename Valley<dim>::Exit* AbsoluteHessian<dim>::cheapest_exit(const double injected) const {
  return valley.cheapest_exit([&](const Exit& exit) {
    return (exit.loss - valley.loss) * inverse_temperature(&exit, injected);
  });
}

template <int dim>
std::vector<PotentialCandidate<dim>> AbsoluteHessian<dim>::potentials(
  const std::shared_ptr<const Loss<dim>>& /*loss*/, const Domain<dim>& domain,
  const double /*interpretation*/, const double injected) const {
  const double inverse = inverse_temperature(cheapest_exit(injected), injected);
  return { { std::make_shared<SeparatedLoss<dim>>(
               loss, 1 / inverse * dealii::unit_symmetric_tensor<dim>(), inner_point(domain)),
             PotentialCandidate<dim>::Exactness::never } };
}

template <int dim>
Quantities AbsoluteHessian<dim>::quantities() const {
  const Exit* const exit = cheapest_exit(0);
  auto list = noise.quantities();
  list.push_back({ "floor", floor });
  list.push_back(
    { "hessian_at_minimum_eigenvalues", ascending_eigenvalues(absolute(valley.hessian)) });
  list.push_back({ "T_e", temperature(exit, valley.hessian) });
  if (exit != nullptr) {
    list.push_back(
      { "hessian_at_exit_eigenvalues", ascending_eigenvalues(absolute(exit->hessian)) });
    list.push_back({ "T_e_at_exit", temperature(exit, exit->hessian) });
  }
  return list;
}

template class AbsoluteHessian<1>;
template class AbsoluteHessian<2>;
template class AbsoluteHessian<3>;

} // namespace fokker_planck
