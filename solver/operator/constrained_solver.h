// A solver of the gauged operator with some nodes fixed.
#pragma once

#include "solver/operator/free_nodes.h"
#include "solver/operator/linear_solver.h"

#include <functional>
#include <memory>

namespace fokker_planck {

template <int dim>
class ConstrainedSolver {
public:
  using Vector = LinearSolver::Vector;

  /// Numbers the free nodes of a space and makes a solver for them.
  using Factory = std::function<std::unique_ptr<LinearSolver>(const FreeNodes<dim>&)>;
  ConstrainedSolver(const Discretization<dim>& discretization, const ScaledSpace<dim>& space,
                    const FixedParts& fixed, const Factory& make)
    : free(discretization, space, fixed), solver(make(free)) {}

  const FreeNodes<dim>& get_free() const { return free; }
  const LinearSolver& get_solver() const { return *solver; }

  /// x = K^-1 b on free nodes, 0 on fixed ones (K^-T for the backward equation), for scaled
  /// vectors; an iterative solver starts from x. Throws NotConverged if the solve fails.
  /// Collective.
  void solve(const Vector& b, Vector& x, const Equation equation = Equation::forward,
             const Accuracy accuracy = Accuracy::full) const {
    solver->solve(b, x, equation, accuracy);
  }

private:
  const FreeNodes<dim> free;
  const std::unique_ptr<LinearSolver> solver;
};

} // namespace fokker_planck
