// The models of sample_losses.h: loss and derivatives of several samples at once, and the gradient
// of one. Without features and label (x = 0, y = 0) all derivatives vanish.
#pragma once

#include "problems/base/pack.h"

#include <array>
#include <cmath>

namespace fokker_planck::sample_models {

/// l and its derivatives; symmetric tensors by their upper triangle in lexicographic order.
template <int dim>
struct Derivatives {
  static constexpr int n_second = dim * (dim + 1) / 2, n_third = dim * (dim + 1) * (dim + 2) / 6;

  Pack value;
  std::array<Pack, dim> gradient;
  std::array<Pack, n_second> hessian;
  std::array<Pack, n_third> third;
};

/// Models l(z, y), z = theta.x, by the derivatives of l with respect to z.
struct Scalar {
  Pack value, first, second, third;
};

struct Logistic {
  static double first(const double z, const double y) { return -y / (1 + std::exp(y * z)); }

  static FOKKER_PLANCK_INLINE Scalar derivatives(const Pack& z, const Pack& y) {
    const Pack margin = y * z, t = exponential(-absolute(margin)), inverse = 1. / (1. + t);
    const Pack wrong = margin > 0 ? t * inverse : inverse; // 1/(1 + exp(margin))
    const Pack slope = y * y * t * inverse * inverse;
    return { log_one_plus(t) + (margin < 0 ? -margin : margin - margin), -y * wrong, slope,
             -y * slope * (1. - 2. * wrong) };
  }
};

/// z = theta.x for any of them.
template <typename Function, int dim>
struct GeneralizedLinear {
  static constexpr int n_features = dim;

  static void gradient(const double* theta, const double* x, const double y, double* g) {
    double z = 0;
    for (int i = 0; i < dim; ++i)
      z += theta[i] * x[i];
    const double r = Function::first(z, y);
    for (int i = 0; i < dim; ++i)
      g[i] = r * x[i];
  }

  static FOKKER_PLANCK_INLINE Derivatives<dim> derivatives(const double* theta, const Pack* x,
                                                           const Pack& y) {
    Pack z = theta[0] * x[0];
    for (int i = 1; i < dim; ++i)
      z += theta[i] * x[i];
    const Scalar f = Function::derivatives(z, y);
    Derivatives<dim> result;
    result.value = f.value;
    for (int i = 0, ij = 0, ijk = 0; i < dim; ++i) {
      result.gradient[i] = f.first * x[i];
      for (int j = i; j < dim; ++j, ++ij) {
        result.hessian[ij] = f.second * x[i] * x[j];
        for (int k = j; k < dim; ++k, ++ijk)
          result.third[ijk] = f.third * x[i] * x[j] * x[k];
      }
    }
    return result;
  }
};

/// f = w_2 tanh(w_1 x), e = f - y: d_ij l = d_i f d_j f + e d_ij f, and so on.
struct Tanh {
  static constexpr int n_features = 1;

  static void gradient(const double* w, const double* x, const double y, double* g) {
    const double t = std::tanh(w[0] * *x), e = w[1] * t - y;
    g[0] = e * w[1] * *x * (1 - t * t);
    g[1] = e * t;
  }

  static FOKKER_PLANCK_INLINE Derivatives<2> derivatives(const double* w, const Pack* x_,
                                                         const Pack& y) {
    const Pack x = *x_, t = hyperbolic_tangent(w[0] * x), s = 1. - t * t, e = w[1] * t - y;
    const Pack f1 = w[1] * x * s, f2 = t, f12 = x * s;
    const Pack f112 = -2. * x * x * t * s, f11 = w[1] * f112;
    const Pack f111 = -2. * w[1] * x * x * x * s * (s - 2. * t * t);
    Derivatives<2> result;
    result.value = 0.5 * e * e;
    result.gradient = { { e * f1, e * f2 } };
    result.hessian = { { f1 * f1 + e * f11, f1 * f2 + e * f12, f2 * f2 } };
    result.third = { { 3. * f1 * f11 + e * f111, 2. * f1 * f12 + f2 * f11 + e * f112, 2. * f2 * f12,
                       x - x } };
    return result;
  }
};

} // namespace fokker_planck::sample_models
