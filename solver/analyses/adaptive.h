// Solving on a sequence of meshes until the rate is accurate enough.
//
// Method: solve, estimate the error cell by cell (error_estimate.h), divide the cells that hold
// most of it, repeat. Before the first solve cells are divided where Psi varies too much for any
// polynomial: on the ridges and absorbing sides over which the valleys are left, and where the
// probability is.
#pragma once

#include "solver/analyses/quasi_stationary.h"

#include <memory>
#include <string>
#include <vector>

namespace fokker_planck {

struct AccuracyGoal {
  double tolerance; ///< of the relative error of the rate
  unsigned long maximum_unknowns;
};

/// One mesh of the sequence.
struct RefinementLevel {
  unsigned long n_cells, n_unknowns;
  double log_rate;       ///< NaN if the mesh was too coarse to carry a result
  double relative_error; ///< estimate; NaN likewise
  double seconds;        ///< since the solution began
};

template <int dim>
struct AdaptiveSolution {
  std::unique_ptr<const Discretization<dim>> discretization; ///< the last one that gave a result
  QuasiStationary<dim> solution;
  double relative_error; ///< estimate of |gamma_h/gamma - 1|
  bool converged;        ///< whether it is below the tolerance
  std::vector<RefinementLevel> levels;
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
