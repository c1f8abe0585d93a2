// Quasi-stationary density and probability current from the gauged solution.
//
//   p = exp(-Psi) u / mass,   J = -exp(-Psi) (D grad u + w u) / mass,   mass = int exp(-Psi) u.
//
// In a ball of dimension n the density is per unit of volume: int p S_n r^(n-1) dr = 1 with the
// area S_n = 2 pi^(n/2) / Gamma(n/2) of the unit sphere, and J is per unit of area.
#pragma once

#include "solver/analyses/quasi_stationary.h"

namespace fokker_planck {

template <int dim>
class Density {
public:
  Density(const Problem<dim>& problem, const Gauge<dim>& gauge, double log_mass);

  /// p and J at points where u and its gradient are given. Values of u below zero, which stand for
  /// rounding and interpolation errors of a density that vanishes, count as zero.
  void evaluate(const std::vector<dealii::Point<dim>>& points, const std::vector<double>& u,
                const std::vector<dealii::Tensor<1, dim>>& gradients,
                std::vector<double>& densities,
                std::vector<dealii::Tensor<1, dim>>& currents) const;

private:
  const Problem<dim>& problem;
  const Gauge<dim>& gauge;
  const double log_mass; ///< of int exp(-Psi) u over the ball or box
};

/// Samples on a tensor-product grid.
template <int dim>
struct Samples {
  std::array<std::vector<double>, dim> axes; ///< coordinates along each direction
  std::vector<dealii::Point<dim>> points;    ///< first direction fastest
  std::vector<double> losses, densities;
  std::vector<dealii::Tensor<1, dim>> currents;
};

/// Evaluates loss, density and current on a grid; collective. Only rank 0 receives the values. They
/// are NaN at points outside the domain.
template <int dim>
Samples<dim> sample_density(const Problem<dim>& problem, const Density<dim>& density,
                            const Discretization<dim>& discretization,
                            const QuasiStationary<dim>& solution,
                            const std::array<std::vector<double>, dim>& axes);

/// The density of exit points (see ExitDensity) on a grid on absorbing sides; collective. Only rank
/// 0 receives the values, with the first direction fastest.
template <int dim>
std::vector<double> sample_exit_density(const Problem<dim>& problem,
                                        const Discretization<dim>& discretization,
                                        const QuasiStationary<dim>& solution,
                                        const std::array<std::vector<double>, dim>& axes);

/// n equally spaced points from a to b, both included.
std::vector<double> linspace(double a, double b, unsigned int n);

} // namespace fokker_planck
