#include "solver/monte_carlo/stepper.h"

#include "problems/base/input_error.h"

#include <algorithm>
#include <cmath>

namespace fokker_planck {

namespace {

constexpr double most_gaussians = 8; // across r; more are drawn together

} // namespace

template <int dim>
Scheme choose_scheme(const std::string& name, const Problem<dim>& problem) {
  const bool constant = problem.diffusion->is_constant();
  if (name == "euler-maruyama") return Scheme::euler_maruyama;
  if (name == "heun") return Scheme::heun;
  if (name == "milstein") {
    if (dim > 1 || problem.domain.is_radial())
      throw InputError("Monte Carlo/Scheme", name,
                       "in several dimensions and in radial coordinates automatic, euler-maruyama "
                       "or heun is needed");
    return Scheme::milstein;
  }
  if (constant) return Scheme::heun;
  return dim == 1 && !problem.domain.is_radial() ? Scheme::milstein : Scheme::euler_maruyama;
}

std::string to_string(const Scheme scheme) {
  return scheme == Scheme::heun       ? "heun"
         : scheme == Scheme::milstein ? "milstein"
                                      : "euler-maruyama";
}

template <int dim>
Stepper<dim>::Stepper(const Problem<dim>& problem, const Scheme scheme_, const double time_step,
                      const std::size_t n_lanes)
  : coefficients(problem), domain(problem.domain), scheme(scheme_), dt(time_step),
    is_radial(problem.domain.is_radial()), across(n_lanes) {
  for (int i = 0; i < dim; ++i) {
    drift[i].resize(n_lanes);
    second_drift[i].resize(n_lanes);
    variance[i].resize(n_lanes);
  }
  for (auto& entry : factor)
    entry.resize(n_lanes);
  if (is_radial) {
    const double rest = domain.dimension() - 1;
    if (rest <= most_gaussians && rest == std::floor(rest))
      n_noise += static_cast<unsigned int>(rest);
    else
      remaining_freedom = rest;
  }
  if (coefficients.is_constant_noise()) {
    Lanes<dim> anywhere;
    for (int i = 0; i < dim; ++i)
      anywhere[i].assign(n_lanes, domain.center()[i]);
    update_noise(anywhere, n_lanes);
  }
}

template <int dim>
void Stepper<dim>::update_noise(const Lanes<dim>& x, const std::size_t n) {
  coefficients.factors(x, n, 2 * dt, factor);
  for (int i = 0; i < dim; ++i)
    for (std::size_t l = 0; l < n; ++l) {
      double sum = 0;
      for (int j = 0; j <= i; ++j)
        sum += factor[triangle_index(i, j)][l] * factor[triangle_index(i, j)][l];
      variance[i][l] = 0.5 * sum;
    }
}

template <int dim>
dealii::SymmetricTensor<2, dim> Stepper<dim>::diffusion(const std::size_t lane) const {
  dealii::SymmetricTensor<2, dim> result;
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j <= i; ++j) {
      double sum = 0;
      for (int k = 0; k <= j; ++k)
        sum += factor[triangle_index(i, k)][lane] * factor[triangle_index(j, k)][lane];
      result[i][j] = 0.5 * sum;
    }
  return result;
}

template <int dim>
void Stepper<dim>::add_noise(const std::size_t n, const double* const gaussians,
                             Lanes<dim>& y) const {
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j <= i; ++j) {
      double* const to = y[i].data();
      const double *const f = factor[triangle_index(i, j)].data(), *const z = gaussians + j * n;
#pragma GCC ivdep
      for (std::size_t l = 0; l < n; ++l)
        to[l] += f[l] * z[l];
    }
}

template <int dim>
void Stepper<dim>::advance(const Lanes<dim>& x, const std::size_t n, const double* const gaussians,
                           Lanes<dim>& y) {
  coefficients.drifts(x, n, drift);
  if (!coefficients.is_constant_noise()) update_noise(x, n);
  for (int i = 0; i < dim; ++i) {
    double* const to = y[i].data();
    const double *const from = x[i].data(), *const b = drift[i].data();
#pragma GCC ivdep
    for (std::size_t l = 0; l < n; ++l)
      to[l] = from[l] + dt * b[l];
  }
  add_noise(n, gaussians, y);
  if (scheme == Scheme::heun) correct_drift(x, n, gaussians, y);
  if (scheme == Scheme::milstein) add_milstein(x, n, gaussians, y);
}

template <int dim>
void Stepper<dim>::correct_drift(const Lanes<dim>& x, const std::size_t n,
                                 const double* const gaussians, Lanes<dim>& y) {
  // The models need not be defined outside of the domain.
  for (int i = 0; i < dim; ++i)
    for (std::size_t l = 0; l < n; ++l)
      y[i][l] = std::min(std::max(y[i][l], domain.lower[i]), domain.upper[i]);
  coefficients.drifts(y, n, second_drift);
  for (int i = 0; i < dim; ++i)
    for (std::size_t l = 0; l < n; ++l) {
      const double b = drift[i][l], second = second_drift[i][l];
      const double mean = 0.5 * (b + (std::isfinite(second) ? second : b));
      y[i][l] = x[i][l] + dt * mean;
    }
  add_noise(n, gaussians, y);
}

template <int dim>
void Stepper<dim>::add_milstein(const Lanes<dim>& x, const std::size_t n,
                                const double* const gaussians, Lanes<dim>& y) {
  coefficients.divergences(x, n, second_drift);
  for (std::size_t l = 0; l < n; ++l)
    y[0][l] += 0.5 * dt * second_drift[0][l] * (gaussians[l] * gaussians[l] - 1);
}

template <int dim>
void Stepper<dim>::widen(const std::size_t n, const double* const gaussians, Lanes<dim>& y) const {
  for (std::size_t l = 0; l < n; ++l) {
    double chi_square = across[l];
    for (unsigned int i = 1; i < n_noise; ++i)
      chi_square += gaussians[i * n + l] * gaussians[i * n + l];
    y[0][l] = std::sqrt(y[0][l] * y[0][l] + factor[0][l] * factor[0][l] * chi_square);
  }
}

#define INSTANTIATE(dim)                                                                           \
  template Scheme choose_scheme(const std::string&, const Problem<dim>&);                          \
  template class Stepper<dim>;
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
