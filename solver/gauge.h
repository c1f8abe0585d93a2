// The reference potential Psi of the gauge p = exp(-Psi) u.
//
//   J = -(D grad p + p grad L) = -exp(-Psi) (D grad u + w u),   w = grad L - D grad Psi.
//
// If D^-1 grad L is a gradient, Psi is its potential, w = 0 and detailed balance holds. For
// constant D that is so exactly when D commutes with the Hessian of L everywhere, that is, when L
// is a sum of functions of the coordinates in the eigenspaces of D (P_k the projectors, d_k the
// eigenvalues):
//   Psi(x) = sum_k [L(c + P_k (x - c)) - L(c)] / d_k,   c the centre of the domain.
// Otherwise Psi = L / D_e with the harmonic mean D_e of the eigenvalues, and w differs from zero.
#pragma once

#include "problems/problem.h"

namespace fokker_planck {

template <int dim>
class Gauge {
public:
  /// Decides by evaluating the commutator of D and the Hessian on a lattice in the domain.
  /// Throws InputError if the loss is not finite at a point of that lattice.
  explicit Gauge(const Problem<dim>& problem);

  /// Whether w = 0 everywhere: the bilinear form is then symmetric.
  bool detailed_balance() const { return balanced; }

  /// Psi at each point. Throws InputError naming the point where it is not finite.
  void potentials(const std::vector<dealii::Point<dim>>& points, std::vector<double>& values) const;

  /// grad Psi at each point; may be infinite or NaN where the loss is not differentiable.
  void gradients(const std::vector<dealii::Point<dim>>& points,
                 std::vector<dealii::Tensor<1, dim>>& gradients) const;

  /// Hessian of Psi at each point; may be infinite or NaN as the gradient.
  void hessians(const std::vector<dealii::Point<dim>>& points,
                std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const;

  /// w = grad L - D grad Psi at each point.
  void mismatches(const std::vector<dealii::Point<dim>>& points,
                  std::vector<dealii::Tensor<1, dim>>& mismatches) const;

private:
  /// An eigenspace of D: projector and eigenvalue.
  struct Part {
    dealii::Tensor<2, dim> projector;
    double diffusion;
  };

  /// The points c + P_k (x - c).
  std::vector<dealii::Point<dim>> project(const Part& part,
                                          const std::vector<dealii::Point<dim>>& points) const;

  std::shared_ptr<const Loss<dim>> loss;
  std::shared_ptr<const Diffusion<dim>> diffusion;
  dealii::Point<dim> center;
  std::vector<Part> parts; ///< one part (the identity) unless Psi is a sum over eigenspaces
  bool balanced = true;
};

/// The points of a lattice with n+1 points per direction, the faces of the box included. Point
/// (i, j, k) has index i + (n+1) (j + (n+1) k).
template <int dim>
std::vector<dealii::Point<dim>> lattice(const Box<dim>& box, unsigned int n);

} // namespace fokker_planck
