// Factorisation of K by MUMPS, through PETSc.
//
// K is symmetric positive definite under detailed balance: Cholesky without pivoting, whose
// rounding errors do not depend on the scaling of rows and columns; otherwise LU. One step of
// iterative refinement.
#pragma once

#include "solver/operator/assembled_operator.h"
#include "solver/operator/pinned_solver.h"

#include <petscksp.h>

namespace fokker_planck {

template <int dim>
class DirectSolver : public PinnedSolver {
public:
  /// symmetric: whether w = 0. Throws NotConverged if the factorisation fails.
  DirectSolver(const ScaledSpace<dim>& space, AssembledOperator<dim>& op, bool symmetric);
  ~DirectSolver() override;
  DirectSolver(const DirectSolver&) = delete;
  DirectSolver& operator=(const DirectSolver&) = delete;

  void solve(const Vector& b, Vector& x, bool transposed, bool coarsely) override;
  std::string name() const override { return symmetric ? "Cholesky (MUMPS)" : "LU (MUMPS)"; }
  std::string advice() const override { return "use a finer mesh"; }
  double relative_accuracy() const override { return 0; }

private:
  void scale();
  void factorize();
  void apply_inverse(Vec in, Vec out, bool transposed) const;

  const ScaledSpace<dim>& space;
  const bool symmetric;
  Mat block = nullptr;
  Vec inverse_root_diagonal = nullptr, right = nullptr, left = nullptr, correction = nullptr;
  KSP solver = nullptr;
};

} // namespace fokker_planck
