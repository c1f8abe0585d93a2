#include "solver/analyses/valley_errors.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fokker_planck {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// 1 - sum_l of the functions: the probability to reach an exit before any pin.
template <int dim>
PinnedFunction<dim> exit_function(const Generator<dim>& generator,
                                  const std::vector<PinnedFunction<dim>>& functions) {
  PinnedFunction<dim> sum{ generator.ones(), generator.make_vector(), generator.make_vector() };
  for (const auto& function : functions)
    sum.add(-1, function);
  return sum;
}

/// The pairs of basins, exits among them, that a saddle or exit point connects.
template <int dim>
std::vector<std::vector<bool>> find_connections(const PinnedProblem<dim>& pinned) {
  const std::size_t n = pinned.get_basis().size();
  std::vector<std::vector<bool>> connected(n + 1, std::vector<bool>(n + 1, false));
  const auto place = [&](const int well) {
    return well < 0 ? n : static_cast<std::size_t>(pinned.get_basins().pin_of(well));
  };
  for (const auto& point : pinned.get_landscape().critical_points) {
    if (point.leads_to.empty()) continue;
    const std::size_t first = place(point.leads_to.front().well),
                      last = point.leads_to.size() == 1 ? n : place(point.leads_to.back().well);
    connected[first][last] = connected[last][first] = true;
  }
  return connected;
}

/// What errors of a function and its adjoint do, cell by cell.
struct Parts {
  std::vector<double> energy; ///< |e|_K |e*|_K, in units of the flux that the function carries
  std::vector<double> mass;   ///< of the quadrature of q^T M u, relative to that
};

template <int dim>
Parts estimate(const PinnedProblem<dim>& pinned, const PinnedFunction<dim>& u,
               const PinnedFunction<dim>& q, const double log_flux) {
  const Generator<dim>& generator = pinned.get_generator();
  // The estimate is a sum of both, each in its own unit: one of them is made very large.
  constexpr double very_large = 5000;
  const auto indicators = [&](const double log_unit_of_energy, const double log_unit_of_mass) {
    return estimate_error(generator, pinned.get_basins(), u, q, pinned.get_landscape().exit_level,
                          log_unit_of_energy - log_unit_of_mass, log_unit_of_mass)
      .indicators;
  };
  const double log_mass =
    generator.log_product(generator.scaled(q.values), generator.scaled(u.values));
  return { indicators(log_flux, very_large), indicators(very_large, log_mass) };
}

} // namespace

double ValleyErrors::largest() const {
  double result = 0;
  const auto consider = [&](const std::vector<double>& errors) {
    for (const double error : errors)
      if (error > result) result = error;
  };
  for (const auto& row : rates)
    consider(row);
  consider(exits);
  consider(leaving);
  return result;
}

template <int dim>
ValleyErrors estimate_valley_errors(const PinnedProblem<dim>& pinned, const ErrorEstimate& of_rate,
                                    const double safety) {
  const Generator<dim>& generator = pinned.get_generator();
  const PinnedBasis<dim>& basis = pinned.get_basis();
  const std::size_t n = basis.size();
  if (n == 1) {
    const double error = safety * of_rate.relative_error;
    return { { { none } }, { error }, { error }, of_rate.indicators };
  }
  // Of each valley and, last, of the exits.
  std::vector<Parts> parts;
  std::vector<long double> fluxes;
  for (std::size_t m = 0; m < n; ++m)
    fluxes.push_back(-basis.rates.rate[m][m]);
  fluxes.push_back(0);
  for (const long double flux : basis.rates.exit)
    fluxes.back() += std::max(flux, 0.L);
  for (std::size_t m = 0; m <= n; ++m) {
    const double log_flux = static_cast<double>(std::log(fluxes[m])) - basis.log_unit;
    parts.push_back(m < n ? estimate(pinned, basis.forward[m], basis.backward[m], log_flux)
                          : estimate(pinned, exit_function(generator, basis.forward),
                                     exit_function(generator, basis.backward), log_flux));
  }
  const MPI_Comm communicator = generator.get_discretization().get_communicator();
  ValleyErrors errors{ std::vector<std::vector<double>>(n, std::vector<double>(n, none)),
                       std::vector<double>(n, none),
                       {},
                       std::vector<double>(parts[0].energy.size(), 0.) };
  // Of a rate from valley m: of the flux between m and b, and of the mass of m.
  const auto error = [&](const std::size_t m, const std::size_t b, const long double flux) {
    const double unit =
      static_cast<double>(std::sqrt(fluxes[m] / flux) * std::sqrt(fluxes[b] / flux));
    double sum = 0;
    for (std::size_t cell = 0; cell < errors.indicators.size(); ++cell) {
      const double share =
        unit * std::sqrt(parts[m].energy[cell]) * std::sqrt(parts[b].energy[cell]) +
        parts[m].mass[cell];
      errors.indicators[cell] = std::max(errors.indicators[cell], share);
      sum += share;
    }
    return safety * dealii::Utilities::MPI::sum(sum, communicator);
  };
  const auto connected = find_connections(pinned);
  for (std::size_t m = 0; m < n; ++m) {
    errors.leaving.push_back(error(m, m, fluxes[m]));
    if (connected[m][n] && basis.rates.exit[m] > 0)
      errors.exits[m] = error(m, n, basis.rates.exit[m]);
    for (std::size_t l = 0; l < n; ++l)
      if (l != m && connected[m][l] && basis.rates.rate[l][m] > 0)
        errors.rates[m][l] = error(m, l, basis.rates.rate[l][m]);
  }
  return errors;
}

template ValleyErrors estimate_valley_errors(const PinnedProblem<1>&, const ErrorEstimate&, double);
template ValleyErrors estimate_valley_errors(const PinnedProblem<2>&, const ErrorEstimate&, double);
template ValleyErrors estimate_valley_errors(const PinnedProblem<3>&, const ErrorEstimate&, double);

} // namespace fokker_planck
