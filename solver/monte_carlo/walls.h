// What happens to a step that meets the boundary.
//
// Absorbing: the step ends the trajectory if it leads out, and otherwise if a Brownian bridge
// between its ends touches the tangent plane (bridge.h). With this correction the rate is of first
// order in dt, without it of order 1/2.
//
// Reflecting: J.n = 0 means a reflection along the conormal D n, n.D grad u = 0 for the backward
// equation; a step that leads out by h is moved by -2 h D n/D_nn (Bossy, Gobet, Talay, J. Appl.
// Prob. 41 (2004) 877).
#pragma once

#include "solver/monte_carlo/bridge.h"
#include "solver/monte_carlo/coefficients.h"

#include <memory>
#include <optional>

namespace fokker_planck {

/// Beyond this exponent the bridge is never looked at: exp(-36) = 2e-16.
constexpr double largest_bridge_exponent = 36;

/// The end of a trajectory.
template <int dim>
struct WallExit {
  unsigned int side;
  double fraction; ///< of the step, between 0 and 1
  dealii::Point<dim> position;
};

/// The boundary of a domain. Keeps what it knows about each lane.
template <int dim>
class Walls {
public:
  using Tensor = dealii::SymmetricTensor<2, dim>;

  virtual ~Walls() = default;

  /// The lanes (of the first n) whose step from x to y may have met the boundary. variance[i][l] is
  /// D_ii dt of lane l.
  virtual void find_suspects(const Lanes<dim>& x, const Lanes<dim>& y, const Lanes<dim>& variance,
                             std::size_t n, std::vector<std::size_t>& suspects) = 0;

  /// Decides about the step of a suspect. diffusion is D dt at x; y is moved where it is reflected.
  virtual std::optional<WallExit<dim>> meet(std::size_t lane, const dealii::Point<dim>& x,
                                            dealii::Point<dim>& y, const Tensor& diffusion,
                                            const UniformSource& uniforms) = 0;

  /// Lane l is now what lane from was (which may be l), or was put elsewhere (forget).
  virtual void move(std::size_t, std::size_t) {}
  virtual void forget(std::size_t) {}
};

/// For steps of at most n_lanes lanes at once. The domain must outlive the walls.
template <int dim>
std::unique_ptr<Walls<dim>> make_walls(const Domain<dim>& domain, std::size_t n_lanes);

} // namespace fokker_planck
