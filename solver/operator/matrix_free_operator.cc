#include "solver/operator/matrix_free_operator.h"

#include "problems/base/collective.h"
#include "solver/operator/petsc.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

/// g = C g at n points, the components of C in the order of MatrixFreeOperator::Batch.
FOKKER_PLANCK_CLONES
void multiply_tensor(const int dim, const bool diagonal, const std::size_t n, const Pack* c,
                     Pack* g) {
  if (diagonal) {
    for (std::size_t i = 0; i < dim * n; ++i)
      g[i] *= c[i];
    return;
  }
  for (std::size_t q = 0; q < n; ++q) {
    Pack result[3] = {};
    for (int i = 0; i < dim; ++i) {
      result[i] += c[i * n + q] * g[i * n + q];
      for (int j = 0; j < i; ++j) {
        const Pack& mixed = c[(dim + i * (i - 1) / 2 + j) * n + q];
        result[i] += mixed * g[j * n + q];
        result[j] += mixed * g[i * n + q];
      }
    }
    for (int i = 0; i < dim; ++i)
      g[i * n + q] = result[i];
  }
}

/// v = d . g at n points.
FOKKER_PLANCK_CLONES
void multiply_drift(const int dim, const std::size_t n, const Pack* d, const Pack* g, Pack* v) {
  for (std::size_t q = 0; q < n; ++q)
    v[q] = d[q] * g[q];
  for (std::size_t i = n; i < dim * n; ++i)
    v[i % n] += d[i] * g[i];
}

/// g += d v at n points.
FOKKER_PLANCK_CLONES
void add_drift(const int dim, const std::size_t n, const Pack* d, const Pack* v, Pack* g) {
  for (int i = 0; i < dim; ++i)
    for (std::size_t q = 0; q < n; ++q)
      g[i * n + q] += d[i * n + q] * v[q];
}

/// m = shift c v at n points.
FOKKER_PLANCK_CLONES
void multiply_mass(const std::size_t n, const double shift, const Pack* c, const Pack* v, Pack* m) {
  for (std::size_t q = 0; q < n; ++q)
    m[q] = shift * (c[q] * v[q]);
}

/// m += v at n points.
FOKKER_PLANCK_CLONES
void add_values(const std::size_t n, const Pack* v, Pack* m) {
  for (std::size_t q = 0; q < n; ++q)
    m[q] += v[q];
}

FOKKER_PLANCK_CLONES
void multiply_values(const std::size_t n, const Pack* c, Pack* v) {
  for (std::size_t q = 0; q < n; ++q)
    v[q] *= c[q];
}

} // namespace

template <int dim>
MatrixFreeOperator<dim>::MatrixFreeOperator(const ScaledSpace<dim>& space_, WeightedForm<dim>& form)
  : space(space_) {
  find_ghosts();
  number_constraints();
  std::vector<std::size_t> open;
  collectively(space.get_communicator(), [&] {
    for (const auto& cell : space.get_dof_handler().active_cell_iterators())
      if (cell->is_locally_owned() && !form.is_cut_off(form.smallest_potential(cell)))
        add_cell(cell, form, open);
  });
  unsigned int position = 0;
  for (const auto node : space.locally_owned()) {
    if (space.is_cut_off(node)) cut_off.push_back(position);
    ++position;
  }
}

/// The nodes of other ranks that the cells of this one have, or that determine theirs.
template <int dim>
void MatrixFreeOperator<dim>::find_ghosts() {
  const auto& dof_handler = space.get_dof_handler();
  std::vector<dealii::types::global_dof_index> nodes(space.n_nodes_per_cell()), ghosts;
  for (const auto& cell : dof_handler.active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    cell->get_dof_indices(nodes);
    for (const auto node : nodes) {
      ghosts.push_back(node);
      if (const auto* masters = space.get_constraints().get_constraint_entries(node))
        for (const auto& master : *masters)
          ghosts.push_back(master.first);
    }
  }
  std::sort(ghosts.begin(), ghosts.end());
  ghosts.erase(std::unique(ghosts.begin(), ghosts.end()), ghosts.end());
  dealii::IndexSet needed(dof_handler.n_dofs());
  needed.add_indices(ghosts.begin(), ghosts.end());
  needed.subtract_set(space.locally_owned());
  source.reinit(space.locally_owned(), needed, space.get_communicator());
  target.reinit(source);
  n_local = source.locally_owned_size() + needed.n_elements();
}

template <int dim>
void MatrixFreeOperator<dim>::number_constraints() {
  const auto& partitioner = *source.get_partitioner();
  for (const auto node : space.locally_relevant()) {
    const auto* const entries = space.get_constraints().get_constraint_entries(node);
    if (entries == nullptr) continue;
    for (const auto& [master, weight] : *entries)
      if (partitioner.in_local_range(master) || partitioner.is_ghost_entry(master)) {
        row_nodes.push_back(partitioner.global_to_local(master));
        row_weights.push_back(weight);
      }
    row_begins.push_back(row_nodes.size());
    hanging.push_back(node);
  }
}

template <int dim>
std::uint32_t MatrixFreeOperator<dim>::row_of(const dealii::types::global_dof_index node) const {
  return std::lower_bound(hanging.begin(), hanging.end(), node) - hanging.begin();
}

template <int dim>
typename MatrixFreeOperator<dim>::Batch& MatrixFreeOperator<dim>::batch_for(
  const typename WeightedForm<dim>::Samples& samples, std::vector<std::size_t>& open) {
  for (const std::size_t i : open)
    if (batches[i].basis == samples.basis && batches[i].diagonal == samples.diagonal)
      return batches[i];
  open.push_back(batches.size());
  batches.emplace_back();
  Batch& batch = batches.back();
  const std::size_t n = samples.depths.size();
  batch.basis = samples.basis;
  batch.diagonal = samples.diagonal;
  batch.diffusion.resize(n * (samples.diagonal ? dim : dim * (dim + 1) / 2));
  batch.drift.resize(samples.drift.empty() ? 0 : n * dim);
  batch.mass.resize(n);
  return batch;
}

template <int dim>
void MatrixFreeOperator<dim>::store(const typename WeightedForm<dim>::Samples& samples,
                                    const unsigned int lane, Batch& batch) {
  const std::size_t n = samples.depths.size();
  for (std::size_t q = 0; q < n; ++q) {
    const double weight = samples.weight(q), limited = samples.limited_weight(q);
    batch.mass[q][lane] = weight * samples.measure[q];
    for (int i = 0; i < dim; ++i) {
      batch.diffusion[i * n + q][lane] = limited * samples.diffusion[q][i][i];
      for (int j = 0; !batch.diagonal && j < i; ++j)
        batch.diffusion[(dim + i * (i - 1) / 2 + j) * n + q][lane] =
          limited * samples.diffusion[q][i][j];
      if (!samples.drift.empty()) batch.drift[i * n + q][lane] = weight * samples.drift[q][i];
    }
  }
}

template <int dim>
void MatrixFreeOperator<dim>::add_cell(const Cell& cell, WeightedForm<dim>& form,
                                       std::vector<std::size_t>& open) {
  const auto& samples = form.sample(cell);
  Batch& batch = batch_for(samples, open);
  store(samples, batch.cells.size(), batch);
  const unsigned int n = space.n_nodes_per_cell();
  const std::size_t begin = batch.nodes.size();
  batch.nodes.resize(begin + n);
  batch.factors.resize(begin + n);
  std::vector<dealii::types::global_dof_index> nodes(n);
  cell->get_dof_indices(nodes);
  const auto& constraints = space.get_constraints();
  const auto& partitioner = *source.get_partitioner();
  for (unsigned int i = 0; i < n; ++i) {
    const std::size_t place = begin + batch.basis->place(i);
    batch.nodes[place] = constraints.is_constrained(nodes[i])
                           ? n_local + row_of(nodes[i])
                           : partitioner.global_to_local(nodes[i]);
    batch.factors[place] = std::exp(0.5 * (space.potential(nodes[i]) - samples.reference));
  }
  batch.cells.push_back(cell);
  batch.references.push_back(samples.reference);
  if (batch.cells.size() == pack_size)
    open.erase(
      std::find(open.begin(), open.end(), static_cast<std::size_t>(&batch - batches.data())));
}

/// Values of u at the nodes of the cells: an owned or ghost entry of u^, or the sum that determines
/// a hanging node, times a factor.
template <int dim>
void MatrixFreeOperator<dim>::read(const Batch& batch) const {
  const unsigned int n = batch.basis->n_nodes();
  const double* const u = source.begin();
  for (std::size_t lane = 0; lane < pack_size; ++lane)
    for (unsigned int i = 0; i < n; ++i) {
      double value = 0;
      if (lane < batch.cells.size()) {
        const std::uint32_t node = batch.nodes[lane * n + i];
        if (node < n_local)
          value = u[node];
        else
          for (std::uint32_t k = row_begins[node - n_local]; k < row_begins[node - n_local + 1];
               ++k)
            value += row_weights[k] * u[row_nodes[k]];
        value *= batch.factors[lane * n + i];
      }
      nodal[i][lane] = value;
    }
}

/// The transpose of read().
template <int dim>
void MatrixFreeOperator<dim>::write(const Batch& batch) const {
  const unsigned int n = batch.basis->n_nodes();
  double* const result = target.begin();
  for (std::size_t lane = 0; lane < batch.cells.size(); ++lane)
    for (unsigned int i = 0; i < n; ++i) {
      const std::uint32_t node = batch.nodes[lane * n + i];
      const double value = nodal[i][lane] * batch.factors[lane * n + i];
      if (node < n_local)
        result[node] += value;
      else
        for (std::uint32_t k = row_begins[node - n_local]; k < row_begins[node - n_local + 1]; ++k)
          result[row_nodes[k]] += row_weights[k] * value;
    }
}

template <int dim>
void MatrixFreeOperator<dim>::start() const {
  source.update_ghost_values();
  target = 0;
}

template <int dim>
void MatrixFreeOperator<dim>::finish(const bool identity_where_cut_off) const {
  source.zero_out_ghost_values();
  target.compress(dealii::VectorOperation::add);
  if (identity_where_cut_off)
    for (const unsigned int position : cut_off)
      target.local_element(position) += source.local_element(position);
}

/// The cells of a batch in target = (A^ + shift M^) source.
template <int dim>
void MatrixFreeOperator<dim>::apply_to_batch(const Batch& batch, const Equation equation,
                                             const double shift) const {
  const std::size_t n = batch.basis->n_points();
  const bool drifts = batch.drift.size() > 0;
  const bool drift_takes_values = drifts && equation == Equation::forward;
  const bool drift_makes_values = drifts && equation == Equation::backward;
  nodal.reserve(batch.basis->n_nodes());
  values.reserve(n);
  gradients.reserve(dim * n);
  read(batch);
  batch.basis->evaluate(nodal.data(), drift_takes_values || shift != 0 ? values.data() : nullptr,
                        gradients.data());
  if (shift != 0) {
    masses.reserve(n);
    multiply_mass(n, shift, batch.mass.data(), values.data(), masses.data());
  }
  if (drift_makes_values)
    multiply_drift(dim, n, batch.drift.data(), gradients.data(), values.data());
  multiply_tensor(dim, batch.diagonal, n, batch.diffusion.data(), gradients.data());
  if (drift_takes_values) add_drift(dim, n, batch.drift.data(), values.data(), gradients.data());
  const Pack* made = drift_makes_values ? values.data() : nullptr;
  if (shift != 0) {
    if (drift_makes_values) add_values(n, values.data(), masses.data());
    made = masses.data();
  }
  batch.basis->integrate(made, gradients.data(), nodal.data());
  write(batch);
}

/// target = (A^ + shift M^) source.
template <int dim>
void MatrixFreeOperator<dim>::apply(const Equation equation, const double shift) const {
  start();
  for (const Batch& batch : batches)
    apply_to_batch(batch, equation, shift);
  finish(true);
}

template <int dim>
void MatrixFreeOperator<dim>::apply_stiffness(const Vector& u, Vector& result,
                                              const Equation equation) const {
  const std::size_t n = source.locally_owned_size();
  std::copy_n(LocalValues(u).data(), n, source.begin());
  apply(equation, 0);
  std::copy_n(target.begin(), n, LocalEntries(result).data());
}

template <int dim>
void MatrixFreeOperator<dim>::apply_mass(const Vector& u, Vector& result) const {
  const std::size_t n_owned = source.locally_owned_size();
  std::copy_n(LocalValues(u).data(), n_owned, source.begin());
  start();
  for (const Batch& batch : batches) {
    const std::size_t n = batch.basis->n_points();
    nodal.reserve(batch.basis->n_nodes());
    values.reserve(n);
    read(batch);
    batch.basis->evaluate(nodal.data(), values.data(), nullptr);
    multiply_values(n, batch.mass.data(), values.data());
    batch.basis->integrate(values.data(), nullptr, nodal.data());
    write(batch);
  }
  finish(false);
  std::copy_n(target.begin(), n_owned, LocalEntries(result).data());
}

template <int dim>
void MatrixFreeOperator<dim>::apply_to_free(const FreeNodes<dim>& free, const double shift,
                                            const double* x, const double* scale, double* y,
                                            const Equation equation) const {
  const auto& positions = free.get_positions();
  std::fill_n(source.begin(), source.locally_owned_size(), 0.);
  for (std::size_t i = 0; i < positions.size(); ++i)
    source.local_element(positions[i]) = scale[i] * x[i];
  apply(equation, shift);
  for (std::size_t i = 0; i < positions.size(); ++i)
    y[i] = scale[i] * target.local_element(positions[i]);
}

/// Adds the diagonal entries of the cells of a batch to target.
template <int dim>
void MatrixFreeOperator<dim>::add_diagonal_of_cells(const Batch& batch, const double shift) const {
  const std::size_t n = batch.basis->n_points();
  const unsigned int n_nodes = batch.basis->n_nodes();
  constexpr int value = TensorProduct<dim>::value;
  nodal.reserve(n_nodes);
  std::fill_n(nodal.data(), n_nodes, Pack{});
  int component = 0;
  for (; component < dim; ++component)
    batch.basis->add_diagonal(batch.diffusion.data() + component * n, component, component,
                              nodal.data());
  for (int i = 0; !batch.diagonal && i < dim; ++i)
    for (int j = 0; j < i; ++j, ++component)
      for (int twice = 0; twice < 2; ++twice)
        batch.basis->add_diagonal(batch.diffusion.data() + component * n, i, j, nodal.data());
  for (int i = 0; batch.drift.size() > 0 && i < dim; ++i)
    batch.basis->add_diagonal(batch.drift.data() + i * n, i, value, nodal.data());
  if (shift != 0) {
    masses.reserve(n);
    for (std::size_t q = 0; q < n; ++q)
      masses[q] = shift * batch.mass[q];
    batch.basis->add_diagonal(masses.data(), value, value, nodal.data());
  }
  for (std::size_t lane = 0; lane < batch.cells.size(); ++lane)
    for (unsigned int i = 0; i < n_nodes; ++i) {
      const std::uint32_t node = batch.nodes[lane * n_nodes + i];
      const double factor = batch.factors[lane * n_nodes + i];
      const double entry = nodal[i][lane] * factor * factor;
      if (node < n_local)
        target.begin()[node] += entry;
      else
        for (std::uint32_t k = row_begins[node - n_local]; k < row_begins[node - n_local + 1]; ++k)
          target.begin()[row_nodes[k]] += row_weights[k] * row_weights[k] * entry;
    }
}

template <int dim>
void MatrixFreeOperator<dim>::get_diagonal(const double shift, Vector& result) const {
  target = 0;
  for (const Batch& batch : batches)
    add_diagonal_of_cells(batch, shift);
  target.compress(dealii::VectorOperation::add);
  for (const unsigned int position : cut_off)
    target.local_element(position) += 1;
  std::copy_n(target.begin(), source.locally_owned_size(), LocalEntries(result).data());
}

template class MatrixFreeOperator<1>;
template class MatrixFreeOperator<2>;
template class MatrixFreeOperator<3>;

} // namespace fokker_planck
