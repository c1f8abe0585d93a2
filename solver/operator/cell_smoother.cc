#include "solver/operator/cell_smoother.h"

#include "problems/base/input_error.h"
#include "problems/base/pack.h"

#include <deal.II/base/mpi.h>

#include <petscsys.h>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace fokker_planck {

namespace {

/// Rows of a packed triangle come in groups of pack_size, and all rows of a group have the length
/// of the longest, in packs: row r of group g is at tile(g) + (p pack_size + r) pack_size for the
/// packs p = 0 ... g.
constexpr std::size_t tile_size = pack_size * pack_size;

constexpr std::size_t n_groups(const std::size_t n) {
  return (n + pack_size - 1) / pack_size;
}

constexpr std::size_t tile_begin(const std::size_t group) {
  return group * (group + 1) / 2 * tile_size;
}

/// y += R^T L x, where L and R are packed triangles; x and y whole packs.
FOKKER_PLANCK_CLONES
void add_product(const float* left, const float* right, const std::size_t n, const double* const x,
                 double* const y) {
  for (std::size_t group = 0; group < n_groups(n); ++group) {
    Pack sums[pack_size] = {};
    for (std::size_t p = 0; p <= group; ++p) {
      const Pack in = load(x + p * pack_size);
      for (int r = 0; r < pack_size; ++r)
        sums[r] += load(left + p * tile_size + r * pack_size) * in;
    }
    double factors[pack_size];
    for (int r = 0; r < pack_size; ++r)
      factors[r] = sum(sums[r]);
    for (std::size_t p = 0; p <= group; ++p) {
      Pack out = load(y + p * pack_size);
      for (int r = 0; r < pack_size; ++r)
        out += load(right + p * tile_size + r * pack_size) * factors[r];
      store(out, y + p * pack_size);
    }
    left += (group + 1) * tile_size;
    right += (group + 1) * tile_size;
  }
}

} // namespace

template <int dim>
CellSmoother<dim>::CellSmoother(const ScaledSpace<dim>& space_, const FreeNodes<dim>& free_,
                                const MatrixFreeOperator<dim>& op, const double shift,
                                const double* const scale_of_free, const Symmetry symmetry)
  : space(space_), free(free_), symmetric(symmetry == Symmetry::symmetric),
    source(op.make_local_vector()), target(op.make_local_vector()) {
  auto scale = op.make_local_vector();
  const auto& positions = free.get_positions();
  for (std::size_t i = 0; i < positions.size(); ++i)
    scale.local_element(positions[i]) = scale_of_free[i];
  scale.update_ghost_values();
  // Matrices of cells are made twice: keeping them would take more memory than all else.
  op.for_each_cell_matrix(
    space.degree(), shift,
    [&](const Cell& cell, const double reference, const dealii::FullMatrix<double>& local) {
      const CellBlock block = block_of(cell, reference, local, scale);
      add_shared_entries(block);
      for (std::size_t i = 0; i < block.nodes.size(); ++i)
        target.local_element(block.nodes[i]) += block.matrix(i, i);
    });
  sum_shared_entries();
  exchange_shared_entries();
  target.compress(dealii::VectorOperation::add);
  for (std::size_t i = 0; i < positions.size(); ++i)
    if (target.local_element(positions[i]) == 0) without_cells.push_back(i);
  target.update_ghost_values(); // the diagonal
  std::map<dealii::CellId, std::vector<CellBlock>> families;
  op.for_each_cell_matrix(
    space.degree(), shift,
    [&](const Cell& cell, const double reference, const dealii::FullMatrix<double>& local) {
      CellBlock block = block_of(cell, reference, local, scale);
      if (has_hanging_nodes(cell)) {
        const auto family = families.try_emplace(cell->parent()->id()).first;
        family->second.push_back(std::move(block));
        if (family->second.size() == n_hanging_siblings(cell)) {
          add_block(merge(family->second));
          families.erase(family);
        }
      } else
        add_block(std::move(block));
    });
  for (const auto& family : families) // of which cells are cut off
    add_block(merge(family.second));
  shared = {};
  target.zero_out_ghost_values();
}

template <int dim>
bool CellSmoother<dim>::has_hanging_nodes(const Cell& cell) const {
  std::vector<dealii::types::global_dof_index> cell_nodes(space.n_nodes_per_cell());
  cell->get_dof_indices(cell_nodes);
  return std::any_of(cell_nodes.begin(), cell_nodes.end(),
                     [&](const auto node) { return space.get_constraints().is_constrained(node); });
}

/// Number of the active children of the parent of a cell, itself among them, that have hanging
/// nodes; they belong to the same rank.
template <int dim>
unsigned int CellSmoother<dim>::n_hanging_siblings(const Cell& cell) const {
  if (cell->level() == 0) return 0;
  const auto parent = cell->parent();
  unsigned int n = 0;
  for (unsigned int child = 0; child < parent->n_children(); ++child) {
    const Cell sibling = parent->child(child);
    if (sibling->is_active() && sibling->is_locally_owned() && has_hanging_nodes(sibling)) ++n;
  }
  return n;
}

/// The block of the union of cells.
template <int dim>
typename CellSmoother<dim>::CellBlock CellSmoother<dim>::merge(
  const std::vector<CellBlock>& blocks) {
  CellBlock merged;
  std::map<std::uint32_t, std::size_t> positions;
  for (const CellBlock& block : blocks)
    for (std::size_t i = 0; i < block.nodes.size(); ++i)
      if (positions.try_emplace(block.nodes[i], merged.nodes.size()).second) {
        merged.nodes.push_back(block.nodes[i]);
        merged.faces.push_back(block.faces[i]);
      }
  merged.matrix.reinit(merged.nodes.size(), merged.nodes.size());
  for (const CellBlock& block : blocks)
    for (std::size_t i = 0; i < block.nodes.size(); ++i)
      for (std::size_t j = 0; j < block.nodes.size(); ++j)
        merged.matrix(positions[block.nodes[i]], positions[block.nodes[j]]) += block.matrix(i, j);
  return merged;
}

/// Replaces hanging nodes by those that determine them, and leaves out fixed ones.
template <int dim>
typename CellSmoother<dim>::CellBlock CellSmoother<dim>::block_of(
  const Cell& cell, const double reference, const dealii::FullMatrix<double>& local,
  const LocalVector& scale) const {
  const auto& element = space.get_dof_handler().get_fe();
  const auto& partitioner = *scale.get_partitioner();
  const unsigned int n = space.n_nodes_per_cell();
  std::vector<dealii::types::global_dof_index> cell_nodes(n);
  cell->get_dof_indices(cell_nodes);
  CellBlock block;
  std::vector<std::vector<std::pair<std::size_t, double>>> terms(n); ///< of the nodes of the cell
  const auto add_term = [&](const unsigned int i, const dealii::types::global_dof_index node,
                            const double weight) {
    if (!space.locally_relevant().is_element(node) || free.number(node) < 0) return;
    const std::uint32_t known = partitioner.global_to_local(node);
    std::size_t position =
      std::find(block.nodes.begin(), block.nodes.end(), known) - block.nodes.begin();
    if (position == block.nodes.size()) {
      block.nodes.push_back(known);
      block.faces.push_back(0);
    }
    for (const unsigned int face : cell->face_indices())
      if (element.has_support_on_face(i, face)) block.faces[position] |= 1U << face;
    terms[i].emplace_back(position, weight * scale.local_element(known));
  };
  for (unsigned int i = 0; i < n; ++i) {
    const double factor = std::exp(0.5 * (space.potential(cell_nodes[i]) - reference));
    if (const auto* masters = space.get_constraints().get_constraint_entries(cell_nodes[i]))
      for (const auto& [master, weight] : *masters)
        add_term(i, master, weight * factor);
    else
      add_term(i, cell_nodes[i], factor);
  }
  // Neighbours across a corner of the family may couple what lies on different faces of the cell.
  if (n_hanging_siblings(cell) > 0)
    for (unsigned int& faces : block.faces)
      if (faces != 0) faces = ~0U;
  block.matrix.reinit(block.nodes.size(), block.nodes.size());
  for (unsigned int i = 0; i < n; ++i)
    for (const auto& [row, row_weight] : terms[i])
      for (unsigned int j = 0; j < n; ++j)
        for (const auto& [column, weight] : terms[j])
          block.matrix(row, column) += row_weight * weight * local(i, j);
  return block;
}

template <int dim>
void CellSmoother<dim>::add_shared_entries(const CellBlock& block) {
  for (std::size_t i = 0; i < block.nodes.size(); ++i)
    for (std::size_t j = 0; j < block.nodes.size(); ++j)
      if (i != j && (block.faces[i] & block.faces[j]) != 0 &&
          (!symmetric || block.nodes[i] < block.nodes[j]))
        shared.push_back({ block.nodes[i], block.nodes[j], block.matrix(i, j) });
}

template <int dim>
void CellSmoother<dim>::sum_shared_entries() {
  std::sort(shared.begin(), shared.end());
  std::size_t n = 0;
  for (const Entry& entry : shared)
    if (n > 0 && !(shared[n - 1] < entry))
      shared[n - 1].value += entry.value;
    else
      shared[n++] = entry;
  shared.resize(n);
  shared.shrink_to_fit();
}

/// Adds what the cells of other ranks add.
template <int dim>
void CellSmoother<dim>::exchange_shared_entries() {
  using Node = dealii::types::global_dof_index;
  const auto& partitioner = *source.get_partitioner();
  std::map<unsigned int, std::vector<bool>> nodes_of; ///< those of the cells of other ranks
  std::vector<Node> cell_nodes(space.n_nodes_per_cell());
  for (const auto& cell : space.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_ghost()) continue;
    auto& known = nodes_of[cell->subdomain_id()];
    known.resize(partitioner.locally_owned_size() + partitioner.n_ghost_indices());
    const auto add = [&](const Node node) {
      if (partitioner.in_local_range(node) || partitioner.is_ghost_entry(node))
        known[partitioner.global_to_local(node)] = true;
    };
    cell->get_dof_indices(cell_nodes);
    for (const Node node : cell_nodes)
      if (const auto* masters = space.get_constraints().get_constraint_entries(node))
        for (const auto& master : *masters)
          add(master.first);
      else
        add(node);
  }
  using Message = std::vector<std::tuple<Node, Node, double>>;
  std::map<unsigned int, Message> messages;
  for (const auto& [rank, known] : nodes_of) {
    Message& message = messages[rank];
    for (const Entry& entry : shared)
      if (known[entry.row] && known[entry.column])
        message.emplace_back(partitioner.local_to_global(entry.row),
                             partitioner.local_to_global(entry.column), entry.value);
  }
  const auto received = dealii::Utilities::MPI::some_to_some(space.get_communicator(), messages);
  for (const auto& [rank, message] : received)
    for (const auto& [row, column, value] : message) {
      bool is_known = true;
      for (const Node node : { row, column })
        is_known =
          is_known && (partitioner.in_local_range(node) || partitioner.is_ghost_entry(node));
      if (!is_known) continue;
      Entry entry{ partitioner.global_to_local(row), partitioner.global_to_local(column), value };
      if (symmetric && entry.column < entry.row) std::swap(entry.row, entry.column);
      shared.push_back(entry);
    }
  sum_shared_entries();
}

/// Adds what other cells add to K.
template <int dim>
void CellSmoother<dim>::complete(CellBlock& block) const {
  for (std::size_t i = 0; i < block.nodes.size(); ++i)
    for (std::size_t j = 0; j < block.nodes.size(); ++j) {
      double& entry = block.matrix(i, j);
      if (i == j)
        entry = target.local_element(block.nodes[i]);
      else if ((block.faces[i] & block.faces[j]) != 0) {
        Entry wanted{ block.nodes[i], block.nodes[j], 0 };
        if (symmetric && wanted.column < wanted.row) std::swap(wanted.row, wanted.column);
        const auto known = std::lower_bound(shared.begin(), shared.end(), wanted);
        if (known != shared.end() && !(wanted < *known)) entry = known->value;
      }
    }
}

template <int dim>
void CellSmoother<dim>::add_block(CellBlock block) {
  complete(block);
  nodes.insert(nodes.end(), block.nodes.begin(), block.nodes.end());
  node_begins.push_back(nodes.size());
  add_factors(block);
}

/// Stores the factors of the inverse; what is added to the diagonal grows until there are some. Its
/// entries are one, so that there are some in the end unless entries are not numbers.
template <int dim>
void CellSmoother<dim>::add_factors(const CellBlock& block) {
  const std::size_t size = block.nodes.size();
  std::vector<double> matrix(size * size);
  std::vector<PetscBLASInt> pivots(size);
  const auto n = static_cast<PetscBLASInt>(size);
  PetscBLASInt failed = size > 0 ? 1 : 0;
  for (double added = 1e-15 * n; failed != 0; added *= 100) {
    if (added > 1e4 * n)
      throw MeshTooCoarse(
        "the matrix of a cell cannot be inverted; the mesh is too coarse: increase "
        "Discretization/Cells or Degree");
    for (std::size_t j = 0; j < size; ++j)
      for (std::size_t i = 0; i < size; ++i)
        matrix[j * size + i] = block.matrix(i, j) + (i == j ? added : 0.);
    if (symmetric)
      LAPACKpotrf_("L", &n, matrix.data(), &n, &failed);
    else
      LAPACKgetrf_(&n, &n, matrix.data(), &n, pivots.data(), &failed);
  }
  const auto invert = [&](const char* const triangle, const char* const diagonal) {
    std::vector<double> inverse(size * size);
    for (std::size_t i = 0; i < size; ++i)
      inverse[i * size + i] = 1;
    const double one = 1;
    if (size > 0)
      BLAStrsm_("L", triangle, "N", diagonal, &n, &n, &one, matrix.data(), &n, inverse.data(), &n);
    return inverse;
  };
  add_packed(invert("L", symmetric ? "N" : "U"), size, Triangle::rows_of_lower);
  if (!symmetric) {
    add_packed(invert("U", "N"), size, Triangle::columns_of_upper);
    const std::size_t begin = row_nodes.size();
    row_nodes.insert(row_nodes.end(), block.nodes.begin(), block.nodes.end());
    for (std::size_t i = 0; i < size; ++i)
      std::swap(row_nodes[begin + i], row_nodes[begin + pivots[i] - 1]);
  }
  factor_begins.push_back(factors.size());
}

/// Stores the rows of a lower triangle, or the columns of an upper one; entries come column after
/// column.
template <int dim>
void CellSmoother<dim>::add_packed(const std::vector<double>& triangle, const std::size_t n,
                                   const Triangle kind) {
  const std::size_t begin = factors.size();
  factors.resize(begin + tile_begin(n_groups(n)));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      factors[begin + tile_begin(i / pack_size) + j / pack_size * tile_size +
              i % pack_size * pack_size + j % pack_size] =
        static_cast<float>(kind == Triangle::columns_of_upper ? triangle[i * n + j]
                                                              : triangle[j * n + i]);
}

template <int dim>
void CellSmoother<dim>::apply(const double* const x, double* const y,
                              const Equation equation) const {
  const bool transposed = equation == Equation::backward;
  const auto& positions = free.get_positions();
  for (std::size_t i = 0; i < positions.size(); ++i)
    source.local_element(positions[i]) = x[i];
  source.update_ghost_values();
  target = 0;
  std::vector<double> in, out;
  const auto& rows = symmetric ? nodes : row_nodes;
  for (std::size_t cell = 0; cell + 1 < node_begins.size(); ++cell) {
    const std::size_t begin = node_begins[cell], n = node_begins[cell + 1] - begin;
    const std::uint32_t* const from = (transposed ? nodes : rows).data() + begin;
    const std::uint32_t* const to = (transposed ? rows : nodes).data() + begin;
    in.assign(n_groups(n) * pack_size, 0.);
    out.assign(n_groups(n) * pack_size, 0.);
    for (std::size_t i = 0; i < n; ++i)
      in[i] = source.begin()[from[i]];
    const float* const lower = factors.data() + factor_begins[cell];
    const float* const upper = symmetric ? lower : lower + tile_begin(n_groups(n));
    add_product(transposed ? upper : lower, transposed ? lower : upper, n, in.data(), out.data());
    for (std::size_t i = 0; i < n; ++i)
      target.begin()[to[i]] += out[i];
  }
  source.zero_out_ghost_values();
  target.compress(dealii::VectorOperation::add);
  for (std::size_t i = 0; i < positions.size(); ++i)
    y[i] = target.local_element(positions[i]);
  for (const unsigned int i : without_cells)
    y[i] = x[i];
}

template class CellSmoother<1>;
template class CellSmoother<2>;
template class CellSmoother<3>;

} // namespace fokker_planck
