#include "problems/loss/separated_loss.h"

#include "problems/base/eigenvalues.h"

#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

template <int dim>
SeparatedLoss<dim>::SeparatedLoss(std::shared_ptr<const Loss<dim>> loss_,
                                  const SymmetricTensor<2, dim>& diffusion,
                                  const Point<dim>& center_)
  : loss(std::move(loss_)), center(center_) {
  for (const auto& [value, vector] : eigenpairs(diffusion)) {
    const Tensor<2, dim> projector = outer_product(vector, vector);
    if (!parts.empty() && std::fabs(value / parts.back().diffusion - 1) < 1e-13)
      parts.back().projector += projector;
    else
      parts.push_back({ projector, value });
  }
  if (parts.size() == 1) parts[0].projector = Tensor<2, dim>(dealii::unit_symmetric_tensor<dim>());
}

template <int dim>
std::vector<Point<dim>> SeparatedLoss<dim>::project(const Part& part,
                                                    const std::vector<Point<dim>>& points) const {
  if (parts.size() == 1) return points;
  std::vector<Point<dim>> projected(points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    projected[q] = center + part.projector * (points[q] - center);
  return projected;
}

template <int dim>
void SeparatedLoss<dim>::values(const std::vector<Point<dim>>& points,
                                std::vector<double>& values) const {
  values.assign(points.size(), 0);
  std::vector<double> losses, reference(1, 0.);
  if (parts.size() > 1) loss->values({ center }, reference);
  for (const Part& part : parts) {
    loss->values(project(part, points), losses);
    for (std::size_t q = 0; q < points.size(); ++q)
      values[q] += (losses[q] - reference[0]) / part.diffusion;
  }
}

template <int dim>
void SeparatedLoss<dim>::gradients(const std::vector<Point<dim>>& points,
                                   std::vector<Tensor<1, dim>>& gradients) const {
  gradients.assign(points.size(), Tensor<1, dim>());
  std::vector<Tensor<1, dim>> loss_gradients;
  for (const Part& part : parts) {
    loss->gradients(project(part, points), loss_gradients);
    for (std::size_t q = 0; q < points.size(); ++q)
      gradients[q] += part.projector * loss_gradients[q] / part.diffusion;
  }
}

template <int dim>
void SeparatedLoss<dim>::hessians(const std::vector<Point<dim>>& points,
                                  std::vector<SymmetricTensor<2, dim>>& hessians) const {
  hessians.assign(points.size(), SymmetricTensor<2, dim>());
  std::vector<SymmetricTensor<2, dim>> loss_hessians;
  for (const Part& part : parts) {
    loss->hessians(project(part, points), loss_hessians);
    for (std::size_t q = 0; q < points.size(); ++q)
      hessians[q] +=
        symmetrize(part.projector * Tensor<2, dim>(loss_hessians[q]) * part.projector) /
        part.diffusion;
  }
}

template class SeparatedLoss<1>;
template class SeparatedLoss<2>;
template class SeparatedLoss<3>;

} // namespace fokker_planck
