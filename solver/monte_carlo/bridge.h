// When and where a Brownian bridge first touches a plane.
//
// Between the ends of a step, at distances d1 >= 0 and d2 (negative: beyond) from a plane with unit
// normal n, the process is a Brownian bridge of covariance 2 D dt; a constant drift does not change
// it. With s^2 = 2 D_nn dt, D_nn = n.D n:
//
//   it touches with probability exp(-2 d1 d2/s^2) = exp(-d1 d2/(D_nn dt)) if d2 > 0, otherwise
//   surely: by the reflection principle;
//   the time tau of first touch, in units of the step, is such that tau/(1 - tau) has the inverse
//   Gaussian distribution of mean d1/|d2| and shape d1^2/s^2: (1 - tau) times a Brownian motion at
//   time tau/(1 - tau) is a bridge, and the plane becomes a line of constant slope;
//   the displacement is N g + W, g = D n/D_nn, with the displacement N = d1 along n and a bridge W
//   that is independent of N: given its end, tau W(1) + sqrt(tau (1 - tau)) times a Gaussian
//   vector of covariance 2 (D - D_nn g g^T) dt.
//
// References: E. Gobet, Stoch. Proc. Appl. 87 (2000) 167; J. R. Michael, W. R. Schucany, R. W.
// Haas, Am. Statistician 30 (1976) 88 (inverse Gaussian numbers).
#pragma once

#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>

#include <array>
#include <functional>

namespace fokker_planck {

/// Four uniform random numbers in (0, 1); different ones for each argument.
using UniformSource = std::function<std::array<double, 4>(unsigned int)>;

/// The probability exp(-d1 d2/(D_nn dt)), d1, d2 >= 0.
double bridge_probability(double d1, double d2, double normal_variance);

/// An inverse Gaussian number from a standard Gaussian and a uniform one. inverse_mean >= 0: zero
/// gives the distribution of first passage without drift.
double inverse_gaussian(double inverse_mean, double shape, double gaussian, double uniform);

template <int dim>
struct BridgeTouch {
  double fraction; ///< tau
  dealii::Point<dim> position;
};

/// First touch of a step from x to y that touches. diffusion: D dt. Uses uniforms(1) and
/// uniforms(2).
template <int dim>
BridgeTouch<dim> sample_touch(const dealii::Point<dim>& x, const dealii::Point<dim>& y,
                              const dealii::Tensor<1, dim>& normal, double d1, double d2,
                              const dealii::SymmetricTensor<2, dim>& diffusion,
                              const UniformSource& uniforms);

} // namespace fokker_planck
