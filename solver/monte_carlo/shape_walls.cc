#include "solver/monte_carlo/shape_walls.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

using dealii::Point;

template <int dim>
ShapeWalls<dim>::ShapeWalls(const Domain<dim>& domain_, const std::size_t n_lanes)
  : domain(domain_), radius(n_lanes, -1.), margin(n_lanes) {
  for (auto& component : center)
    component.resize(n_lanes);
}

template <int dim>
void ShapeWalls<dim>::find_suspects(const Lanes<dim>&, const Lanes<dim>& y,
                                    const Lanes<dim>& variance, const std::size_t n,
                                    std::vector<std::size_t>& suspects) {
  double* const slack = margin.data();
  for (std::size_t l = 0; l < n; ++l) {
    double square = 0, total = 0;
    for (int i = 0; i < dim; ++i) {
      const double difference = y[i][l] - center[i][l];
      square += difference * difference;
      total += variance[i][l];
    }
    // The distances of both ends from the boundary exceed what is left of the radius.
    const double left = radius[l] - std::sqrt(square);
    slack[l] = left > 0 ? left * left - largest_bridge_exponent * total : left;
  }
  suspects.clear();
  for (std::size_t l = 0; l < n; ++l)
    if (!(slack[l] > 0)) suspects.push_back(l);
}

template <int dim>
typename ShapeWalls<dim>::Contact ShapeWalls<dim>::find_contact(const Point<dim>& point) const {
  const Shape<dim>& shape = *domain.shape;
  auto nearest = shape.project(point);
  double distance = nearest.position.distance(point);
  // A projection along rays is not the nearest point: its tangent plane leads on.
  for (int iteration = 0; iteration < 4; ++iteration) {
    const double height = (nearest.position - point) * nearest.normal;
    if (distance - std::fabs(height) <= 1e-3 * distance) break;
    const auto next = shape.project(point + height * nearest.normal);
    const double next_distance = next.position.distance(point);
    if (!(next_distance < distance)) break;
    nearest = next;
    distance = next_distance;
  }
  return { shape.contains(point) ? distance : -distance, nearest.position, nearest.normal,
           nearest.side };
}

template <int dim>
bool ShapeWalls<dim>::reflect(Point<dim>& y, Contact& contact, const Tensor& diffusion) const {
  constexpr int most = 20; // reflections, in corners
  for (int n = 0; n < most; ++n) {
    if (contact.distance >= 0 || domain.absorbs(contact.side)) return true;
    const auto conormal = diffusion * contact.normal;
    const double normal = contact.normal * conormal, beyond = (y - contact.foot) * contact.normal;
    if (!(normal > 0) || !(beyond > 0)) return false;
    y -= 2 * beyond / normal * conormal;
    contact = find_contact(y);
  }
  return false;
}

template <int dim>
double ShapeWalls<dim>::distance(const Contact& contact, const Point<dim>& point,
                                 const Contact& wall) const {
  return contact.side == wall.side ? contact.distance
                                   : std::max(0., (wall.foot - point) * wall.normal);
}

template <int dim>
std::optional<WallExit<dim>> ShapeWalls<dim>::meet(const std::size_t lane, const Point<dim>& x,
                                                   Point<dim>& y, const Tensor& diffusion,
                                                   const UniformSource& uniforms) {
  const Contact from = find_contact(x);
  Contact to = find_contact(y);
  if (!reflect(y, to, diffusion)) { // in a corner: there is nothing better than its neighbourhood
    y = x;
    to = from;
  }
  const Contact& wall = domain.absorbs(to.side) || !domain.absorbs(from.side) ? to : from;
  const double d1 = distance(from, x, wall), d2 = distance(to, y, wall);
  const double normal_variance = wall.normal * (diffusion * wall.normal);
  const bool exits = d2 < 0 || (domain.absorbs(wall.side) &&
                                uniforms(0)[0] < bridge_probability(d1, d2, normal_variance));
  if (!exits) {
    remember(lane, y, to);
    return {};
  }
  const auto touched = sample_touch(x, y, wall.normal, d1, d2, diffusion, uniforms);
  return WallExit<dim>{ wall.side, touched.fraction, find_contact(touched.position).foot };
}

template <int dim>
void ShapeWalls<dim>::remember(const std::size_t lane, const Point<dim>& y,
                               const Contact& contact) {
  // Of a shape with rays the nearest point found need not be the nearest of all.
  const double safety = domain.shape->is_curved() ? 0.7 : 1 - 1e-9;
  for (int i = 0; i < dim; ++i)
    center[i][lane] = y[i];
  radius[lane] = safety * contact.distance;
}

template <int dim>
void ShapeWalls<dim>::move(const std::size_t to, const std::size_t from) {
  for (auto& component : center)
    component[to] = component[from];
  radius[to] = radius[from];
}

template <int dim>
void ShapeWalls<dim>::forget(const std::size_t lane) {
  radius[lane] = -1;
}

template class ShapeWalls<1>;
template class ShapeWalls<2>;
template class ShapeWalls<3>;

} // namespace fokker_planck
