// One time step of many trajectories, without the boundary.
//
// With the Ito drift B = b + a div D and a Cholesky factor F F^T = 2 D dt:
//   Euler-Maruyama  y = x + B(x) dt + F(x) Z
//   Heun            y = x + [B(x) + B(x + B(x) dt + F(x) Z)] dt/2 + F(x) Z
//   Milstein        y = x + B(x) dt + F(x) Z + D'(x) (Z^2 - 1) dt/2   (one dimension)
// All are of first weak order, Heun's of second order for constant D; Milstein's is of first strong
// order. Reference: Kloeden, Platen, Numerical Solution of Stochastic Differential Equations, 1992.
//
// In radial coordinates the step is that of n Cartesian components, of which one lies along r:
//   y = sqrt((r + B dt + F Z)^2 + F^2 chi^2),   chi^2 of n - 1 degrees of freedom,
// which holds for any real n >= 1 and needs no care at r = 0.
#pragma once

#include "solver/monte_carlo/coefficients.h"
#include "solver/monte_carlo/random.h"

#include <string>

namespace fokker_planck {

enum class Scheme { euler_maruyama, heun, milstein };

/// The scheme of a name in section Monte Carlo; automatic: Heun for constant D, otherwise Milstein
/// in one dimension and Euler-Maruyama in several and in radial coordinates. Throws InputError if
/// the scheme does not suit the problem.
template <int dim>
Scheme choose_scheme(const std::string& name, const Problem<dim>& problem);

std::string to_string(Scheme scheme);

template <int dim>
class Stepper {
public:
  Stepper(const Problem<dim>& problem, Scheme scheme, double time_step, std::size_t n_lanes);

  /// Independent Gaussian numbers per step.
  unsigned int n_gaussians() const { return n_noise; }

  /// Steps of the first n lanes from x to y. Gaussian number i of lane l is gaussians[i n + l].
  /// remainder(l) gives chi^2 of get_remaining_freedom() degrees of freedom, which is asked for
  /// only if these are not zero.
  template <typename Remainder>
  void step(const Lanes<dim>& x, const std::size_t n, const double* const gaussians,
            const Remainder& remainder, Lanes<dim>& y) {
    advance(x, n, gaussians, y);
    if (!is_radial) return;
    for (std::size_t l = 0; l < n; ++l)
      across[l] = remaining_freedom > 0 ? remainder(l) : 0.;
    widen(n, gaussians, y);
  }

  /// Degrees of freedom of the components across r that are not drawn as Gaussian numbers.
  double get_remaining_freedom() const { return remaining_freedom; }

  /// D_ii dt of the last step, by component and lane.
  const Lanes<dim>& get_variance() const { return variance; }

  /// D dt of a lane in the last step.
  dealii::SymmetricTensor<2, dim> diffusion(std::size_t lane) const;

private:
  void advance(const Lanes<dim>& x, std::size_t n, const double* gaussians, Lanes<dim>& y);
  void add_noise(std::size_t n, const double* gaussians, Lanes<dim>& y) const;
  void update_noise(const Lanes<dim>& x, std::size_t n);
  void correct_drift(const Lanes<dim>& x, std::size_t n, const double* gaussians, Lanes<dim>& y);
  void add_milstein(const Lanes<dim>& x, std::size_t n, const double* gaussians, Lanes<dim>& y);
  void widen(std::size_t n, const double* gaussians, Lanes<dim>& y) const;

  Coefficients<dim> coefficients;
  const Domain<dim>& domain;
  const Scheme scheme;
  const double dt;
  const bool is_radial;
  unsigned int n_noise = dim;
  double remaining_freedom = 0;
  Lanes<dim> drift, second_drift, variance;
  std::array<std::vector<double>, n_triangle<dim>> factor; ///< F
  std::vector<double> across;
};

} // namespace fokker_planck
