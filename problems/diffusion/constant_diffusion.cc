#include "problems/diffusion/constant_diffusion.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/separated_loss.h"

#include <deal.II/base/parameter_handler.h>

namespace fokker_planck {

template <int dim>
ConstantDiffusion<dim>::ConstantDiffusion(const dealii::SymmetricTensor<2, dim>& diffusion_)
  : diffusion(diffusion_) {}

template <int dim>
ConstantDiffusion<dim>::ConstantDiffusion(const std::string& text_) : text(text_) {
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
  const auto smallest = smallest_eigenvalue(diffusion);
  if (!(smallest > 1e-14 * diffusion.norm())) // up to rounding
    throw InputError(key, text,
                     "its eigenvalue " + format_rounded(smallest) + " is not positive; " + allowed);
}

template <int dim>
void ConstantDiffusion<dim>::tensors(const std::vector<dealii::Point<dim>>& points,
                                     std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const {
  tensors.assign(points.size(), diffusion);
}

template <int dim>
void ConstantDiffusion<dim>::divergences(const std::vector<dealii::Point<dim>>& points,
                                         std::vector<dealii::Tensor<1, dim>>& divergences) const {
  divergences.assign(points.size(), dealii::Tensor<1, dim>());
}

template <int dim>
std::vector<PotentialCandidate<dim>> ConstantDiffusion<dim>::potentials(
  const std::shared_ptr<const Loss<dim>>& loss, const Domain<dim>& domain,
  const double /*interpretation*/, const double injected) const {
  using Exactness = typename PotentialCandidate<dim>::Exactness;
  const auto identity = dealii::unit_symmetric_tensor<dim>();
  const auto total = diffusion + injected * identity;
  const auto center = inner_point(domain);
  const bool isotropic = total == total[0][0] * identity;
  return { { std::make_shared<SeparatedLoss<dim>>(loss, total, center),
             isotropic ? Exactness::always : Exactness::perhaps },
           { std::make_shared<SeparatedLoss<dim>>(loss, dim / trace(invert(total)) * identity,
                                                  center),
             Exactness::never } };
}

template <int dim>
Quantities ConstantDiffusion<dim>::quantities() const {
  std::vector<std::vector<double>> rows(dim);
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j < dim; ++j)
      rows[i].push_back(diffusion[i][j]);
  return { { "diffusion", rows } };
}

void ConstantDiffusionInput::declare(dealii::ParameterHandler& handler) {
  handler.add_parameter(
    "Diffusion", diffusion,
    "Type = constant: a number D > 0 (D times the identity, in units of loss) or a "
    "symmetric positive definite d x d matrix, entries separated by ',' and rows "
    "by ';', for example 1, 0.2; 0.2, 0.5.");
}

template class ConstantDiffusion<1>;
template class ConstantDiffusion<2>;
template class ConstantDiffusion<3>;

} // namespace fokker_planck
