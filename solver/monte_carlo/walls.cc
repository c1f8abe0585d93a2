#include "solver/monte_carlo/walls.h"

#include "solver/monte_carlo/box_walls.h"
#include "solver/monte_carlo/shape_walls.h"

namespace fokker_planck {

template <int dim>
std::unique_ptr<Walls<dim>> make_walls(const Domain<dim>& domain, const std::size_t n_lanes) {
  if (domain.is_box()) // distances from planes, for all lanes at once
    return std::make_unique<BoxWalls<dim>>(domain, n_lanes);
  return std::make_unique<ShapeWalls<dim>>(domain, n_lanes);
}

#define INSTANTIATE(dim)                                                                           \
  template std::unique_ptr<Walls<dim>> make_walls(const Domain<dim>&, std::size_t);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
