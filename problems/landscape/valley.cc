#include "problems/landscape/valley.h"

#include "problems/base/eigenvalues.h"
#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::SymmetricTensor;

namespace {

/// L divided by a temperature; says where it is not finite.
template <int dim>
class ScaledLoss : public ScalarField<dim> {
public:
  ScaledLoss(const ScalarField<dim>& loss_, const double temperature_)
    : loss(loss_), temperature(temperature_) {}

  void values(const std::vector<dealii::Point<dim>>& points,
              std::vector<double>& values) const override {
    loss.values(points, values);
    for (std::size_t q = 0; q < points.size(); ++q) {
      values[q] /= temperature;
      if (!std::isfinite(values[q]))
        throw InputError(loss.description() + ", but it is not finite at " +
                         format_point(&points[q][0], dim) +
                         ": the loss must be finite in the whole domain");
    }
  }

  void gradients(const std::vector<dealii::Point<dim>>& points,
                 std::vector<dealii::Tensor<1, dim>>& gradients) const override {
    loss.gradients(points, gradients);
    for (auto& gradient : gradients)
      gradient /= temperature;
  }

  void hessians(const std::vector<dealii::Point<dim>>& points,
                std::vector<SymmetricTensor<2, dim>>& hessians) const override {
    loss.hessians(points, hessians);
    for (auto& hessian : hessians)
      hessian /= temperature;
  }

private:
  const ScalarField<dim>& loss;
  const double temperature;
};

/// A typical curvature of the valley: the norm of the Hessian at the start, or at the lowest point.
template <int dim>
double typical_curvature(const Domain<dim>& domain, const ScalarField<dim>& loss,
                         const std::optional<dealii::Point<dim>>& start) {
  dealii::Point<dim> point;
  if (start)
    point = *start;
  else
    point = Watershed<dim>(domain, ScaledLoss<dim>(loss, 1.)).lowest_point();
  std::vector<SymmetricTensor<2, dim>> hessian;
  loss.hessians({ point }, hessian);
  const double norm = hessian[0].norm();
  return std::isfinite(norm) && norm > 0 ? norm : 1.;
}

} // namespace

template <int dim>
const typename Valley<dim>::Exit* Valley<dim>::cheapest_exit(
  const std::function<double(const Exit&)>& cost) const {
  const auto cheapest = std::min_element(
    exits.begin(), exits.end(), [&](const Exit& a, const Exit& b) { return cost(a) < cost(b); });
  return cheapest == exits.end() ? nullptr : &*cheapest;
}

template <int dim>
double along(const typename Valley<dim>::Exit* const exit, const SymmetricTensor<2, dim>& a) {
  return exit != nullptr ? exit->direction * (a * exit->direction) : dim / trace(invert(a));
}

template <int dim>
Valley<dim> find_valley(const Domain<dim>& domain, const ScalarField<dim>& loss,
                        const std::optional<dealii::Point<dim>>& start,
                        const double temperature_per_hessian) {
  using Kind = typename CriticalPoint<dim>::Kind;
  const ScaledLoss<dim> psi(loss, temperature_per_hessian * typical_curvature(domain, loss, start));
  const auto landscape = explore(domain, psi, loss, start);

  Valley<dim> valley;
  std::vector<double> value;
  std::vector<SymmetricTensor<2, dim>> hessian;
  valley.minimum = landscape.wells[0];
  valley.is_minimum = landscape.has_bottom;
  loss.values({ valley.minimum }, value);
  loss.hessians({ valley.minimum }, hessian);
  valley.loss = value[0];
  valley.hessian = hessian[0];

  for (const auto& point : landscape.critical_points) {
    const bool leads_here = std::any_of(point.leads_to.begin(), point.leads_to.end(),
                                        [](const auto& end) { return end.well == 0; });
    if (!leads_here) continue;
    loss.hessians({ point.position }, hessian);
    dealii::Tensor<1, dim> direction;
    if (point.kind == Kind::saddle)
      direction = eigenpairs(hessian[0])[dim - 1].second;
    else
      direction = domain.project(point.position, point.sides[0]).normal;
    valley.exits.push_back(
      { point.position, point.kind == Kind::saddle, point.loss, hessian[0], direction });
  }
  std::sort(valley.exits.begin(), valley.exits.end(),
            [](const auto& a, const auto& b) { return a.loss < b.loss; });
  return valley;
}

template <int dim>
void check_positive_hessian(const Valley<dim>& valley, const Domain<dim>& domain,
                            const ScalarField<dim>& loss, const std::string& description) {
  if (!valley.is_minimum)
    throw InputError(description + ", but no minimum of the loss with a positive definite Hessian "
                                   "was found inside the domain (nor on "
                                   "a reflecting side), to whose Hessian this noise refers");
  const std::string where = format_point(&valley.minimum[0], dim);
  const auto [smallest, direction] = eigenpairs(valley.hessian)[dim - 1];
  // At a flat minimum, such as that of x^4, the curvature rises steeply on both sides.
  std::vector<SymmetricTensor<2, dim>> beside;
  const auto step = 0.01 * domain.diameter() * direction;
  dealii::Point<dim> below = valley.minimum - step, above = valley.minimum + step;
  if (!domain.contains(below)) below = above;
  if (!domain.contains(above)) above = below;
  loss.hessians({ below, above }, beside);
  const bool flat = direction * (beside[0] * direction) > 30 * smallest &&
                    direction * (beside[1] * direction) > 30 * smallest;
  if (!(smallest > 0) || flat)
    throw InputError(description + ", but the Hessian of the loss at the minimum " + where +
                     " has the eigenvalue " + (flat ? "0" : format_rounded(smallest)) +
                     "; it must be positive definite (choose another valley by Domain/Start, or "
                     "another noise)");
  if (domain.dimension() > 1 && domain.is_radial() && valley.minimum[0] > 1e-6 * domain.upper[0])
    throw InputError(description + ", but the minimum of the loss is the sphere r = " +
                     format_number(valley.minimum[0]) +
                     ", where the Hessian is not a multiple of the identity; in a radial domain D "
                     "must be one: the minimum must lie at r = 0");
}

#define INSTANTIATE(dim)                                                                           \
  template struct Valley<dim>;                                                                     \
  template Valley<dim> find_valley(const Domain<dim>&, const ScalarField<dim>&,                    \
                                   const std::optional<dealii::Point<dim>>&, double);              \
  template double along<dim>(const Valley<dim>::Exit*, const SymmetricTensor<2, dim>&);            \
  template void check_positive_hessian(const Valley<dim>&, const Domain<dim>&,                     \
                                       const ScalarField<dim>&, const std::string&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
