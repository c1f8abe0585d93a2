// The three models of sample_losses.h: loss and derivatives of one sample.
#pragma once

#include <array>
#include <cmath>

namespace fokker_planck::sample_models {

/// l and its derivatives; symmetric tensors by their upper triangle in lexicographic order.
template <int dim>
struct Derivatives {
  static constexpr int n_second = dim * (dim + 1) / 2, n_third = dim * (dim + 1) * (dim + 2) / 6;

  double value;
  std::array<double, dim> gradient;
  std::array<double, n_second> hessian;
  std::array<double, n_third> third;
};

/// Models l(z, y), z = theta.x, by the derivatives of l with respect to z.
struct Scalar {
  double value, first, second, third;
};

struct Logistic {
  static double first(const double z, const double y) { return -y / (1 + std::exp(y * z)); }

  static Scalar derivatives(const double z, const double y) {
    const double margin = y * z, t = std::exp(-std::fabs(margin)), inverse = 1 / (1 + t);
    const double wrong = margin > 0 ? t * inverse : inverse; // 1/(1 + exp(margin))
    const double slope = t * inverse * inverse;
    return { std::log1p(t) + std::fmax(-margin, 0.), -y * wrong, slope,
             -y * slope * (1 - 2 * wrong) };
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

  static Derivatives<dim> derivatives(const double* theta, const double* x, const double y) {
    double z = 0;
    for (int i = 0; i < dim; ++i)
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

  static Derivatives<2> derivatives(const double* w, const double* x_, const double y) {
    const double x = *x_, t = std::tanh(w[0] * x), s = 1 - t * t, e = w[1] * t - y;
    const double f1 = w[1] * x * s, f2 = t, f12 = x * s;
    const double f11 = -2 * w[1] * x * x * t * s, f112 = -2 * x * x * t * s;
    const double f111 = -2 * w[1] * x * x * x * s * (s - 2 * t * t);
    Derivatives<2> result;
    result.value = 0.5 * e * e;
    result.gradient = { { e * f1, e * f2 } };
    result.hessian = { { f1 * f1 + e * f11, f1 * f2 + e * f12, f2 * f2 } };
    result.third = { { 3 * f1 * f11 + e * f111, 2 * f1 * f12 + f2 * f11 + e * f112, 2 * f2 * f12,
                       0. } };
    return result;
  }
};

} // namespace fokker_planck::sample_models
