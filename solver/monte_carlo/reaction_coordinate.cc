#include "solver/monte_carlo/reaction_coordinate.h"

#include "problems/geometry/lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double cost_of_diameter = 0.5; // in units of the noise

template <int dim>
constexpr int n_cells = dim == 1   ? 4096
                        : dim == 2 ? 256
                                   : 48; // per direction

template <int dim>
using Index = std::array<int, dim>;

template <int dim>
Index<dim> unpack(int node) {
  Index<dim> index;
  for (int i = 0; i < dim; ++i) {
    index[i] = node % (n_cells<dim> + 1);
    node /= n_cells<dim> + 1;
  }
  return index;
}

/// The node at an offset, or -1 beyond the lattice.
template <int dim>
int neighbour(const Index<dim>& index, const Index<dim>& offset) {
  int node = 0;
  for (int i = dim - 1; i >= 0; --i) {
    const int k = index[i] + offset[i];
    if (k < 0 || k > n_cells<dim>) return -1;
    node = node * (n_cells<dim> + 1) + k;
  }
  return node;
}

/// Offsets of at most so many nodes per direction, those without common divisor only.
template <int dim>
std::vector<Index<dim>> offsets_within(const int most) {
  std::vector<Index<dim>> offsets;
  const int width = 2 * most + 1, n = static_cast<int>(std::pow(width, dim) + 0.5);
  for (int k = 0; k < n; ++k) {
    Index<dim> offset;
    int rest = k, divisor = 0;
    for (int i = 0; i < dim; ++i) {
      offset[i] = rest % width - most;
      rest /= width;
      divisor = std::gcd(divisor, offset[i]);
    }
    if (divisor == 1) offsets.push_back(offset);
  }
  return offsets;
}

template <int dim>
class ActionLattice {
public:
  explicit ActionLattice(const Problem<dim>& problem);
  std::vector<double> least_actions();

private:
  struct Node {
    bool is_inside = false, is_exit = false, is_finite = false;
    SymmetricTensor<2, dim> metric; ///< D^-1
    Tensor<1, dim> force;           ///< D^-1 B
    double speed = 0;               ///< |B|
  };
  void evaluate();
  void set(Node& node, const Tensor<1, dim>& drift, SymmetricTensor<2, dim> tensor) const;
  void find_exits();
  void spread(std::vector<double>& actions) const;
  double cost(int from, int to) const;
  double cost_at(const Node& node, const Tensor<1, dim>& step) const;
  void extrapolate(std::vector<double>& actions) const;

  const Problem<dim>& problem;
  const std::vector<Point<dim>> points;
  std::vector<Node> nodes;
};

template <int dim>
ActionLattice<dim>::ActionLattice(const Problem<dim>& problem_)
  : problem(problem_), points(covering_lattice(problem.domain, n_cells<dim>)),
    nodes(points.size()) {
  evaluate();
  find_exits();
}

/// Sets what the models say at the nodes inside; it need not be finite everywhere.
template <int dim>
void ActionLattice<dim>::evaluate() {
  std::vector<std::size_t> inside;
  std::vector<Point<dim>> places;
  Lanes<dim> x, drift;
  for (std::size_t k = 0; k < points.size(); ++k) {
    nodes[k].is_inside = problem.domain.contains(points[k]);
    if (!nodes[k].is_inside) continue;
    inside.push_back(k);
    places.push_back(points[k]);
    for (int i = 0; i < dim; ++i)
      x[i].push_back(points[k][i]);
  }
  for (int i = 0; i < dim; ++i)
    drift[i].resize(inside.size());
  Coefficients<dim>(problem).drifts(x, inside.size(), drift);
  std::vector<SymmetricTensor<2, dim>> tensors;
  problem.diffusion->tensors(places, tensors);
  for (std::size_t l = 0; l < inside.size(); ++l) {
    Tensor<1, dim> b;
    for (int i = 0; i < dim; ++i)
      b[i] = drift[i][l];
    if (problem.domain.is_radial() && places[l][0] > 0)
      b[0] += (problem.domain.dimension() - 1) * tensors[l][0][0] / places[l][0];
    set(nodes[inside[l]], b, tensors[l]);
  }
}

template <int dim>
void ActionLattice<dim>::set(Node& node, const Tensor<1, dim>& drift,
                             SymmetricTensor<2, dim> tensor) const {
  const double noise = trace(tensor);
  node.is_finite = std::isfinite(drift.norm()) && std::isfinite(tensor.norm()) && noise > 0;
  if (!node.is_finite) return;
  for (int i = 0; i < dim; ++i) // where there is no noise the cost is only very large
    tensor[i][i] += 1e-9 * noise;
  node.metric = invert(tensor);
  node.force = node.metric * drift;
  node.speed = std::sqrt(std::max(0., drift * node.force));
}

/// Nodes on absorbing sides, where a box has some; of another shape those just outside of them, and
/// those at the end of the lattice.
template <int dim>
void ActionLattice<dim>::find_exits() {
  const Domain<dim>& domain = problem.domain;
  const auto around = offsets_within<dim>(1);
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const auto index = unpack<dim>(static_cast<int>(k));
    if (domain.is_box()) {
      nodes[k].is_exit = !domain.contacts(points[k], domain.absorbing_sides()).empty();
      continue;
    }
    const bool is_border = std::any_of(around.begin(), around.end(), [&](const auto& offset) {
      const int next = neighbour<dim>(index, offset);
      return nodes[k].is_inside ? next < 0 : next >= 0 && nodes[next].is_inside;
    });
    if (!is_border) continue;
    const auto wall = domain.shape->project(points[k]);
    nodes[k].is_exit = domain.absorbs(wall.side) &&
                       wall.position.distance(points[k]) <= 2 * domain.diameter() / n_cells<dim>;
  }
}

template <int dim>
double ActionLattice<dim>::cost_at(const Node& node, const Tensor<1, dim>& step) const {
  const double length = std::sqrt(step * (node.metric * step));
  return std::max(0., 0.5 * (node.speed * length - node.force * step));
}

template <int dim>
double ActionLattice<dim>::cost(const int from, const int to) const {
  const Tensor<1, dim> step = points[to] - points[from];
  const auto is_usable = [&](const Node& node) { return node.is_inside && node.is_finite; };
  const bool first = is_usable(nodes[from]), second = is_usable(nodes[to]);
  if (!first && !second) return infinity;
  const double sum =
    (first ? cost_at(nodes[from], step) : 0.) + (second ? cost_at(nodes[to], step) : 0.);
  return sum / (first + second) + cost_of_diameter * step.norm() / problem.domain.diameter();
}

template <int dim>
std::vector<double> ActionLattice<dim>::least_actions() {
  std::vector<double> actions(nodes.size(), infinity);
  for (std::size_t k = 0; k < nodes.size(); ++k)
    if (nodes[k].is_exit) actions[k] = 0;
  spread(actions);
  extrapolate(actions);
  return actions;
}

/// Dijkstra's algorithm, against the direction of motion.
template <int dim>
void ActionLattice<dim>::spread(std::vector<double>& actions) const {
  const auto offsets = offsets_within<dim>(dim == 1 ? 1 : dim == 2 ? 3 : 2);
  using Entry = std::pair<double, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  for (std::size_t k = 0; k < nodes.size(); ++k)
    if (actions[k] == 0) queue.push({ 0., static_cast<int>(k) });
  while (!queue.empty()) {
    const auto [action, node] = queue.top();
    queue.pop();
    if (action > actions[node]) continue;
    const auto index = unpack<dim>(node);
    for (const auto& offset : offsets) {
      const int next = neighbour<dim>(index, offset);
      if (next < 0 || !nodes[next].is_inside) continue;
      const double through = action + cost(next, node);
      if (through < actions[next]) {
        actions[next] = through;
        queue.push({ through, next });
      }
    }
  }
}

/// Where nothing is known (outside of a shape) the mean of the neighbours; far away the largest
/// value of all.
template <int dim>
void ActionLattice<dim>::extrapolate(std::vector<double>& actions) const {
  const auto around = offsets_within<dim>(1);
  for (int sweep = 0; sweep < 2; ++sweep) {
    const auto known = actions;
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      if (std::isfinite(known[k])) continue;
      double sum = 0;
      int n = 0;
      for (const auto& offset : around) {
        const int next = neighbour<dim>(unpack<dim>(static_cast<int>(k)), offset);
        if (next < 0 || !std::isfinite(known[next])) continue;
        sum += known[next];
        ++n;
      }
      if (n > 0) actions[k] = sum / n;
    }
  }
  double largest = -1;
  for (const double action : actions)
    if (std::isfinite(action)) largest = std::max(largest, action);
  if (largest > 0)
    std::replace_if(
      actions.begin(), actions.end(), [](const double a) { return !std::isfinite(a); }, largest);
}

} // namespace

template <int dim>
ReactionCoordinate<dim>::ReactionCoordinate(const Problem<dim>& problem, const Point<dim>& start)
  : lower(problem.domain.lower), actions(ActionLattice<dim>(problem).least_actions()) {
  for (int i = 0; i < dim; ++i)
    inverse_spacing[i] = n_cells<dim> / problem.domain.length(i);
  action_at_start = action(&start[0]);
  if (!std::isfinite(action_at_start)) action_at_start = infinity;
}

/// Multilinear interpolation.
template <int dim>
double ReactionCoordinate<dim>::action(const double* const position) const {
  std::size_t corner = 0, stride[dim];
  double fraction[dim];
  for (int i = 0; i < dim; ++i) {
    stride[i] = i == 0 ? 1 : stride[i - 1] * (n_cells<dim> + 1);
    const double t = std::min(std::max((position[i] - lower[i]) * inverse_spacing[i], 0.),
                              n_cells<dim> * (1 - 1e-15));
    const auto cell = static_cast<std::size_t>(t);
    fraction[i] = t - static_cast<double>(cell);
    corner += cell * stride[i];
  }
  double line[1 << (dim - 1)];
  for (int k = 0; k < 1 << (dim - 1); ++k) {
    std::size_t node = corner;
    for (int i = 1; i < dim; ++i)
      if (k >> (i - 1) & 1) node += stride[i];
    line[k] = actions[node] + fraction[0] * (actions[node + 1] - actions[node]);
  }
  for (int i = 1; i < dim; ++i)
    for (int k = 0; k < 1 << (dim - 1 - i); ++k)
      line[k] = line[2 * k] + fraction[i] * (line[2 * k + 1] - line[2 * k]);
  return line[0];
}

template <int dim>
void ReactionCoordinate<dim>::values(const Lanes<dim>& x, const std::size_t n,
                                     double* const result) const {
  for (std::size_t l = 0; l < n; ++l) {
    double position[dim];
    for (int i = 0; i < dim; ++i)
      position[i] = x[i][l];
    result[l] = action_at_start - action(position);
  }
}

template <int dim>
double ReactionCoordinate<dim>::value(const Point<dim>& point) const {
  return action_at_start - action(&point[0]);
}

template class ReactionCoordinate<1>;
template class ReactionCoordinate<2>;
template class ReactionCoordinate<3>;

} // namespace fokker_planck
