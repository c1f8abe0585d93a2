// Solving on a sequence of meshes until a quantity is accurate enough.
//
// Method: analyse, estimate the error cell by cell, divide the cells that hold most of it, repeat.
// Before the first solve cells are divided where Psi varies too much for any polynomial: on the
// ridges and absorbing sides over which the valleys are left, and where the probability is.
#pragma once

#include "problems/landscape/landscape.h"
#include "solver/operator/discretization.h"
#include "solver/operator/solver_options.h"
#include "solver/potential/gauge.h"

#include <functional>
#include <memory>
#include <vector>

namespace fokker_planck {

struct AccuracyGoal {
  double tolerance; ///< of the relative error
  unsigned long maximum_unknowns;
  bool of_valley_rates = false; ///< whether the rates between valleys are to be as accurate
};

/// What an analysis says about its result on one mesh.
struct Assessment {
  double log_value;      ///< logarithm of the quantity
  double relative_error; ///< estimate
  /// Of each cell in the error, per active cell index, on the rank that owns the cell.
  std::vector<double> indicators;
  double estimate_seconds; ///< what the estimate took
};

/// Solves on one mesh, and keeps what is wanted of the result. May throw MeshTooCoarse, whereupon
/// the mesh is refined, and NotConverged. Collective.
template <int dim>
using Analysis = std::function<Assessment(const Discretization<dim>&)>;

/// One mesh of the sequence.
struct RefinementLevel {
  unsigned long n_cells, n_unknowns;
  double log_rate;       ///< logarithm of the quantity; NaN if the mesh was too coarse for a result
  double relative_error; ///< estimate; NaN likewise
  double seconds;        ///< since the solution began
};

template <int dim>
struct AdaptiveMesh {
  std::unique_ptr<const Discretization<dim>> discretization; ///< the last one that gave a result
  double relative_error;                                     ///< estimate there
  bool converged;                                            ///< whether it is below the tolerance
  std::vector<RefinementLevel> levels;
};

/// Refines the mesh until the goal is reached or the next mesh would have too many unknowns. Throws
/// NotConverged if no mesh carries a result, InputError where the loss is not finite.
template <int dim>
AdaptiveMesh<dim> refine_adaptively(const Gauge<dim>& gauge, const Landscape<dim>& landscape,
                                    const std::shared_ptr<Mesh<dim>>& mesh, unsigned int degree,
                                    const AccuracyGoal& goal, const SolverOptions& options,
                                    const Analysis<dim>& analysis);

/// Analyses on a given mesh, only.
template <int dim>
AdaptiveMesh<dim> analyse_on(const std::shared_ptr<Mesh<dim>>& mesh, unsigned int degree,
                             const SolverOptions& options, const Analysis<dim>& analysis);

} // namespace fokker_planck
