#include "postprocess/results/result.h"

#include "postprocess/results/convergence.h"
#include "postprocess/results/json.h"
#include "postprocess/results/quantities.h"
#include "postprocess/results/valleys.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

namespace {

template <int dim>
Json critical_point_json(const CriticalPoint<dim>& point, const Domain<dim>& domain) {
  Json json;
  json["kind"] = to_string<dim>(point.kind);
  json["position"] = std::vector<double>(&point.position[0], &point.position[0] + dim);
  json["loss"] = point.loss;
  json["hessian_eigenvalues"] = point.hessian_eigenvalues;
  json["sides"] = Json::array();
  for (const unsigned int side : point.sides)
    json["sides"].push_back(domain.side_name(side));
  return json;
}

Json formula_json(const Formula& formula, const double log_rate) {
  const double corrected = formula.corrected_log_rate.value_or(NAN);
  return { { "name", formula.name },
           { "reference", formula.reference },
           { "expression", formula.expression },
           { "applicable", formula.applicable },
           { "reason", formula.reason },
           { "rate", number_or_null(std::exp(formula.log_rate)) },
           { "log_rate", number_or_null(formula.log_rate) },
           { "ratio", number_or_null(std::exp(log_rate - formula.log_rate)) },
           { "corrected_log_rate", number_or_null(corrected) },
           { "corrected_ratio", number_or_null(std::exp(log_rate - corrected)) } };
}

template <int dim>
Json solver_json(const QuasiStationary<dim>& solution) {
  return { { "method", solution.method },
           { "iterations", solution.iterations },
           { "linear_solves", solution.linear.n_solves },
           { "linear_iterations", solution.linear.total },
           { "longest_linear_solve", solution.linear.longest },
           { "residual", solution.residual },
           { "flux_discrepancy", solution.flux_discrepancy },
           { "negative_part", solution.negative_part },
           { "unresolved_energy", solution.error.highest_degree } };
}

template <int dim>
Json seconds_json(const QuasiStationary<dim>& solution) {
  return { { "assembly", solution.assembly_seconds },
           { "solve", solution.setup_seconds + solution.iteration_seconds },
           { "setup", solution.setup_seconds },
           { "iteration", solution.iteration_seconds },
           { "error_estimate", solution.estimate_seconds } };
}

template <int dim>
Json discretization_json(const Solution<dim>& solved) {
  const auto& discretization = *solved.adaptive.discretization;
  const auto& dof_handler = discretization.get_dof_handler();
  const auto& landscape = solved.landscape;
  Json json = { { "degree", discretization.get_element().degree },
                { "cells", dof_handler.get_triangulation().n_global_active_cells() },
                { "dofs", dof_handler.n_dofs() },
                { "levels", solved.adaptive.levels.size() },
                { "gauge_scale", solved.gauge.get_scale() } };
  json["cutoff"] = { { "level", number_or_null(landscape.cutoff_level) },
                     { "above_exit",
                       number_or_null(landscape.cutoff_level - landscape.exit_level) } };
  return json;
}

} // namespace

template <int dim>
Json result_json(const Solution<dim>& solved, const std::vector<Formula>& formulas) {
  const auto& [problem, gauge, adaptive, landscape, exploration_seconds] = solved;
  const QuasiStationary<dim>& solution = adaptive.solution;
  Json json;
  const double rate = std::exp(solution.log_rate);
  json["escape_rate"] = { { "value", rate },
                          { "log", solution.log_rate },
                          { "relative_error", number_or_null(adaptive.relative_error) },
                          { "converged", adaptive.converged } };
  json["mean_escape_time"] = number_or_null(std::exp(-solution.log_rate));
  json["mass"] = 1.;
  json["detailed_balance"] = gauge.detailed_balance();
  json["stationary_potential"] = gauge.is_stationary();
  json["interpretation"] = problem.interpretation;
  json["noise"] = to_json(problem.diffusion->quantities());
  json["exit"] = Json::array();
  for (unsigned int side = 0; side < problem.domain.n_sides(); ++side)
    if (problem.domain.absorbs(side))
      json["exit"].push_back({ { "boundary", problem.domain.side_name(side) },
                               { "flux", rate * solution.exit_probability[side] },
                               { "probability", solution.exit_probability[side] } });
  const auto& start = landscape.wells[0];
  json["start"] = std::vector<double>(&start[0], &start[0] + dim);
  json["n_valleys"] = landscape.wells.size();
  json["valleys"] = valleys_json(solved);
  json["critical_points"] = Json::array();
  for (const auto& point : landscape.critical_points)
    json["critical_points"].push_back(critical_point_json(point, problem.domain));
  json["formulas"] = Json::array();
  for (const Formula& formula : formulas)
    json["formulas"].push_back(formula_json(formula, solution.log_rate));

  json["discretization"] = discretization_json(solved);
  json["convergence"] = convergence_json(adaptive.levels);
  json["solver"] = solver_json(solution);
  json["time_seconds"] = seconds_json(solution);
  return json;
}

template Json result_json(const Solution<1>&, const std::vector<Formula>&);
template Json result_json(const Solution<2>&, const std::vector<Formula>&);
template Json result_json(const Solution<3>&, const std::vector<Formula>&);

} // namespace fokker_planck
