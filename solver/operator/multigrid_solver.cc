#include "solver/operator/multigrid_solver.h"

#include "problems/base/input_error.h"
#include "solver/operator/interpolation.h"
#include "solver/operator/petsc.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace fokker_planck {

namespace {

/// Far more iterations than multigrid ever needs.
constexpr PetscInt most_iterations = 300;

/// Relative tolerance of a correction to what is known well already.
constexpr double few_digits = 1e-3;

/// Half of the degree, again and again, down to 1, or once if the coarsest level is factorised; or
/// what the option pinned_degrees says.
std::vector<unsigned int> coarser_degrees(const unsigned int degree, const bool symmetric) {
  std::vector<PetscInt> wanted(16);
  auto n = static_cast<PetscInt>(wanted.size());
  PetscBool is_set;
  check_petsc(
    PetscOptionsGetIntArray(nullptr, nullptr, "-pinned_degrees", wanted.data(), &n, &is_set));
  std::vector<unsigned int> degrees;
  if (is_set == PETSC_TRUE) {
    for (PetscInt i = 0; i < n; ++i)
      if (wanted[i] > 0 && wanted[i] < static_cast<PetscInt>(degree)) degrees.push_back(wanted[i]);
  } else
    for (unsigned int k = degree / 2; k > 0 && (symmetric || degrees.empty()); k /= 2)
      degrees.push_back(k);
  return degrees;
}

/// The options of the process, and defaults for some that the user has not set. They are those of
/// one solver: what stands in the options of the process would be that of all. The caller destroys
/// them.
PetscOptions options_with(const std::string& prefix,
                          const std::vector<std::pair<const char*, const char*>>& defaults) {
  PetscOptions options;
  char* all;
  check_petsc(PetscOptionsCreate(&options));
  check_petsc(PetscOptionsGetAll(nullptr, &all));
  check_petsc(PetscOptionsInsertString(options, all));
  check_petsc(PetscFree(all));
  for (const auto& [name, value] : defaults) {
    PetscBool is_set;
    const std::string option = prefix + name;
    check_petsc(PetscOptionsHasName(options, nullptr, option.c_str(), &is_set));
    if (is_set == PETSC_FALSE) check_petsc(PetscOptionsSetValue(options, option.c_str(), value));
  }
  return options;
}

/// Chooses algebraic multigrid, whose options have this prefix, for the coarsest level; a
/// factorisation where drift makes low degrees far from M-matrices. Returns options that must
/// outlive the preconditioner.
PetscOptions choose_coarsest(PC preconditioner, const std::string& prefix, const bool symmetric) {
  if (!symmetric) {
    check_petsc(PCSetType(preconditioner, PCLU));
    check_petsc(PCFactorSetMatSolverType(preconditioner, MATSOLVERMUMPS));
    return nullptr;
  }
  PetscOptions options = options_with(prefix, { { "pc_hypre_boomeramg_strong_threshold", "0.5" },
                                                { "pc_hypre_boomeramg_coarsen_type", "HMIS" },
                                                { "pc_hypre_boomeramg_interp_type", "ext+i" },
                                                { "pc_hypre_boomeramg_P_max", "4" } });
  check_petsc(PetscObjectSetOptions(reinterpret_cast<PetscObject>(preconditioner), options));
  check_petsc(PCSetType(preconditioner, PCHYPRE));
  check_petsc(PCHYPRESetType(preconditioner, "boomeramg"));
  return options;
}

/// Chooses polynomials of Chebyshev on the part of the spectrum that coarser levels do not reach.
/// Of B K, B the Schwarz smoother: up to 2^dim, most of it from about 0.5 on. Complex eigenvalues,
/// if K is not symmetric, need a larger interval.
void choose_smoother(KSP smoother, const bool symmetric) {
  PC preconditioner;
  check_petsc(KSPSetType(smoother, KSPCHEBYSHEV));
  check_petsc(KSPSetTolerances(smoother, unchanged, unchanged, unchanged, 3));
  check_petsc(KSPSetNormType(smoother, KSP_NORM_NONE));
  check_petsc(KSPChebyshevEstEigSet(smoother, 0, symmetric ? 0.05 : 0.1, 0, symmetric ? 1.1 : 2));
  check_petsc(KSPGetPC(smoother, &preconditioner));
  check_petsc(PCSetType(preconditioner, PCNONE));
}

/// The roots of the inverse entries of a vector; of |entries| where they are not positive, and 1 in
/// place of 0. Returns whether all were positive.
bool invert_roots(Vec vector) {
  PetscInt n;
  check_petsc(VecGetLocalSize(vector, &n));
  const LocalEntries entries(vector);
  bool positive = true;
  for (PetscInt i = 0; i < n; ++i) {
    positive = positive && entries[i] > 0;
    entries[i] = entries[i] != 0 ? 1 / std::sqrt(std::fabs(entries[i])) : 1;
  }
  return positive;
}

} // namespace

template <int dim>
MultigridSolver<dim>::MultigridSolver(const Discretization<dim>& discretization,
                                      const ScaledSpace<dim>& space_, const FreeNodes<dim>& free_,
                                      const FixedParts& fixed, const MatrixFreeOperator<dim>& op_,
                                      const double shift_, const Symmetry symmetry,
                                      const SolverOptions& options_)
  : space(space_), free(free_), op(op_), shift(shift_), symmetric(symmetry == Symmetry::symmetric),
    options(options_) {
  invert_diagonal();
  add_levels(discretization, fixed);
  if (levels[0].interpolation != nullptr) {
    const LocalValues scale(inverse_root_diagonal);
    smoother_of_cells =
      std::make_unique<CellSmoother<dim>>(space, free, op, shift, scale.data(), symmetry);
  }
  forward_matrix = make_shell(forward_shell);
  forward_solver = make_solver(forward_matrix, Equation::forward);
}

template <int dim>
MultigridSolver<dim>::~MultigridSolver() {
  for (KSP* const ksp : { &forward_solver, &backward_solver })
    KSPDestroy(ksp);
  for (Level& level : levels)
    for (Mat* const matrix : { &level.matrix, &level.transpose, &level.interpolation })
      MatDestroy(matrix);
  for (Mat* const matrix : { &forward_matrix, &backward_matrix })
    MatDestroy(matrix);
  for (Vec* const vector : { &inverse_root_diagonal, &right, &left })
    VecDestroy(vector);
  for (PetscOptions& chosen : coarsest_options)
    PetscOptionsDestroy(&chosen);
}

template <int dim>
void MultigridSolver<dim>::invert_diagonal() {
  const auto& positions = free.get_positions();
  check_petsc(VecCreateMPI(space.get_communicator(), static_cast<PetscInt>(positions.size()),
                           PETSC_DETERMINE, &inverse_root_diagonal));
  check_petsc(VecDuplicate(inverse_root_diagonal, &right));
  check_petsc(VecDuplicate(inverse_root_diagonal, &left));
  check_petsc(VecSet(left, 0));
  Vector diagonal(space.locally_owned(), space.get_communicator());
  op.get_diagonal(shift, diagonal);
  {
    const LocalValues values(diagonal);
    const LocalEntries entries(inverse_root_diagonal);
    for (std::size_t i = 0; i < positions.size(); ++i)
      entries[i] = values[positions[i]];
  }
  const int positive = invert_roots(inverse_root_diagonal) ? 1 : 0;
  if (dealii::Utilities::MPI::min(positive, space.get_communicator()) == 0)
    throw MeshTooCoarse("the matrix has a diagonal entry that is not positive; the mesh is too "
                        "coarse: increase Discretization/Cells or Degree");
}

template <int dim>
void MultigridSolver<dim>::add_levels(const Discretization<dim>& discretization,
                                      const FixedParts& fixed) {
  auto degrees = coarser_degrees(space.degree(), symmetric);
  if (degrees.empty()) degrees.push_back(space.degree());
  Vec scale;
  check_petsc(VecDuplicate(inverse_root_diagonal, &scale));
  check_petsc(VecCopy(inverse_root_diagonal, scale));
  for (const unsigned int degree : degrees) {
    Level level;
    level.space = std::make_unique<ScaledSpace<dim>>(space, degree);
    level.free = std::make_unique<FreeNodes<dim>>(discretization, *level.space, fixed);
    typename ScaledSpace<dim>::Matrix whole;
    op.assemble(*level.space, shift, whole);
    level.matrix = level.free->block(whole);
    const bool same = degree == space.degree();
    if (!same) {
      const FreeSpace<dim> finer = levels.empty()
                                     ? FreeSpace<dim>{ space, free }
                                     : FreeSpace<dim>{ *levels.back().space, *levels.back().free };
      level.interpolation = make_interpolation<dim>({ *level.space, *level.free }, finer);
      check_petsc(VecReciprocal(scale));
      check_petsc(MatDiagonalScale(level.interpolation, scale, nullptr));
      check_petsc(VecDestroy(&scale));
      check_petsc(MatCreateVecs(level.matrix, nullptr, &scale));
      check_petsc(MatGetDiagonal(level.matrix, scale));
      invert_roots(scale);
      check_petsc(MatDiagonalScale(level.interpolation, nullptr, scale));
    }
    check_petsc(MatDiagonalScale(level.matrix, scale, scale));
    if (symmetric) check_petsc(MatSetOption(level.matrix, MAT_SPD, PETSC_TRUE));
    levels.push_back(std::move(level));
  }
  check_petsc(VecDestroy(&scale));
}

template <int dim>
PetscErrorCode MultigridSolver<dim>::multiply(Mat matrix, Vec x, Vec y) {
  Shell* shell;
  check_petsc(MatShellGetContext(matrix, &shell));
  const MultigridSolver& owner = *shell->owner;
  const LocalValues in(x), scale(owner.inverse_root_diagonal);
  const LocalEntries out(y);
  owner.op.apply_to_free(owner.free, owner.shift, in.data(), scale.data(), out.data(),
                         shell->equation);
  return 0;
}

template <int dim>
PetscErrorCode MultigridSolver<dim>::smooth(PC preconditioner, Vec x, Vec y) {
  Shell* shell;
  check_petsc(PCShellGetContext(preconditioner, &shell));
  const LocalValues in(x);
  const LocalEntries out(y);
  shell->owner->smoother_of_cells->apply(in.data(), out.data(), shell->equation);
  return 0;
}

/// Of the scaled block, but for terms between hanging nodes.
template <int dim>
PetscErrorCode MultigridSolver<dim>::get_diagonal(Mat /*matrix*/, Vec diagonal) {
  return VecSet(diagonal, 1);
}

template <int dim>
Mat MultigridSolver<dim>::make_shell(Shell& shell) const {
  const auto n = static_cast<PetscInt>(free.get_positions().size());
  Mat matrix;
  check_petsc(MatCreateShell(space.get_communicator(), n, n, PETSC_DETERMINE, PETSC_DETERMINE,
                             &shell, &matrix));
  check_petsc(MatShellSetOperation(matrix, MATOP_MULT, reinterpret_cast<void (*)()>(&multiply)));
  check_petsc(
    MatShellSetOperation(matrix, MATOP_GET_DIAGONAL, reinterpret_cast<void (*)()>(&get_diagonal)));
  if (symmetric) check_petsc(MatSetOption(matrix, MAT_SPD, PETSC_TRUE));
  return matrix;
}

/// The matrix of a level, or its transpose, which is made when it is first asked for.
template <int dim>
Mat MultigridSolver<dim>::matrix_of(Level& level, const Equation equation) const {
  if (equation == Equation::forward) return level.matrix;
  if (level.transpose == nullptr)
    check_petsc(MatTranspose(level.matrix, MAT_INITIAL_MATRIX, &level.transpose));
  return level.transpose;
}

/// Multigrid on all levels, with the smoother cell by cell on the finest one.
template <int dim>
void MultigridSolver<dim>::set_up_levels(PC preconditioner, Mat matrix, const Equation equation) {
  check_petsc(PCSetType(preconditioner, PCMG));
  auto number = static_cast<PetscInt>(levels.size());
  check_petsc(PCMGSetLevels(preconditioner, number + 1, nullptr));
  check_petsc(PCMGSetGalerkin(preconditioner, PC_MG_GALERKIN_NONE));
  KSP smoother;
  check_petsc(PCMGGetSmoother(preconditioner, number, &smoother));
  check_petsc(KSPSetOperators(smoother, matrix, matrix));
  choose_smoother(smoother, symmetric);
  PC cell_by_cell;
  check_petsc(KSPGetPC(smoother, &cell_by_cell));
  check_petsc(PCSetType(cell_by_cell, PCSHELL));
  check_petsc(PCShellSetContext(cell_by_cell,
                                equation == Equation::backward ? &backward_shell : &forward_shell));
  check_petsc(PCShellSetApply(cell_by_cell, &smooth));
  for (Level& level : levels) {
    check_petsc(PCMGSetInterpolation(preconditioner, number, level.interpolation));
    check_petsc(PCMGGetSmoother(preconditioner, --number, &smoother));
    check_petsc(KSPSetOperators(smoother, matrix_of(level, equation), matrix_of(level, equation)));
    if (number > 0) choose_smoother(smoother, symmetric);
  }
  check_petsc(KSPSetType(smoother, KSPPREONLY));
  PC coarsest;
  check_petsc(KSPGetPC(smoother, &coarsest));
  coarsest_options.push_back(choose_coarsest(coarsest, "-pinned_mg_coarse_", symmetric));
}

template <int dim>
KSP MultigridSolver<dim>::make_solver(Mat matrix, const Equation equation) {
  KSP result;
  PC preconditioner;
  check_petsc(KSPCreate(space.get_communicator(), &result));
  check_petsc(KSPSetType(result, symmetric ? KSPCG : KSPGMRES));
  check_petsc(KSPSetNormType(result, symmetric ? KSP_NORM_NATURAL : KSP_NORM_PRECONDITIONED));
  if (!symmetric) check_petsc(KSPGMRESSetRestart(result, 100));
  check_petsc(KSPSetTolerances(result, options.relative_tolerance, 0., unchanged, most_iterations));
  check_petsc(KSPSetInitialGuessNonzero(result, PETSC_TRUE));
  const bool has_levels = levels[0].interpolation != nullptr;
  check_petsc(KSPSetOptionsPrefix(result, has_levels ? "pinned_" : "pinned_linear_"));
  check_petsc(KSPGetPC(result, &preconditioner));
  check_petsc(
    KSPSetOperators(result, matrix, has_levels ? matrix : matrix_of(levels[0], equation)));
  if (has_levels)
    set_up_levels(preconditioner, matrix, equation);
  else
    coarsest_options.push_back(choose_coarsest(preconditioner, "-pinned_linear_", symmetric));
  check_petsc(KSPSetFromOptions(result));
  check_petsc(KSPSetUp(result));
  return result;
}

/// The solver of K x = b, or of K^T x = b.
template <int dim>
KSP MultigridSolver<dim>::solver_for(const Equation equation) {
  if (symmetric || equation == Equation::forward) return forward_solver;
  if (backward_solver == nullptr) {
    backward_matrix = make_shell(backward_shell);
    backward_solver = make_solver(backward_matrix, Equation::backward);
  }
  return backward_solver;
}

template <int dim>
std::string MultigridSolver<dim>::name() const {
  return symmetric ? "CG with multigrid" : "GMRES with multigrid";
}

template <int dim>
void MultigridSolver<dim>::report_failure(const KSPConvergedReason reason,
                                          const int n_iterations) const {
  throw IterationFailed("the iterative solver (" + name() + ") stopped after " +
                        std::to_string(n_iterations) + " iterations (" +
                        KSPConvergedReasons[reason] + "): " + advice());
}

/// GMRES minimises what the preconditioner makes of the residual, which is close to the error
/// unless the preconditioner is useless.
template <int dim>
void MultigridSolver<dim>::check_residual(KSP chosen) const {
  Mat matrix;
  Vec residual;
  PetscReal tolerance, norm, norm_of_right;
  check_petsc(KSPGetOperators(chosen, &matrix, nullptr));
  check_petsc(KSPGetTolerances(chosen, &tolerance, nullptr, nullptr, nullptr));
  check_petsc(VecDuplicate(right, &residual));
  check_petsc(MatMult(matrix, left, residual));
  check_petsc(VecAYPX(residual, -1, right));
  check_petsc(VecNorm(residual, NORM_2, &norm));
  check_petsc(VecNorm(right, NORM_2, &norm_of_right));
  check_petsc(VecDestroy(&residual));
  if (!(norm <= std::pow(tolerance, 0.25) * norm_of_right))
    throw IterationFailed("the preconditioner of the iterative solver (" + name() +
                          ") is too poor: " + advice());
}

template <int dim>
void MultigridSolver<dim>::solve(const Vector& b, Vector& x, const Equation equation,
                                 const Accuracy accuracy) {
  const auto& positions = free.get_positions();
  {
    const LocalValues values(b), start(x), factors(inverse_root_diagonal);
    const LocalEntries entries(right), solution(left);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      entries[i] = factors[i] * values[positions[i]];
      solution[i] = start[positions[i]] / factors[i];
    }
  }
  // Norms of vectors of extreme scale would overflow.
  PetscReal size;
  check_petsc(VecNorm(right, NORM_INFINITY, &size));
  if (size == 0) {
    x = 0;
    return;
  }
  check_petsc(VecScale(right, 1 / size));
  check_petsc(VecScale(left, 1 / size));
  KSP chosen = solver_for(equation);
  check_petsc(KSPSetTolerances(
    chosen, accuracy == Accuracy::few_digits ? few_digits : options.relative_tolerance, 0.,
    unchanged, unchanged));
  check_petsc(KSPSolve(chosen, right, left));
  KSPConvergedReason reason;
  PetscInt n = 0;
  check_petsc(KSPGetConvergedReason(chosen, &reason));
  check_petsc(KSPGetIterationNumber(chosen, &n));
  if (reason < 0) report_failure(reason, n);
  if (!symmetric) check_residual(chosen);
  ++count.n_solves;
  count.total += n;
  count.longest = std::max(count.longest, static_cast<unsigned int>(n));
  options.say("  linear solve: " + std::to_string(n) + " iterations (" +
              KSPConvergedReasons[reason] + ")");

  x = 0;
  const LocalValues solution(left), factors(inverse_root_diagonal);
  const LocalEntries entries(x);
  for (std::size_t i = 0; i < positions.size(); ++i)
    entries[positions[i]] = size * factors[i] * solution[i];
}

template class MultigridSolver<1>;
template class MultigridSolver<2>;
template class MultigridSolver<3>;

} // namespace fokker_planck
