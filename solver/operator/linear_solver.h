// Solvers of K x = b, K the block of A^ + shift M^ (scaled_space.h) that belongs to the free nodes
// (free_nodes.h).
#pragma once

#include "problems/base/input_error.h"
#include "solver/operator/kinds.h"

#include <deal.II/lac/petsc_vector.h>

#include <string>

namespace fokker_planck {

/// An iteration that did not converge; with a factorisation or another gauge it may.
class IterationFailed : public NotConverged {
public:
  using NotConverged::NotConverged;
};

/// Iterations of a linear solver, in all solves together and in the longest one.
struct LinearIterations {
  unsigned int n_solves = 0, total = 0, longest = 0;
};

class LinearSolver {
public:
  using Vector = dealii::PETScWrappers::MPI::Vector;

  virtual ~LinearSolver() = default;

  /// x = K^-1 b on free nodes, 0 on fixed ones (K^-T for the backward equation); an iterative
  /// solver starts from x. Throws NotConverged if that fails.
  virtual void solve(const Vector& b, Vector& x, Equation equation, Accuracy accuracy) = 0;

  /// For people, as "CG with multigrid".
  virtual std::string name() const = 0;

  /// For people: what to do if solutions are not accurate.
  virtual std::string advice() const = 0;

  /// Accuracy of solutions relative to their largest entry; 0 for that of rounding, entry by entry.
  virtual double relative_accuracy() const = 0;

  virtual LinearIterations iterations() const { return {}; }
};

} // namespace fokker_planck
