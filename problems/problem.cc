#include "problems/problem.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <cmath>
#include <cstdlib>

namespace fokker_planck {

template <int dim>
void Problem<dim>::convections(const std::vector<dealii::Point<dim>>& points,
                               std::vector<dealii::Tensor<1, dim>>& convections) const {
  loss->gradients(points, convections);
  std::vector<dealii::Tensor<1, dim>> terms;
  if (interpretation != 1 && !diffusion->is_constant()) {
    diffusion->divergences(points, terms);
    for (std::size_t q = 0; q < points.size(); ++q)
      convections[q] += (1 - interpretation) * terms[q];
  }
  if (force) {
    force->values(points, terms);
    for (std::size_t q = 0; q < points.size(); ++q)
      convections[q] -= terms[q];
  }
}

template <int dim>
void Problem<dim>::refuse_drift(const dealii::Point<dim>& point) const {
  const auto refuse = [&](const std::string& description, const std::string& what) {
    throw InputError(description + ", but " + what + " not finite at " +
                     format_point(&point[0], dim) +
                     ": it must be finite and smooth in the whole domain");
  };
  std::vector<dealii::Tensor<1, dim>> vector;
  std::vector<dealii::SymmetricTensor<2, dim>> tensor;
  loss->gradients({ point }, vector);
  if (!std::isfinite(vector[0].norm())) refuse(loss->description(), "its gradient is");
  if (force) {
    force->values({ point }, vector);
    if (!std::isfinite(vector[0].norm())) refuse(force->description(), "it is");
  }
  diffusion->tensors({ point }, tensor);
  if (!std::isfinite(tensor[0].norm())) refuse(diffusion->description(), "D is");
  refuse(diffusion->description(), "the derivative of D, or the drift divided by D, is");
  std::abort(); // not reached
}

template struct Problem<1>;
template struct Problem<2>;
template struct Problem<3>;

} // namespace fokker_planck
