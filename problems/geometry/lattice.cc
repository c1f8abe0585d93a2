#include "problems/geometry/lattice.h"

#include <algorithm>
#include <stdexcept>

namespace fokker_planck {

using dealii::Point;

namespace {

constexpr unsigned int most_doublings = 3;

} // namespace

template <int dim>
std::vector<Point<dim>> covering_lattice(const Domain<dim>& box, const unsigned int n) {
  std::size_t total = 1;
  for (int i = 0; i < dim; ++i)
    total *= n + 1;
  std::vector<Point<dim>> points(total);
  for (std::size_t index = 0; index < total; ++index) {
    std::size_t rest = index;
    for (int i = 0; i < dim; ++i, rest /= n + 1) {
      const std::size_t step = rest % (n + 1);
      points[index][i] = step == n ? box.upper[i] : box.lower[i] + box.length(i) * step / n;
    }
  }
  return points;
}

template <int dim>
std::vector<Point<dim>> lattice(const Domain<dim>& domain, const unsigned int n) {
  auto points = covering_lattice(domain, n);
  const std::size_t enough = points.size() / 4;
  for (unsigned int doubling = 0;; ++doubling) {
    points.erase(std::remove_if(points.begin(), points.end(),
                                [&](const Point<dim>& point) { return !domain.contains(point); }),
                 points.end());
    if (points.size() >= enough || doubling == most_doublings) return points;
    points = covering_lattice(domain, n << (doubling + 1));
  }
}

template <int dim>
Point<dim> inner_point(const Domain<dim>& domain) {
  if (const auto deepest = domain.shape->deepest_point()) return *deepest;
  const auto points = lattice(domain, dim == 3 ? 16 : 40);
  if (points.empty())
    throw std::runtime_error(domain.shape->description() +
                             " fills too little of the box around it");
  const auto depth = [&](const Point<dim>& point) {
    return domain.shape->project(point).position.distance(point);
  };
  std::vector<double> depths;
  for (const auto& point : points)
    depths.push_back(depth(point));
  return points[std::max_element(depths.begin(), depths.end()) - depths.begin()];
}

#define INSTANTIATE(dim)                                                                           \
  template std::vector<Point<dim>> lattice(const Domain<dim>&, unsigned int);                      \
  template std::vector<Point<dim>> covering_lattice(const Domain<dim>&, unsigned int);             \
  template Point<dim> inner_point(const Domain<dim>&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
