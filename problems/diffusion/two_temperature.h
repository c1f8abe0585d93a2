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
#include "problems/landscape/valley.h"
#include "problems/loss/loss.h"

#include <optional>
#include <string>

namespace fokker_planck {

template <int dim>
class TwoTemperature : public Diffusion<dim> {
public:
  /// path_parameter: s between 0 and 1. width: w > 0 in units of loss; a tenth of the distance from
  /// L_s to the nearer of L_a, L_b if not given. The Hessian of the valley must be positive
  /// definite: see check_positive_hessian(). Throws InputError if the valley has no saddle.
  TwoTemperature(const std::shared_ptr<const Loss<dim>>& loss, const Valley<dim>& valley,
                 const GradientNoise& noise, double path_parameter, std::optional<double> width);

  /// description() of all such noise.
  static std::string name() { return "Noise/Hessian: got 'two temperature'"; }

  std::string description() const override { return name(); }
  void tensors(const std::vector<dealii::Point<dim>>& points,
               std::vector<dealii::SymmetricTensor<2, dim>>& tensors) const override;
  void divergences(const std::vector<dealii::Point<dim>>& points,
                   std::vector<dealii::Tensor<1, dim>>& divergences) const override;

  /// int dL/T_e + (1-a) log T_e, 1/T_e = (1-sigma)/T_a + sigma/T_b along the way out: exact if both
  /// Hessians are multiples of the identity and nothing is injected.
  std::vector<PotentialCandidate<dim>> potentials(const std::shared_ptr<const Loss<dim>>& loss,
                                                  const Domain<dim>& domain, double interpretation,
                                                  double injected) const override;
  Quantities quantities() const override;
  std::optional<GradientNoise> gradient_noise() const override { return noise; }
  const Valley<dim>* get_valley() const override { return &valley; }

  /// T_a and T_b, eta_B/2 |H| along the way out.
  double temperature_at_minimum() const;
  double temperature_at_saddle() const;

  double get_path_parameter() const { return path_parameter; } ///< s
  double transition_level() const { return level; }            ///< L_s
  double transition_width() const { return width; }            ///< w

private:
  double sigma(double loss) const;
  double sigma_derivative(double loss) const;

  std::shared_ptr<const Loss<dim>> loss;
  GradientNoise noise;
  Valley<dim> valley;
  double path_parameter, width, level; ///< s, w, L_s
  typename Valley<dim>::Exit saddle;
  dealii::SymmetricTensor<2, dim> at_minimum, at_saddle; ///< |H_a|, |H_b|
};

/// Noise/Path parameter s and Transition width.
struct TwoTemperatureInput {
  std::string path_parameter = "0.5", transition_width = {};

  /// Declares the keys in the present section and binds them to this object.
  void declare(dealii::ParameterHandler& handler);

  /// s. Throws InputError unless it lies between 0 and 1.
  double read_path_parameter() const;

  /// w, if given. Throws InputError unless it is > 0.
  std::optional<double> read_width() const;
};

} // namespace fokker_planck
