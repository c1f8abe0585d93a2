// A problem on one mesh, with its valleys pinned: what the analyses of valleys and exits start
// from.
#pragma once

#include "problems/landscape/landscape.h"
#include "solver/operator/pinned_basis.h"

#include <deal.II/base/timer.h>

#include <memory>
#include <string>

namespace fokker_planck {

template <int dim>
class PinnedProblem {
public:
  /// Assembles, sets up the solver and computes the pinned basis. All arguments but options must
  /// outlive this. Throws NotConverged, InputError where the loss is not finite. Collective.
  PinnedProblem(const Problem<dim>& problem, const Gauge<dim>& gauge,
                const Landscape<dim>& landscape, const Discretization<dim>& discretization,
                const SolverOptions& options = {});

  const Landscape<dim>& get_landscape() const { return landscape; }
  const Generator<dim>& get_generator() const { return generator; }
  const Basins<dim>& get_basins() const { return basins; }
  const ConstrainedSolver<dim>& get_solver() const { return *solver; }
  const PinnedBasis<dim>& get_basis() const { return basis; }

  /// Wall times of its making: of the integrals over cells, the setup of the solver, the basis.
  double assembly_seconds() const { return seconds_after_assembly; }
  double setup_seconds() const { return seconds_after_setup - seconds_after_assembly; }
  double basis_seconds() const { return seconds_after_basis - seconds_after_setup; }

private:
  const Landscape<dim>& landscape;
  const dealii::Timer timer;
  const Generator<dim> generator;
  const double seconds_after_assembly;
  const Basins<dim> basins;
  const std::unique_ptr<const ConstrainedSolver<dim>> solver;
  const double seconds_after_setup;
  const PinnedBasis<dim> basis;
  const double seconds_after_basis;
};

/// The result of analyse(options): of the options given, or, if an iterative solver that was chosen
/// automatically fails, with a factorisation.
template <typename Analyse>
auto with_suitable_solver(const SolverOptions& options, const Analyse& analyse) {
  try {
    return analyse(options);
  } catch (const IterationFailed& failure) {
    if (options.method != SolverOptions::Method::automatic) throw;
    options.say(std::string("  ") + failure.what());
  }
  SolverOptions direct = options;
  direct.method = SolverOptions::Method::direct;
  return analyse(direct);
}

} // namespace fokker_planck
