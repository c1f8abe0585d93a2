// The reference potential Psi of the gauge p = exp(-Psi) u.
//
//   J = -(D grad p + c p) = -exp(-Psi) (D grad u + w u),   w = c - D grad Psi.
//
// If D^-1 c is a gradient, Psi is its potential, w = 0 and detailed balance holds. It is, in this
// order,
// * a closed form that the noise model knows to be exact, or whose w vanishes on a lattice,
// * the integral of D^-1 c, if that does not depend on the path (always so in one dimension).
// Otherwise Psi is the last candidate of the noise model, a guess, and w differs from zero.
//
// In a ball the volume element r^(n-1) joins Psi as -(n-1) log r.
#pragma once

#include "problems/problem.h"

namespace fokker_planck {

template <int dim>
class Gauge : public ScalarField<dim> {
public:
  /// scale multiplies the potential (not the volume element), to show that results do not depend on
  /// it. Throws InputError if the loss is not finite at a point of the lattice.
  explicit Gauge(const Problem<dim>& problem, double scale = 1);

  /// Whether D^-1 c is a gradient: there is no current in the stationary state.
  bool detailed_balance() const { return balanced; }

  double get_scale() const { return scale; }

  /// Whether w = 0 everywhere: detailed balance holds, and the bilinear form is symmetric.
  bool is_reversible() const { return balanced && scale == 1; }

  /// Whether exp(-Psi) is the stationary density of the domain if no side absorbed:
  /// div(exp(-Psi) w) = 0, and w.n = 0 on reflecting sides. So under detailed balance, and also
  /// with a current along the levels of Psi, as that of a force that rotates. By differences at the
  /// points of a lattice, to 1e-6 of the terms.
  bool is_stationary() const;

  /// How far above the exit the domain may end (see landscape.h): 45, or 150 if Psi is only a guess
  /// and may rise more steeply than the true potential.
  double cutoff() const { return is_reversible() ? 45 : 150; }

  /// Psi at each point, with the volume element of a ball (infinite at r = 0). Throws InputError
  /// naming the point where it is not finite.
  void values(const std::vector<dealii::Point<dim>>& points,
              std::vector<double>& values) const override;

  /// Psi without the volume element: exp(-Psi) u is then the density per unit of volume in a ball,
  /// up to the area of the unit sphere.
  void values_per_volume(const std::vector<dealii::Point<dim>>& points,
                         std::vector<double>& values) const;

  /// grad Psi at each point; may be infinite or NaN where the loss is not differentiable.
  void gradients(const std::vector<dealii::Point<dim>>& points,
                 std::vector<dealii::Tensor<1, dim>>& gradients) const override;

  /// Hessian of Psi at each point; may be infinite or NaN as the gradient.
  void hessians(const std::vector<dealii::Point<dim>>& points,
                std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const override;

  /// w at each point; tensors are D there. Throws InputError where it is not finite.
  void mismatches(const std::vector<dealii::Point<dim>>& points,
                  const std::vector<dealii::SymmetricTensor<2, dim>>& tensors,
                  std::vector<dealii::Tensor<1, dim>>& mismatches) const;

private:
  bool is_potential(const ScalarField<dim>& candidate) const;

  Problem<dim> problem;
  std::shared_ptr<const ScalarField<dim>> potential;
  double scale;
  double volume_exponent; ///< n - 1 in a ball, else 0
  bool balanced = true;
};

} // namespace fokker_planck
