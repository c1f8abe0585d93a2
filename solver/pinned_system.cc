#include "solver/pinned_system.h"

#include "problems/input_error.h"
#include "problems/text.h"
#include "solver/collective.h"

#include <deal.II/base/mpi.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/sparsity_tools.h>

#include <cmath>
#include <limits>

namespace fokker_planck {

using dealii::types::global_dof_index;

namespace {

void check(const PetscErrorCode code) {
  AssertThrow(code == 0, dealii::ExcMessage("PETSc error " + std::to_string(code)));
}

/// Read access to the local entries of a PETSc vector.
class LocalValues {
public:
  explicit LocalValues(Vec vector_) : vector(vector_) { check(VecGetArrayRead(vector, &values)); }
  ~LocalValues() { VecRestoreArrayRead(vector, &values); }
  LocalValues(const LocalValues&) = delete;
  LocalValues& operator=(const LocalValues&) = delete;
  double operator[](std::size_t i) const { return values[i]; }

private:
  Vec vector;
  const PetscScalar* values;
};

/// Write access to the local entries of a PETSc vector.
class LocalEntries {
public:
  explicit LocalEntries(Vec vector_) : vector(vector_) { check(VecGetArray(vector, &values)); }
  ~LocalEntries() { VecRestoreArray(vector, &values); }
  LocalEntries(const LocalEntries&) = delete;
  LocalEntries& operator=(const LocalEntries&) = delete;
  double& operator[](std::size_t i) const { return values[i]; }

private:
  Vec vector;
  PetscScalar* values;
};

} // namespace

template <int dim>
PinnedSystem<dim>::PinnedSystem(const Discretization<dim>& discretization_,
                                WeightedForm<dim>& form_, const bool symmetric_)
  : discretization(discretization_), form(form_), symmetric(symmetric_) {
  find_node_potentials();
  assemble();
}

template <int dim>
PinnedSystem<dim>::~PinnedSystem() {
  KSPDestroy(&solver);
  MatDestroy(&block);
  for (Vec* vector : { &inverse_root_diagonal, &right, &left, &correction })
    VecDestroy(vector);
}

template <int dim>
void PinnedSystem<dim>::find_node_potentials() {
  const auto& relevant = discretization.locally_relevant();
  node_potentials.assign(relevant.n_elements(), std::numeric_limits<double>::max());
  double lowest = std::numeric_limits<double>::max(), highest = -lowest;
  std::vector<global_dof_index> nodes(discretization.get_element().n_dofs_per_cell());
  const MPI_Comm communicator = discretization.get_communicator();
  collectively(communicator, [&] {
    for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
      if (cell->is_artificial()) continue;
      const double potential = form.smallest_potential(cell);
      lowest = std::min(lowest, potential);
      highest = std::max(highest, potential);
      const auto lower = [&](const global_dof_index node) {
        if (!relevant.is_element(node)) return;
        double& smallest = node_potentials[relevant.index_within_set(node)];
        smallest = std::min(smallest, potential);
      };
      cell->get_dof_indices(nodes);
      for (const global_dof_index node : nodes) {
        lower(node);
        if (const auto* masters = discretization.get_constraints().get_constraint_entries(node))
          for (const auto& master : *masters)
            lower(master.first);
      }
    }
  });
  lowest = dealii::Utilities::MPI::min(lowest, communicator);
  highest = dealii::Utilities::MPI::max(highest, communicator);
  // Scaled vectors span exp(+-(highest - lowest)/4), products of two of them the square of that.
  if (highest - lowest > 1350)
    throw NotConverged(
      "L/D varies by " + format_number(std::round(highest - lowest)) +
      " between the lowest valley and the exit; more than 1350 exceeds the range of "
      "floating-point numbers (a loss without lower bound, or too little noise)");
  reference = 0.5 * (lowest + highest);
  exchange_minima();
}

/// Cells that reach a node only through hanging nodes of another rank's ghost cells are not seen
/// here: the owner of the node knows the smallest potential.
template <int dim>
void PinnedSystem<dim>::exchange_minima() {
  const auto& owned = discretization.locally_owned();
  const auto& relevant = discretization.locally_relevant();
  const MPI_Comm communicator = discretization.get_communicator();
  Vector local(owned, communicator), everywhere(owned, relevant, communicator);
  for (const global_dof_index node : owned)
    local(node) = node_potentials[relevant.index_within_set(node)];
  local.compress(dealii::VectorOperation::insert);
  everywhere = local;
  for (const global_dof_index node : relevant)
    node_potentials[relevant.index_within_set(node)] = everywhere(node);
}

/// The constraints of hanging nodes for scaled values.
template <int dim>
dealii::AffineConstraints<double> PinnedSystem<dim>::scaled_constraints() const {
  const auto& nodal = discretization.get_constraints();
  const auto& relevant = discretization.locally_relevant();
  dealii::AffineConstraints<double> scaled(relevant);
  for (const global_dof_index node : relevant) {
    const auto* const entries = nodal.get_constraint_entries(node);
    if (entries == nullptr) continue;
    scaled.add_line(node);
    for (const auto& [master, weight] : *entries)
      if (relevant.is_element(master))
        scaled.add_entry(node, master,
                         weight * std::exp(0.5 * (potential(master) - potential(node))));
  }
  scaled.close();
  return scaled;
}

template <int dim>
void PinnedSystem<dim>::assemble() {
  const auto& dof_handler = discretization.get_dof_handler();
  const auto& owned = discretization.locally_owned();
  const auto& relevant = discretization.locally_relevant();
  const MPI_Comm communicator = discretization.get_communicator();

  dealii::DynamicSparsityPattern pattern(relevant);
  const auto constraints = scaled_constraints();
  dealii::DoFTools::make_sparsity_pattern(dof_handler, pattern, constraints, false);
  dealii::SparsityTools::distribute_sparsity_pattern(pattern, owned, communicator, relevant);
  stiffness.reinit(owned, owned, pattern, communicator);
  mass.reinit(owned, owned, pattern, communicator);

  typename WeightedForm<dim>::CellMatrices matrices;
  const unsigned int n_dofs = discretization.get_element().n_dofs_per_cell();
  std::vector<global_dof_index> nodes(n_dofs);
  std::vector<double> factors(n_dofs);
  collectively(communicator, [&] {
    for (const auto& cell : dof_handler.active_cell_iterators()) {
      if (!cell->is_locally_owned()) continue;
      form.compute(cell, matrices);
      cell->get_dof_indices(nodes);
      for (unsigned int i = 0; i < n_dofs; ++i)
        factors[i] = std::exp(
          0.5 * (node_potentials[relevant.index_within_set(nodes[i])] - matrices.reference));
      for (unsigned int i = 0; i < n_dofs; ++i)
        for (unsigned int j = 0; j < n_dofs; ++j) {
          matrices.stiffness(i, j) *= factors[i] * factors[j];
          matrices.mass(i, j) *= factors[i] * factors[j];
        }
      constraints.distribute_local_to_global(matrices.stiffness, nodes, stiffness);
      constraints.distribute_local_to_global(matrices.mass, nodes, mass);
    }
  });
  // Nodes without any contribution keep a row of their own.
  for (const global_dof_index node : owned)
    if (form.is_cut_off(potential(node))) stiffness.add(node, node, 1.);
  stiffness.compress(dealii::VectorOperation::add);
  mass.compress(dealii::VectorOperation::add);
  for (const global_dof_index node : owned)
    if (constraints.is_constrained(node)) {
      stiffness.set(node, node, 0.);
      mass.set(node, node, 0.);
    }
  stiffness.compress(dealii::VectorOperation::insert);
  mass.compress(dealii::VectorOperation::insert);
}

template <int dim>
void PinnedSystem<dim>::factorize() {
  const MPI_Comm communicator = discretization.get_communicator();
  const auto& free = discretization.free_nodes();
  const std::vector<PetscInt> indices(free.begin(), free.end());
  IS rows;
  check(ISCreateGeneral(communicator, indices.size(), indices.data(), PETSC_COPY_VALUES, &rows));
  check(MatCreateSubMatrix(stiffness.petsc_matrix(), rows, rows, MAT_INITIAL_MATRIX, &block));
  check(ISDestroy(&rows));

  check(MatCreateVecs(block, &right, &left));
  check(VecDuplicate(left, &correction));
  check(VecDuplicate(left, &inverse_root_diagonal));
  check(MatGetDiagonal(block, inverse_root_diagonal));
  {
    const LocalEntries diagonal(inverse_root_diagonal);
    bool positive = true;
    for (std::size_t i = 0; i < free.size(); ++i) {
      positive = positive && diagonal[i] > 0;
      diagonal[i] = 1 / std::sqrt(diagonal[i]);
    }
    if (dealii::Utilities::MPI::min(positive ? 1 : 0, communicator) == 0)
      throw MeshTooCoarse("the matrix has a diagonal entry that is not positive; the mesh is too "
                          "coarse: increase Discretization/Cells or Degree");
  }
  check(MatDiagonalScale(block, inverse_root_diagonal, inverse_root_diagonal));
  if (symmetric) check(MatSetOption(block, MAT_SPD, PETSC_TRUE));

  PC preconditioner;
  Mat factor;
  check(KSPCreate(communicator, &solver));
  check(KSPSetOperators(solver, block, block));
  check(KSPSetType(solver, KSPPREONLY));
  check(KSPGetPC(solver, &preconditioner));
  check(PCSetType(preconditioner, symmetric ? PCCHOLESKY : PCLU));
  check(PCFactorSetMatSolverType(preconditioner, MATSOLVERMUMPS));
  check(PCFactorSetUpMatSolverType(preconditioner));
  check(PCFactorGetMatrix(preconditioner, &factor));
  check(MatMumpsSetIcntl(factor, 6, 0));   // the diagonal is the right pivot: no permutation to a
  check(MatMumpsSetIcntl(factor, 8, 0));   // large one, and no scaling beside ours
  check(MatMumpsSetIcntl(factor, 14, 50)); // room for fill-in beyond the estimate, per cent
  check(KSPSetUp(solver));
  KSPConvergedReason reason;
  check(KSPGetConvergedReason(solver, &reason));
  PCFailedReason failed;
  check(PCGetFailedReason(preconditioner, &failed));
  if (reason < 0 || failed != PC_NOERROR)
    throw NotConverged(
      "the factorisation by MUMPS failed: the matrix is numerically singular or "
      "memory ran out; a mesh that is too coarse needs more Discretization/Cells or Degree");
}

template <int dim>
void PinnedSystem<dim>::solve(const Vector& b, Vector& x, const bool transposed) const {
  const auto& free = discretization.free_nodes();
  const auto& owned = discretization.locally_owned();
  const auto apply = [&](Vec in, Vec out) {
    check(transposed ? KSPSolveTranspose(solver, in, out) : KSPSolve(solver, in, out));
    KSPConvergedReason reason;
    check(KSPGetConvergedReason(solver, &reason));
    if (reason < 0) throw NotConverged("the solve by MUMPS failed");
  };
  {
    const LocalValues values(b), factors(inverse_root_diagonal);
    const LocalEntries entries(right);
    for (std::size_t i = 0; i < free.size(); ++i)
      entries[i] = factors[i] * values[owned.index_within_set(free[i])];
  }
  apply(right, left);
  // One step of iterative refinement: left += K^-1 (right - K left).
  check(transposed ? MatMultTranspose(block, left, correction) : MatMult(block, left, correction));
  check(VecAYPX(correction, -1, right));
  check(VecCopy(correction, right));
  apply(right, correction);
  check(VecAXPY(left, 1, correction));

  x = 0;
  const LocalValues solution(left), factors(inverse_root_diagonal);
  const LocalEntries entries(x);
  for (std::size_t i = 0; i < free.size(); ++i)
    entries[owned.index_within_set(free[i])] = factors[i] * solution[i];
}

template <int dim>
typename PinnedSystem<dim>::Vector PinnedSystem<dim>::make_vector() const {
  return Vector(discretization.locally_owned(), discretization.get_communicator());
}

template <int dim>
typename PinnedSystem<dim>::Vector PinnedSystem<dim>::scaled(const Vector& nodal) const {
  Vector result(nodal);
  {
    const LocalEntries entries(result);
    std::size_t i = 0;
    for (const global_dof_index node : discretization.locally_owned())
      entries[i++] *= std::exp(-0.5 * (potential(node) - reference));
  }
  return result;
}

template <int dim>
void PinnedSystem<dim>::unscale(Vector& scaled) const {
  const LocalEntries entries(scaled);
  std::size_t i = 0;
  for (const global_dof_index node : discretization.locally_owned())
    entries[i++] *= std::exp(0.5 * (potential(node) - reference));
}

template <int dim>
double PinnedSystem<dim>::log_product(const Vector& v, const Vector& u) const {
  Vector product = make_vector();
  mass.vmult(product, u);
  return std::log(v * product) - reference;
}

template <int dim>
double PinnedSystem<dim>::residual(const Vector& u, const double rate) const {
  Vector difference = make_vector(), source = make_vector(), diagonal = make_vector();
  stiffness.vmult(difference, u);
  mass.vmult(source, u);
  difference.add(-rate, source);
  check(MatGetDiagonal(stiffness, diagonal));
  double largest = 0;
  {
    const LocalValues values(difference), scale(diagonal);
    for (const global_dof_index node : discretization.free_nodes()) {
      const auto i = discretization.locally_owned().index_within_set(node);
      largest = std::max(largest, std::fabs(values[i]) / scale[i]);
    }
  }
  largest = dealii::Utilities::MPI::max(largest, discretization.get_communicator());
  return largest / u.linfty_norm();
}

template <int dim>
std::string PinnedSystem<dim>::method_name() const {
  return symmetric ? "Cholesky (MUMPS)" : "LU (MUMPS)";
}

template class PinnedSystem<1>;
template class PinnedSystem<2>;
template class PinnedSystem<3>;

} // namespace fokker_planck
