#include "problems/landscape/critical_points.h"

#include "problems/base/eigenvalues.h"
#include "problems/geometry/lattice.h"
#include "problems/landscape/boundary_search.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

/// In a box the graph adds the saddles it resolves, in another shape it does not.
template <int dim>
unsigned int starts_per_direction(const bool graph_resolves_saddles) {
  return dim == 1 ? 400 : dim == 2 ? (graph_resolves_saddles ? 24 : 48) : 14;
}

/// The Newton step -H^-1 g in the free directions; false where H is singular or not finite.
template <int dim>
bool newton_step(const std::array<int, dim>& fixed, const Tensor<1, dim>& gradient,
                 const SymmetricTensor<2, dim>& hessian, Tensor<1, dim>& step) {
  const double scale = hessian.norm();
  if (!std::isfinite(scale) || !std::isfinite(gradient.norm()) || !(scale > 0)) return false;
  Tensor<2, dim> matrix(hessian / scale);
  Tensor<1, dim> right = -gradient / scale;
  for (int i = 0; i < dim; ++i)
    if (fixed[i] != 0) {
      for (int j = 0; j < dim; ++j)
        matrix[i][j] = matrix[j][i] = 0;
      matrix[i][i] = 1;
      right[i] = 0;
    }
  if (std::fabs(determinant(matrix)) < 1e-14) return false;
  step = invert(matrix) * right;
  return true;
}

/// Eigenvalues, ascending, of the block of a Hessian in the free directions.
template <int dim>
std::vector<double> free_eigenvalues(const SymmetricTensor<2, dim>& hessian,
                                     const std::array<int, dim>& fixed) {
  std::vector<int> free;
  for (int i = 0; i < dim; ++i)
    if (fixed[i] == 0) free.push_back(i);
  std::vector<double> values;
  if (free.size() == dim) {
    values = ascending_eigenvalues(hessian);
  } else if (free.size() == 2) {
    SymmetricTensor<2, 2> block;
    for (int i = 0; i < 2; ++i)
      for (int j = i; j < 2; ++j)
        block[i][j] = hessian[free[i]][free[j]];
    values = ascending_eigenvalues(block);
  } else if (free.size() == 1)
    values.push_back(hessian[free[0]][free[0]]);
  return values;
}

/// A Hessian with an eigenvalue this much smaller than the largest decides nothing.
bool is_degenerate(const std::vector<double>& eigenvalues) {
  double smallest = std::fabs(eigenvalues[0]), largest = 0;
  for (const double value : eigenvalues) {
    smallest = std::min(smallest, std::fabs(value));
    largest = std::max(largest, std::fabs(value));
  }
  return !(smallest > 1e-9 * largest);
}

} // namespace

template <int dim>
std::string to_string(const typename CriticalPoint<dim>::Kind kind) {
  using Kind = typename CriticalPoint<dim>::Kind;
  return kind == Kind::minimum ? "minimum" : kind == Kind::saddle ? "saddle" : "exit";
}

template <int dim>
CriticalPointSearch<dim>::CriticalPointSearch(const Domain<dim>& domain_,
                                              const ScalarField<dim>& psi_,
                                              const ScalarField<dim>& loss_)
  : domain(domain_), psi(psi_), loss(loss_), has_faces(domain.is_box()) {}

template <int dim>
std::vector<CriticalPoint<dim>> CriticalPointSearch<dim>::find(const Watershed<dim>& watershed) {
  std::vector<CriticalPoint<dim>> found;
  std::vector<Point<dim>> starts = lattice(domain, starts_per_direction<dim>(has_faces));
  for (const auto& points : { watershed.local_minima(), watershed.local_saddles() })
    starts.insert(starts.end(), points.begin(), points.end());
  if (has_faces)
    search_faces(starts, found);
  else {
    search_face({}, starts, found);
    const auto on_boundary = BoundarySearch<dim>(domain, psi, loss).find(watershed);
    found.insert(found.end(), on_boundary.exits.begin(), on_boundary.exits.end());
    bottoms_on_faces = on_boundary.reflecting_minima;
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.loss < b.loss;
  });
  return found;
}

/// Searches the interior of a box and all its faces.
template <int dim>
void CriticalPointSearch<dim>::search_faces(const std::vector<Point<dim>>& starts,
                                            std::vector<CriticalPoint<dim>>& found) {
  unsigned int n_faces = 1;
  for (int i = 0; i < dim; ++i)
    n_faces *= 3;
  for (unsigned int face = 0; face < n_faces; ++face) {
    Fixed fixed;
    unsigned int rest = face, n_free = 0;
    for (int i = 0; i < dim; ++i, rest /= 3) {
      fixed[i] = rest % 3 == 0 ? 0 : rest % 3 == 1 ? -1 : 1;
      n_free += fixed[i] == 0;
    }
    std::vector<Point<dim>> all = starts;
    // Starts that differ only in fixed directions are the same; keep those on the face.
    for (auto& point : all)
      for (int i = 0; i < dim; ++i)
        if (fixed[i] != 0) point[i] = fixed[i] < 0 ? domain.lower[i] : domain.upper[i];
    if (n_free < dim) {
      const auto less = [](const Point<dim>& a, const Point<dim>& b) {
        return std::lexicographical_compare(&a[0], &a[0] + dim, &b[0], &b[0] + dim);
      };
      std::sort(all.begin(), all.end(), less);
      all.erase(std::unique(all.begin(), all.end()), all.end());
    }
    search_face(fixed, all, found);
  }
}

template <int dim>
void CriticalPointSearch<dim>::search_face(const Fixed& fixed,
                                           const std::vector<Point<dim>>& starts,
                                           std::vector<CriticalPoint<dim>>& found) {
  std::vector<Point<dim>> limits;
  if (std::any_of(fixed.begin(), fixed.end(), [](int f) { return f == 0; })) {
    iterate(fixed, starts, limits);
    // More are those of a curve of critical points.
    for (std::size_t done = 0; done < limits.size() && limits.size() <= 1000;) {
      const auto more = starts_around(fixed, { limits.begin() + done, limits.end() });
      done = limits.size();
      iterate(fixed, more, limits);
    }
  } else
    limits = starts; // No iteration is needed, or possible, in a corner.
  for (const Point<dim>& limit : limits)
    classify(fixed, limit, found);
}

/// Points near others, where pairs of critical points may hide that the lattice of starts does not
/// resolve.
template <int dim>
std::vector<Point<dim>> CriticalPointSearch<dim>::starts_around(
  const Fixed& fixed, const std::vector<Point<dim>>& points) const {
  std::vector<Point<dim>> starts;
  std::vector<SymmetricTensor<2, dim>> hessians;
  psi.hessians(points, hessians);
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (!domain.contains(points[k], 0.01 * domain.diameter())) continue;
    for (const auto& pair : eigenpairs(hessians[k]))
      for (const double distance : { 0.001, 0.003, 0.01 })
        for (const double sign : { -1., 1. }) {
          Point<dim> start = points[k];
          for (int i = 0; i < dim; ++i)
            if (fixed[i] == 0) start[i] += sign * distance * domain.length(i) * pair.second[i];
          if (has_faces || domain.contains(start)) starts.push_back(start);
        }
  }
  return starts;
}

/// Newton's iteration from all starts; adds the limits that are not yet known.
template <int dim>
void CriticalPointSearch<dim>::iterate(const Fixed& fixed, std::vector<Point<dim>> active,
                                       std::vector<Point<dim>>& limits) const {
  std::vector<unsigned int> n_small(active.size(), 0); // steps since convergence, for polishing
  std::vector<Tensor<1, dim>> gradients;
  std::vector<SymmetricTensor<2, dim>> hessians;
  for (unsigned int iteration = 0; iteration < 80 && !active.empty(); ++iteration) {
    psi.gradients(active, gradients);
    psi.hessians(active, hessians);
    std::size_t n_kept = 0;
    for (std::size_t k = 0; k < active.size(); ++k) {
      Tensor<1, dim> step;
      if (!newton_step<dim>(fixed, gradients[k], hessians[k], step)) continue;
      double relative = 0; // longest component, in lengths of the box
      for (int i = 0; i < dim; ++i)
        relative = std::max(relative, std::fabs(step[i]) / domain.length(i));
      const Point<dim> next = active[k] + step * std::min(1., 0.1 / std::max(relative, 1e-300));
      if (!domain.contains(next, 0.1 * domain.diameter())) continue;
      const unsigned int small = relative < 1e-9 ? n_small[k] + 1 : 0;
      if (small > 2) {
        const bool known = std::any_of(limits.begin(), limits.end(), [&](const Point<dim>& limit) {
          return limit.distance(next) < 1e-6 * domain.diameter();
        });
        if (!known) limits.push_back(next);
        continue;
      }
      active[n_kept] = next;
      n_small[n_kept++] = small;
    }
    active.resize(n_kept);
    n_small.resize(n_kept);
  }
}

/// Sets the sides of a point; false if it lies too far outside.
template <int dim>
bool CriticalPointSearch<dim>::find_sides(const Fixed& fixed,
                                          const SymmetricTensor<2, dim>& hessian,
                                          CriticalPoint<dim>& point) const {
  const Point<dim>& position = point.position;
  if (!has_faces) {
    const auto nearest = domain.shape->project(position);
    const double curvature = nearest.normal * (hessian * nearest.normal);
    const bool near =
      position.distance(nearest.position) < side_tolerance / std::sqrt(std::fabs(curvature));
    if (near) point.sides.push_back(nearest.side);
    return near || domain.contains(position);
  }
  for (int i = 0; i < dim; ++i) {
    const double tolerance = side_tolerance / std::sqrt(std::fabs(hessian[i][i]));
    if (fixed[i] == 0 &&
        (position[i] < domain.lower[i] - tolerance || position[i] > domain.upper[i] + tolerance))
      return false;
    for (const unsigned int side : { 2 * i, 2 * i + 1 })
      if (fixed[i] == (side % 2 ? 1 : -1) ||
          (fixed[i] == 0 && std::fabs(position[i] - domain.coordinate(side)) < tolerance))
        point.sides.push_back(side);
  }
  return true;
}

template <int dim>
void CriticalPointSearch<dim>::classify(const Fixed& fixed, const Point<dim>& position,
                                        std::vector<CriticalPoint<dim>>& found) {
  std::vector<double> value, potential;
  std::vector<Tensor<1, dim>> gradient;
  std::vector<SymmetricTensor<2, dim>> hessian, loss_hessian;
  psi.gradients({ position }, gradient);
  psi.hessians({ position }, hessian);
  loss.hessians({ position }, loss_hessian);
  if (!std::isfinite(hessian[0].norm()) || !std::isfinite(gradient[0].norm())) return;
  CriticalPoint<dim> point;
  point.position = position;
  if (!find_sides(fixed, hessian[0], point)) return;
  loss.values({ position }, value);
  psi.values({ position }, potential);
  point.loss = value[0];
  point.potential = potential[0];
  point.hessian_eigenvalues = free_eigenvalues<dim>(loss_hessian[0], fixed);
  const auto& eigenvalues = point.potential_eigenvalues = free_eigenvalues<dim>(hessian[0], fixed);
  if (!eigenvalues.empty() && is_degenerate(eigenvalues)) return;
  const auto index =
    std::count_if(eigenvalues.begin(), eigenvalues.end(), [](double value) { return value < 0; });

  if (eigenvalues.size() < dim) {
    if (index == 0) classify_on_face(fixed, point, gradient[0], hessian[0], found);
  } else if (index <= 1) {
    point.kind = index == 0 ? CriticalPoint<dim>::Kind::minimum : CriticalPoint<dim>::Kind::saddle;
    found.push_back(point);
  }
}

template <int dim>
void CriticalPointSearch<dim>::classify_on_face(const Fixed& fixed, CriticalPoint<dim>& point,
                                                const Tensor<1, dim>& gradient,
                                                const SymmetricTensor<2, dim>& hessian,
                                                std::vector<CriticalPoint<dim>>& found) {
  bool absorbing = false;
  for (int i = 0; i < dim; ++i) {
    if (fixed[i] == 0) continue;
    const unsigned int side = fixed[i] < 0 ? 2 * i : 2 * i + 1;
    const double slope = Domain<dim>::outward(side) * gradient[i];
    const double curvature = hessian[i][i];
    // A face through a critical point of the interior adds nothing to that point.
    if (std::fabs(slope) < side_tolerance * std::sqrt(std::fabs(curvature))) return;
    if (domain.absorbs(side) ? slope < 0 : slope > 0) return;
    // Where two absorbing sides meet, one of them is left downhill: never a lowest way out.
    if (absorbing && domain.absorbs(side)) return;
    absorbing = absorbing || domain.absorbs(side);
  }
  if (absorbing) {
    point.kind = CriticalPoint<dim>::Kind::exit;
    found.push_back(point);
  } else
    bottoms_on_faces.push_back(point.position);
}

template <int dim>
std::vector<Point<dim>> CriticalPointSearch<dim>::ways_down(const CriticalPoint<dim>& point) const {
  const double length = 1e-3 * domain.diameter();
  std::vector<Point<dim>> ways;
  if (point.kind == CriticalPoint<dim>::Kind::saddle) {
    std::vector<SymmetricTensor<2, dim>> hessian;
    psi.hessians({ point.position }, hessian);
    const auto lowest = eigenpairs(hessian[0])[dim - 1]; // sorted by descending eigenvalue
    const double width = 1 / std::sqrt(std::fabs(lowest.first));
    for (const double sign : { -1., 1. }) {
      const Point<dim> way = point.position + sign * std::min(length, width) * lowest.second;
      if (domain.contains(way)) ways.push_back(way);
    }
  } else if (has_faces) {
    Point<dim> way = point.position;
    for (const unsigned int side : point.sides)
      way[Domain<dim>::direction(side)] -= Domain<dim>::outward(side) * length;
    ways.push_back(domain.clamp(way));
  } else
    ways.push_back(BoundarySearch<dim>(domain, psi, loss).way_down(point, length));
  return ways;
}

#define INSTANTIATE(dim)                                                                           \
  template std::string to_string<dim>(CriticalPoint<dim>::Kind);                                   \
  template class CriticalPointSearch<dim>;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
