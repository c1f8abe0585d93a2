#include "postprocess/commands/sweep/exit_quantities.h"

#include "problems/landscape/valley.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fokker_planck {

namespace {

/// D at the centre of the domain, divided by the Hessian there: the scale of find_valley().
template <int dim>
double temperature_per_hessian(const Problem<dim>& problem) {
  const std::vector<dealii::Point<dim>> point = { problem.start.value_or(problem.domain.center()) };
  std::vector<dealii::SymmetricTensor<2, dim>> diffusion, hessian;
  problem.diffusion->tensors(point, diffusion);
  problem.loss->hessians(point, hessian);
  const double ratio = trace(diffusion[0]) / dim / hessian[0].norm();
  return std::isfinite(ratio) && ratio > 0 ? ratio : 1.;
}

/// That of the noise model, if it refers to one.
template <int dim>
Valley<dim> valley_of(const Problem<dim>& problem) {
  if (const auto* const valley = problem.diffusion->get_valley()) return *valley;
  return find_valley(problem.domain, *problem.loss, problem.start,
                     temperature_per_hessian(problem));
}

} // namespace

template <int dim>
nlohmann::ordered_json exit_quantities(const Problem<dim>& problem) {
  const Valley<dim> valley = valley_of(problem);
  nlohmann::ordered_json json;
  const auto* const exit = valley.cheapest_exit([](const auto& point) { return point.loss; });
  if (valley.is_minimum) json["L_a"] = valley.loss;
  if (exit != nullptr) json["L_b"] = exit->loss;
  if (valley.is_minimum && exit != nullptr) json["barrier"] = exit->loss - valley.loss;
  if (valley.is_minimum && exit != nullptr) json["H_a"] = along<dim>(exit, valley.hessian);
  if (exit != nullptr) json["H_b"] = along<dim>(exit, exit->hessian);
  if (valley.is_minimum) json["det_H_a"] = determinant(valley.hessian);
  if (exit != nullptr) json["det_H_b"] = determinant(exit->hessian);
  json["n"] = problem.domain.dimension();
  return json;
}

template nlohmann::ordered_json exit_quantities(const Problem<1>&);
template nlohmann::ordered_json exit_quantities(const Problem<2>&);
template nlohmann::ordered_json exit_quantities(const Problem<3>&);

} // namespace fokker_planck
