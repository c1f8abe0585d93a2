#include "solver/operator/direct_solver.h"

#include "problems/base/input_error.h"
#include "solver/operator/petsc.h"

#include <deal.II/base/mpi.h>

#include <cmath>

namespace fokker_planck {

template <int dim>
DirectSolver<dim>::DirectSolver(const ScaledSpace<dim>& space_, const FreeNodes<dim>& free_,
                                Mat block_, const Symmetry symmetry_)
  : space(space_), free(free_), symmetry(symmetry_), block(block_) {
  check_petsc(MatCreateVecs(block, &right, &left));
  check_petsc(VecDuplicate(left, &correction));
  check_petsc(VecDuplicate(left, &inverse_root_diagonal));
  scale();
  factorize();
}

template <int dim>
DirectSolver<dim>::~DirectSolver() {
  KSPDestroy(&solver);
  MatDestroy(&block);
  for (Vec* vector : { &inverse_root_diagonal, &right, &left, &correction })
    VecDestroy(vector);
}

template <int dim>
void DirectSolver<dim>::scale() {
  check_petsc(MatGetDiagonal(block, inverse_root_diagonal));
  {
    const LocalEntries diagonal(inverse_root_diagonal);
    bool positive = true;
    for (std::size_t i = 0; i < free.get_positions().size(); ++i) {
      positive = positive && diagonal[i] > 0;
      diagonal[i] = 1 / std::sqrt(diagonal[i]);
    }
    if (dealii::Utilities::MPI::min(positive ? 1 : 0, space.get_communicator()) == 0)
      throw MeshTooCoarse("the matrix has a diagonal entry that is not positive; the mesh is too "
                          "coarse: increase Discretization/Cells or Degree");
  }
  check_petsc(MatDiagonalScale(block, inverse_root_diagonal, inverse_root_diagonal));
  if (is_symmetric()) check_petsc(MatSetOption(block, MAT_SPD, PETSC_TRUE));
}

template <int dim>
void DirectSolver<dim>::factorize() {
  PC preconditioner;
  Mat factor;
  check_petsc(KSPCreate(space.get_communicator(), &solver));
  check_petsc(KSPSetOperators(solver, block, block));
  check_petsc(KSPSetType(solver, KSPPREONLY));
  check_petsc(KSPGetPC(solver, &preconditioner));
  check_petsc(PCSetType(preconditioner, is_symmetric() ? PCCHOLESKY : PCLU));
  check_petsc(PCFactorSetMatSolverType(preconditioner, MATSOLVERMUMPS));
  check_petsc(PCFactorSetUpMatSolverType(preconditioner));
  check_petsc(PCFactorGetMatrix(preconditioner, &factor));
  check_petsc(MatMumpsSetIcntl(factor, 6, 0));   // the diagonal is the right pivot: no permutation
  check_petsc(MatMumpsSetIcntl(factor, 8, 0));   // to a large one, and no scaling beside ours
  check_petsc(MatMumpsSetIcntl(factor, 14, 50)); // room for fill-in beyond the estimate, per cent
  check_petsc(KSPSetUp(solver));
  KSPConvergedReason reason;
  check_petsc(KSPGetConvergedReason(solver, &reason));
  PCFailedReason failed;
  check_petsc(PCGetFailedReason(preconditioner, &failed));
  if (reason < 0 || failed != PC_NOERROR)
    throw NotConverged(
      "the factorisation by MUMPS failed: the matrix is numerically singular or "
      "memory ran out; a mesh that is too coarse needs more Discretization/Cells or Degree");
}

template <int dim>
void DirectSolver<dim>::apply_inverse(Vec in, Vec out, const Equation equation) const {
  check_petsc(equation == Equation::backward ? KSPSolveTranspose(solver, in, out)
                                             : KSPSolve(solver, in, out));
  KSPConvergedReason reason;
  check_petsc(KSPGetConvergedReason(solver, &reason));
  if (reason < 0) throw NotConverged("the solve by MUMPS failed");
}

template <int dim>
void DirectSolver<dim>::solve(const Vector& b, Vector& x, const Equation equation,
                              const Accuracy /*accuracy*/) {
  const auto& positions = free.get_positions();
  {
    const LocalValues values(b), factors(inverse_root_diagonal);
    const LocalEntries entries(right);
    for (std::size_t i = 0; i < positions.size(); ++i)
      entries[i] = factors[i] * values[positions[i]];
  }
  apply_inverse(right, left, equation);
  // left += K^-1 (right - K left)
  check_petsc(equation == Equation::backward ? MatMultTranspose(block, left, correction)
                                             : MatMult(block, left, correction));
  check_petsc(VecAYPX(correction, -1, right));
  check_petsc(VecCopy(correction, right));
  apply_inverse(right, correction, equation);
  check_petsc(VecAXPY(left, 1, correction));

  x = 0;
  const LocalValues solution(left), factors(inverse_root_diagonal);
  const LocalEntries entries(x);
  for (std::size_t i = 0; i < positions.size(); ++i)
    entries[positions[i]] = factors[i] * solution[i];
}

template class DirectSolver<1>;
template class DirectSolver<2>;
template class DirectSolver<3>;

} // namespace fokker_planck
