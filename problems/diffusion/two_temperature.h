// Noise/Type = hessian aligned, Hessian = two temperature: the Hessian of the valley up to the loss
// L_s on the way to the saddle, that of the saddle beyond.
//
//   D = eta_B/2 F,   1/F = (1 - sigma) |H_a|^-1 + sigma |H_b|^-1,   L_s = (1-s) L_a + s L_b,
//   sigma = (1 + erf((L - L_s)/w))/2
//
// a the minimum, b the saddle, |H| with the absolute eigenvalues of H. It is the inverse that is
// interpolated, so that the exponent of the escape rate, int dL/T, is s dL/T_a + (1-s) dL/T_b for
// any width w of the transition (up to exp(-(distance/w)^2)). Source of the model: Xie, Sato,
// Sugiyama, ICLR 2021 (arXiv:2002.03495).
#pragma once

#include "problems/diffusion/diffusion.h"
#include "problems/diffusion/gradient_noise.h"
#include "problems/landscape/valley.h"

#include <optional>

namespace fokker_planck {

template <int dim>
class TwoTemperature : public Diffusion<dim> {
public:
  /// path_parameter: s between 0 and 1. width: w > 0 in units of loss; a tenth of the distance from
  /// L_s to the nearer of L_a, L_b if not given. Throws InputError if the valley has no saddle.
  TwoTemperature(const Problem<dim>& problem, const GradientNoise& noise, double path_parameter,
                 std::optional<double> width);

  std::string description() const override { return "Noise/Hessian: got 'two temperature'"; }
  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;
  void divergences(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& divergences) const override;

  /// int dL/T_e + (1-a) log T_e, 1/T_e = (1-sigma)/T_a + sigma/T_b along the way out: exact if both
  /// Hessians are multiples of the identity and nothing is injected.
  std::vector<PotentialCandidate<dim>> potentials(const Problem<dim>& problem,
                                                  double injected) const override;
  nlohmann::ordered_json quantities() const override;

private:
  double sigma(double loss) const;
  double sigma_derivative(double loss) const;

  std::shared_ptr<const Loss<dim>> loss;
  GradientNoise noise;
  double path_parameter, width, level; ///< s, w, L_s
  typename Valley<dim>::Exit saddle;
  dealii::SymmetricTensor<2, dim> at_minimum, at_saddle; ///< |H_a|, |H_b|
};

} // namespace fokker_planck
