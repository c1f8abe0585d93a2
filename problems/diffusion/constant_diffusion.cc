#include "problems/diffusion/constant_diffusion.h"

#include "problems/input_error.h"
#include "problems/text.h"

namespace fokker_planck {

template <int dim>
ConstantDiffusion<dim>::ConstantDiffusion(const std::string& text) {
  const std::string key = "Noise/Diffusion";
  const std::string allowed = "a number D > 0 or a symmetric positive definite " +
                              std::to_string(dim) + " x " + std::to_string(dim) +
                              " matrix (rows separated by ;) is needed";
  const auto rows = split(text, ';');
  if (rows.empty()) throw InputError(key, text, allowed);

  if (rows.size() == 1 && split(rows[0], ',').size() == 1) {
    const double number = parse_number(key, rows[0]);
    if (!(number > 0)) throw InputError(key, text, allowed);
    diffusion = number * dealii::unit_symmetric_tensor<dim>();
    return;
  }
  if (rows.size() != dim) throw InputError(key, text, allowed);
  double matrix[dim][dim];
  for (int i = 0; i < dim; ++i) {
    if (split(rows[i], ',').size() != dim) throw InputError(key, text, allowed);
    const auto row = parse_numbers(key, rows[i], dim);
    for (int j = 0; j < dim; ++j)
      matrix[i][j] = row[j];
  }
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j < dim; ++j) {
      if (matrix[i][j] != matrix[j][i])
        throw InputError(key, text, "it is not symmetric; " + allowed);
      diffusion[i][j] = matrix[i][j];
    }
  const auto smallest = dealii::eigenvalues(diffusion)[dim - 1];
  if (!(smallest > 0))
    throw InputError(key, text,
                     "its eigenvalue " + format_number(smallest) + " is not positive; " + allowed);
}

template <int dim>
void ConstantDiffusion<dim>::tensors(const std::vector<dealii::Point<dim>>& points,
                                     std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const {
  tensors.assign(points.size(), diffusion);
}

template class ConstantDiffusion<1>;
template class ConstantDiffusion<2>;
template class ConstantDiffusion<3>;

} // namespace fokker_planck
