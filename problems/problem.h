// The problem to be solved: loss, noise, domain and boundary conditions.
//
//   dtheta = -grad L dt + sqrt(2D) dW,   dP/dt = -div J,   J = -(D grad P + P grad L),
//   P = 0 on absorbing sides, J.n = 0 on reflecting sides.
#pragma once

#include "problems/box.h"
#include "problems/diffusion/diffusion.h"
#include "problems/loss/loss.h"

#include <memory>
#include <optional>

namespace fokker_planck {

/// A value: solvers take it and never read parameters.
template <int dim>
struct Problem {
  std::shared_ptr<const Loss<dim>> loss;
  std::shared_ptr<const Diffusion<dim>> diffusion;
  Box<dim> domain;
  std::optional<dealii::Point<dim>> start; ///< a point in the valley that is left, if given
};

} // namespace fokker_planck
