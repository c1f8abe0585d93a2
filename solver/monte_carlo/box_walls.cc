#include "solver/monte_carlo/box_walls.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

using dealii::Point;

namespace {

// In radial coordinates the origin is no wall.
template <int dim>
bool is_wall(const Domain<dim>& domain, const unsigned int side) {
  return !(domain.is_radial() && side == 0);
}

} // namespace

template <int dim>
BoxWalls<dim>::BoxWalls(const Domain<dim>& domain_, const std::size_t n_lanes)
  : domain(domain_), margin(n_lanes) {}

template <int dim>
double BoxWalls<dim>::distance(const Point<dim>& point, const unsigned int side) const {
  return domain.outward(side) * (domain.coordinate(side) - point[domain.direction(side)]);
}

template <int dim>
void BoxWalls<dim>::find_suspects(const Lanes<dim>& x, const Lanes<dim>& y,
                                  const Lanes<dim>& variance, const std::size_t n,
                                  std::vector<std::size_t>& suspects) {
  double* const least = margin.data();
  std::fill(least, least + n, std::numeric_limits<double>::max());
  for (unsigned int side = 0; side < domain.n_sides(); ++side) {
    if (!is_wall(domain, side)) continue;
    const unsigned int i = domain.direction(side);
    const double wall = domain.coordinate(side), outward = domain.outward(side);
    const double *const from = x[i].data(), *const to = y[i].data(), *const v = variance[i].data();
    if (domain.absorbs(side))
#pragma GCC ivdep
      for (std::size_t l = 0; l < n; ++l) {
        const double product = (wall - from[l]) * (wall - to[l]); // outward^2 = 1
        const double slack = product - largest_bridge_exponent * v[l];
        least[l] = slack < least[l] ? slack : least[l];
      }
    else
#pragma GCC ivdep
      for (std::size_t l = 0; l < n; ++l) {
        const double slack = outward * (wall - to[l]);
        least[l] = slack < least[l] ? slack : least[l];
      }
  }
  suspects.clear();
  for (std::size_t l = 0; l < n; ++l)
    if (!(least[l] > 0)) suspects.push_back(l);
}

template <int dim>
bool BoxWalls<dim>::reflect(Point<dim>& y, const Tensor& diffusion) const {
  constexpr int most = 100; // reflections of a step; more are needed only if it is absurdly large
  for (int n = 0; n < most; ++n) {
    bool inside = true;
    for (unsigned int side = 0; side < domain.n_sides(); ++side) {
      const double beyond = -distance(y, side);
      if (domain.absorbs(side) || !is_wall(domain, side) || !(beyond > 0)) continue;
      inside = false;
      const unsigned int i = domain.direction(side);
      const double normal = diffusion[i][i];
      if (normal > 0)
        for (int j = 0; j < dim; ++j)
          y[j] -= 2 * beyond * domain.outward(side) * diffusion[j][i] / normal;
      else
        y[i] = domain.coordinate(side) - domain.outward(side) * beyond;
    }
    if (inside) return true;
  }
  return false;
}

template <int dim>
std::optional<unsigned int> BoxWalls<dim>::touch(const Point<dim>& x, const Point<dim>& y,
                                                 const Tensor& diffusion,
                                                 const double uniform) const {
  double probability[2 * dim], total = 0, missed = 1;
  for (unsigned int side = 0; side < 2 * dim; ++side) {
    const unsigned int i = domain.direction(side);
    probability[side] =
      domain.absorbs(side)
        ? bridge_probability(distance(x, side), distance(y, side), diffusion[i][i])
        : 0.;
    total += probability[side];
    missed *= 1 - probability[side];
  }
  // One number decides both whether and where: u < 1 - missed, shared in proportion.
  if (!(uniform < 1 - missed)) return {};
  double share = uniform / (1 - missed) * total;
  unsigned int side = 0;
  while (side + 1 < 2 * dim && share >= probability[side])
    share -= probability[side++];
  while (!domain.absorbs(side)) // rounding
    --side;
  return side;
}

template <int dim>
std::optional<WallExit<dim>> BoxWalls<dim>::meet(std::size_t, const Point<dim>& x, Point<dim>& y,
                                                 const Tensor& diffusion,
                                                 const UniformSource& uniforms) {
  if (!reflect(y, diffusion)) y = domain.clamp(y);
  std::optional<unsigned int> side;
  if (const auto crossing = domain.first_absorption(x, y))
    side = crossing->side;
  else // a step that ends on the side touches it
    side = touch(x, y, diffusion, uniforms(0)[0]);
  if (!side) return {};
  const unsigned int i = domain.direction(*side);
  dealii::Tensor<1, dim> normal;
  normal[i] = domain.outward(*side);
  const auto touched =
    sample_touch(x, y, normal, distance(x, *side), distance(y, *side), diffusion, uniforms);
  WallExit<dim> exit{ *side, touched.fraction, domain.clamp(touched.position) };
  exit.position[i] = domain.coordinate(*side);
  return exit;
}

template class BoxWalls<1>;
template class BoxWalls<2>;
template class BoxWalls<3>;

} // namespace fokker_planck
