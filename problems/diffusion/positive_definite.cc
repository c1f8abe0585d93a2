#include "problems/diffusion/positive_definite.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/landscape/compass_search.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;

namespace {

constexpr double least_ratio = 1e-12; // of eigenvalues that count as positive to the largest

/// The smallest eigenvalue, 0 if rounding alone may have made it positive, NaN if the tensor is not
/// finite.
template <int dim>
double smallest_or_nan(const SymmetricTensor<2, dim>& tensor) {
  if (!std::isfinite(tensor.norm())) return NAN;
  const double smallest = smallest_eigenvalue(tensor);
  return smallest > 1e-14 * tensor.norm() ? smallest : std::min(smallest, 0.);
}

template <int dim>
[[noreturn]] void refuse(const Diffusion<dim>& diffusion, const Point<dim>& point,
                         const double eigenvalue) {
  const std::string where = " at " + format_point(&point[0], dim);
  if (std::isnan(eigenvalue))
    throw InputError(diffusion.description() + ", but D is not finite" + where);
  throw InputError(diffusion.description() + ", but D has the eigenvalue " +
                   format_rounded(eigenvalue) + where +
                   (eigenvalue > 0 ? ", less than 1e-12 of the largest" : "") +
                   "; it must be positive definite in the whole domain (set Noise/Floor, if the "
                   "model has one, or Noise/Injected diffusion, or shrink the domain)");
}

} // namespace

template <int dim>
void check_positive_definite(const Diffusion<dim>& diffusion, const std::vector<Point<dim>>& points,
                             const std::vector<SymmetricTensor<2, dim>>& tensors) {
  for (std::size_t q = 0; q < points.size(); ++q) {
    bool positive = tensors[q][0][0] > 0 && determinant(tensors[q]) > 0; // Sylvester's criterion
    if constexpr (dim == 3)
      positive =
        positive && tensors[q][0][0] * tensors[q][1][1] > tensors[q][0][1] * tensors[q][0][1];
    if (!positive) refuse(diffusion, points[q], smallest_or_nan(tensors[q]));
  }
}

template <int dim>
void check_positive_definite(const Diffusion<dim>& diffusion, const Domain<dim>& domain) {
  const auto pole = find_pole<dim>(domain, [&](const std::vector<Point<dim>>& points) {
    std::vector<SymmetricTensor<2, dim>> tensors;
    std::vector<double> norms;
    diffusion.tensors(points, tensors);
    for (const auto& tensor : tensors)
      norms.push_back(tensor.norm());
    return norms;
  });
  if (pole) refuse(diffusion, *pole, NAN);

  double least = 0;
  const auto lowest = find_lowest<dim>(
    domain,
    [&](const std::vector<Point<dim>>& points) {
      std::vector<SymmetricTensor<2, dim>> tensors;
      std::vector<double> values;
      diffusion.tensors(points, tensors);
      for (const auto& tensor : tensors)
        values.push_back(smallest_or_nan(tensor));
      return values;
    },
    [&](const std::vector<double>& values) {
      return least = least_ratio * *std::max_element(values.begin(), values.end());
    });
  if (!(lowest.value > least)) refuse(diffusion, lowest.point, lowest.value);
}

#define INSTANTIATE(dim)                                                                           \
  template void check_positive_definite(const Diffusion<dim>&, const std::vector<Point<dim>>&,     \
                                        const std::vector<SymmetricTensor<2, dim>>&);              \
  template void check_positive_definite(const Diffusion<dim>&, const Domain<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
