// The potential of a constant diffusion tensor.
//
// D^-1 grad L is a gradient exactly when D commutes with the Hessian of L everywhere, that is, when
// L is a sum of functions of the coordinates in the eigenspaces of D. With the projectors P_k, the
// eigenvalues d_k and the centre c of the domain it is then the gradient of
//   Psi(x) = sum_k [L(c + P_k (x - c)) - L(c)] / d_k.
#pragma once

#include "problems/loss/loss.h"

#include <memory>

namespace fokker_planck {

template <int dim>
class SeparatedLoss : public ScalarField<dim> {
public:
  /// Psi as above; Psi = L/d if D = d I.
  SeparatedLoss(std::shared_ptr<const Loss<dim>> loss,
                const dealii::SymmetricTensor<2, dim>& diffusion, const dealii::Point<dim>& center);

  void values(const std::vector<dealii::Point<dim>>& points,
              std::vector<double>& values) const override;
  void gradients(const std::vector<dealii::Point<dim>>& points,
                 std::vector<dealii::Tensor<1, dim>>& gradients) const override;
  void hessians(const std::vector<dealii::Point<dim>>& points,
                std::vector<dealii::SymmetricTensor<2, dim>>& hessians) const override;

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
  dealii::Point<dim> center;
  std::vector<Part> parts;
};

} // namespace fokker_planck
