// Factorisation of K by MUMPS, through PETSc.
//
// K is symmetric positive definite under detailed balance: Cholesky without pivoting, whose
// rounding errors do not depend on the scaling of rows and columns; otherwise LU. One step of
// iterative refinement.
#pragma once

#include "solver/operator/free_nodes.h"
#include "solver/operator/linear_solver.h"

#include <petscksp.h>

namespace fokker_planck {

template <int dim>
class DirectSolver : public LinearSolver {
public:
  /// block: K, whose owner this becomes. Throws NotConverged if the factorisation fails.
  DirectSolver(const ScaledSpace<dim>& space, const FreeNodes<dim>& free, Mat block,
               Symmetry symmetry);
  ~DirectSolver() override;
  DirectSolver(const DirectSolver&) = delete;
  DirectSolver& operator=(const DirectSolver&) = delete;

  void solve(const Vector& b, Vector& x, Equation equation, Accuracy accuracy) override;
  std::string name() const override { return is_symmetric() ? "Cholesky (MUMPS)" : "LU (MUMPS)"; }
  std::string advice() const override { return "use a finer mesh"; }
  double relative_accuracy() const override { return 0; }

private:
  void scale();
  void factorize();
  void apply_inverse(Vec in, Vec out, Equation equation) const;
  bool is_symmetric() const { return symmetry == Symmetry::symmetric; }

  const ScaledSpace<dim>& space;
  const FreeNodes<dim>& free;
  const Symmetry symmetry;
  Mat block;
  Vec inverse_root_diagonal = nullptr, right = nullptr, left = nullptr, correction = nullptr;
  KSP solver = nullptr;
};

} // namespace fokker_planck
