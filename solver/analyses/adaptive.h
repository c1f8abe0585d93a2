// The quasi-stationary density and the escape rate, on meshes that are refined until the rate is
// accurate enough.
#pragma once

#include "solver/analyses/adaptive_refinement.h"
#include "solver/analyses/quasi_stationary.h"
#include "solver/analyses/valley_rates.h"

namespace fokker_planck {

/// Of the rate: relative_error estimates |gamma_h/gamma - 1|.
template <int dim>
struct AdaptiveSolution : AdaptiveMesh<dim> {
  QuasiStationary<dim> solution; ///< on the last mesh
  ValleyRates<dim> valleys;      ///< likewise
};

/// Refines the mesh until the goal is reached or the next mesh would have too many unknowns. Throws
/// NotConverged if no mesh carries a result, InputError where the loss is not finite.
template <int dim>
AdaptiveSolution<dim> solve_adaptively(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                       const Landscape<dim>& landscape,
                                       const std::shared_ptr<Mesh<dim>>& mesh, unsigned int degree,
                                       const AccuracyGoal& goal, const SolverOptions& options = {});

/// Solves on a given mesh, only.
template <int dim>
AdaptiveSolution<dim> solve_on(const Problem<dim>& problem, const Gauge<dim>& gauge,
                               const Landscape<dim>& landscape,
                               const std::shared_ptr<Mesh<dim>>& mesh, unsigned int degree,
                               const SolverOptions& options = {});

} // namespace fokker_planck
