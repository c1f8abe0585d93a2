// Krylov iteration with multigrid in the polynomial degree.
//
// K is symmetric positive definite under detailed balance: conjugate gradients; otherwise GMRES.
// Levels of multigrid are the polynomials of degree k, k/2, ..., 2, 1 on one mesh, with Galerkin
// operators. Chebyshev polynomials smooth: on the finest level those of a Schwarz method cell by
// cell (cell_smoother.h), below it those of the Jacobi iteration. The linear polynomials are left
// to algebraic multigrid (BoomerAMG of hypre). Where there is drift (w != 0) the coarsest level is
// that of degree k/2, which is factorised (MUMPS): drift that dominates in the cells spoils the
// smoothers of low degrees. The operator of degree k is never a matrix, those below it are small.
// All are scaled symmetrically to have a diagonal of about ones.
// References: J. W. Lottes, P. F. Fischer, J. Sci. Comput. 24 (2005) 45; M. Adams et al., J.
// Comput. Phys. 188 (2003) 593, for the smoother; V. E. Henson, U. M. Yang, Appl. Numer. Math. 41
// (2002) 155, for BoomerAMG.
//
// Limit: where a guessed Psi is more than twice the quasi-potential GMRES fails on any mesh;
// smaller scales of the gauge are tried then (gauge_scales.h).
#pragma once

#include "solver/operator/cell_smoother.h"
#include "solver/operator/linear_solver.h"
#include "solver/operator/matrix_free_operator.h"
#include "solver/operator/solver_options.h"

#include <petscksp.h>

#include <memory>
#include <vector>

namespace fokker_planck {

template <int dim>
class MultigridSolver : public LinearSolver {
public:
  /// free: the free nodes of the space, those that are not fixed or hanging. Options of PETSc with
  /// the prefix pinned_ override every choice. Throws NotConverged if the preconditioner cannot be
  /// set up.
  MultigridSolver(const Discretization<dim>& discretization, const ScaledSpace<dim>& space,
                  const FreeNodes<dim>& free, const FixedParts& fixed,
                  const MatrixFreeOperator<dim>& op, double shift, Symmetry symmetry,
                  const SolverOptions& options);
  ~MultigridSolver() override;
  MultigridSolver(const MultigridSolver&) = delete;
  MultigridSolver& operator=(const MultigridSolver&) = delete;

  /// Iterates until the error has fallen by the relative tolerance; starts from the values of x at
  /// free nodes.
  void solve(const Vector& b, Vector& x, Equation equation, Accuracy accuracy) override;
  std::string name() const override;
  std::string advice() const override { return "use Solver/Method = direct, or a finer mesh"; }
  double relative_accuracy() const override { return options.relative_tolerance; }
  LinearIterations iterations() const override { return count; }

private:
  /// A level below the finest one.
  struct Level {
    std::unique_ptr<ScaledSpace<dim>> space;
    std::unique_ptr<FreeNodes<dim>> free;
    Mat matrix = nullptr, transpose = nullptr;
    Mat interpolation = nullptr; ///< to the next finer level; none for the same degree
  };

  /// What the shell matrices of PETSc refer to.
  struct Shell {
    const MultigridSolver* owner;
    Equation equation;
  };

  void invert_diagonal();
  void add_levels(const Discretization<dim>& discretization, const FixedParts& fixed);
  Mat make_shell(Shell& shell) const;
  KSP make_solver(Mat matrix, Equation equation);
  Mat matrix_of(Level& level, Equation equation) const;
  void set_up_levels(PC preconditioner, Mat matrix, Equation equation);
  KSP solver_for(Equation equation);
  [[noreturn]] void report_failure(KSPConvergedReason reason, int n_iterations) const;
  void check_residual(KSP chosen) const;
  static PetscErrorCode multiply(Mat shell, Vec x, Vec y);
  static PetscErrorCode smooth(PC preconditioner, Vec x, Vec y);
  static PetscErrorCode get_diagonal(Mat shell, Vec diagonal);

  const ScaledSpace<dim>& space;
  const FreeNodes<dim>& free;
  const MatrixFreeOperator<dim>& op;
  const double shift;
  const bool symmetric; ///< K
  const SolverOptions options;
  Vec inverse_root_diagonal = nullptr, right = nullptr, left = nullptr;
  Shell forward_shell{ this, Equation::forward }, backward_shell{ this, Equation::backward };
  Mat forward_matrix = nullptr, backward_matrix = nullptr;
  std::vector<Level> levels; ///< from fine to coarse
  std::unique_ptr<CellSmoother<dim>> smoother_of_cells;
  KSP forward_solver = nullptr, backward_solver = nullptr;
  std::vector<PetscOptions> coarsest_options; ///< of the preconditioners of the coarsest level
  LinearIterations count;
};

} // namespace fokker_planck
