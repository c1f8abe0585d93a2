// The boundary of a shape.
//
// Method: the distance from the boundary at some point of a trajectory gives a ball around it that
// holds no boundary; nothing is asked of the shape again until a step comes near to leaving the
// ball. Where the straight line between the ends of a step crosses the boundary is never asked: the
// step is a bridge, which is held against the plane that touches the nearest wall.
#pragma once

#include "solver/monte_carlo/walls.h"

namespace fokker_planck {

template <int dim>
class ShapeWalls : public Walls<dim> {
public:
  using Tensor = typename Walls<dim>::Tensor;

  ShapeWalls(const Domain<dim>& domain, std::size_t n_lanes);

  void find_suspects(const Lanes<dim>& x, const Lanes<dim>& y, const Lanes<dim>& variance,
                     std::size_t n, std::vector<std::size_t>& suspects) override;
  std::optional<WallExit<dim>> meet(std::size_t lane, const dealii::Point<dim>& x,
                                    dealii::Point<dim>& y, const Tensor& diffusion,
                                    const UniformSource& uniforms) override;
  void move(std::size_t to, std::size_t from) override;
  void forget(std::size_t lane) override;

private:
  /// The boundary near to a point.
  struct Contact {
    double distance; ///< negative outside
    dealii::Point<dim> foot;
    dealii::Tensor<1, dim> normal;
    unsigned int side;
  };
  Contact find_contact(const dealii::Point<dim>& point) const;
  bool reflect(dealii::Point<dim>& y, Contact& contact, const Tensor& diffusion) const;

  /// Distance of a point from the plane that touches the wall, or from the wall if it is the
  /// nearest.
  double distance(const Contact& contact, const dealii::Point<dim>& point,
                  const Contact& wall) const;
  void remember(std::size_t lane, const dealii::Point<dim>& y, const Contact& contact);

  const Domain<dim>& domain;
  Lanes<dim> center;          ///< of the ball, per lane
  std::vector<double> radius; ///< of the ball; negative if nothing is known
  std::vector<double> margin;
};

} // namespace fokker_planck
