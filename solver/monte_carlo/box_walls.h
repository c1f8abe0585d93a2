// The sides of a box, and of the interval of a radial coordinate.
#pragma once

#include "solver/monte_carlo/walls.h"

namespace fokker_planck {

template <int dim>
class BoxWalls : public Walls<dim> {
public:
  using Tensor = typename Walls<dim>::Tensor;

  BoxWalls(const Domain<dim>& domain, std::size_t n_lanes);

  void find_suspects(const Lanes<dim>& x, const Lanes<dim>& y, const Lanes<dim>& variance,
                     std::size_t n, std::vector<std::size_t>& suspects) override;
  std::optional<WallExit<dim>> meet(std::size_t lane, const dealii::Point<dim>& x,
                                    dealii::Point<dim>& y, const Tensor& diffusion,
                                    const UniformSource& uniforms) override;

private:
  /// Distance from a side, positive inside.
  double distance(const dealii::Point<dim>& point, unsigned int side) const;
  /// Puts a step that leads out through reflecting sides back inside; false if that fails.
  bool reflect(dealii::Point<dim>& y, const Tensor& diffusion) const;
  /// The absorbing side that a bridge between points inside touches.
  std::optional<unsigned int> touch(const dealii::Point<dim>& x, const dealii::Point<dim>& y,
                                    const Tensor& diffusion, double uniform) const;

  const Domain<dim>& domain;
  std::vector<double> margin; ///< per lane: positive if the step is far from all sides
};

} // namespace fokker_planck
