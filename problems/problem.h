// The problem to be solved: loss, force, noise, domain and boundary conditions.
//
//   dtheta = b dt + sqrt(2D) dW,   b = -grad L + f,
//   dP/dt = -div J,   J = -(D grad P + c P),   c = -b + (1-a) div D,   (div D)_i = sum_j
//   dD_ij/dtheta_j, P = 0 on absorbing sides, J.n = 0 on reflecting sides.
//
// a is the interpretation of the noise: 0 Ito, 1/2 Stratonovich, 1 anti-Ito (Haenggi-Klimontovich).
// In a ball (radial coordinate r, dimension n) the same holds for rotationally symmetric L, f and
// D = D(r) times the identity: dP/dt = -r^(1-n) d/dr (r^(n-1) J).
#pragma once

#include "problems/diffusion/diffusion.h"
#include "problems/force/force.h"
#include "problems/geometry/domain.h"
#include "problems/loss/loss.h"

#include <memory>
#include <optional>

namespace fokker_planck {

/// A value: solvers take it and never read parameters.
template <int dim>
struct Problem {
  std::shared_ptr<const Loss<dim>> loss;
  std::shared_ptr<const Diffusion<dim>> diffusion;
  std::shared_ptr<const Force<dim>> force; ///< none if null
  double interpretation = 0;               ///< a
  Domain<dim> domain;
  std::optional<dealii::Point<dim>> start; ///< a point in the valley that is left, if given

  /// c at each point; the result is resized to the number of points.
  void convections(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& convections) const;

  /// Throws InputError naming the model (loss, force or noise) because of which the drift divided
  /// by D is not finite at a point.
  [[noreturn]] void refuse_drift(const dealii::Point<dim>& point) const;
};

} // namespace fokker_planck
