#include "solver/operator/pinned_basis.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace fokker_planck {

namespace {

/// The nodal vector, with ghost values, that is 1 in a basin and 0 elsewhere.
template <int dim>
typename Generator<dim>::Vector indicator(const Generator<dim>& generator,
                                          const Basins<dim>& basins, const int basin) {
  const Discretization<dim>& discretization = generator.get_discretization();
  auto result = generator.make_vector();
  for (const auto node : discretization.locally_owned())
    result(node) = basins(node) == basin ? 1. : 0.;
  result.compress(dealii::VectorOperation::insert);
  return discretization.ghosted(result);
}

template <int dim>
void compute_rates(const Generator<dim>& generator, const Basins<dim>& basins,
                   PinnedBasis<dim>& basis) {
  const std::size_t n = basis.size();
  std::vector<typename Generator<dim>::Vector> s;
  for (const auto& function : basis.forward)
    s.push_back(generator.get_discretization().ghosted(function.values));
  const auto fluxes_into = [&](const int label) {
    const auto fluxes = generator.fluxes(indicator(generator, basins, label), s, basis.log_unit);
    std::vector<long double> values(n), excess(n);
    for (std::size_t m = 0; m < n; ++m) {
      values[m] = fluxes[m].value;
      excess[m] = std::fabs(fluxes[m].excess);
    }
    return std::make_pair(values, excess);
  };
  std::tie(basis.rates.exit, basis.excess.exit) = fluxes_into(Watershed<dim>::outside);
  if (n == 1) { // the surface around the only basin is that before the exits
    basis.rates.rate = { { -basis.rates.exit[0] } };
    basis.excess.rate = { { 0.L } };
    return;
  }
  for (std::size_t l = 0; l < n; ++l) {
    auto [values, excess] = fluxes_into(static_cast<int>(l));
    basis.rates.rate.push_back(std::move(values));
    basis.excess.rate.push_back(std::move(excess));
  }
}

} // namespace

template <int dim>
double PinnedBasis<dim>::weight_limit(const std::vector<long double>& t) const {
  const std::size_t n = size();
  const auto share = [&](const std::vector<long double>& flux, const std::vector<long double>& over,
                         const std::size_t own) {
    long double into = 0, too_much = 0;
    for (std::size_t m = 0; m < n; ++m) {
      if (m == own) continue;
      into += t[m] * std::fabs(flux[m]);
      too_much += t[m] * over[m];
    }
    return too_much > 0 ? static_cast<double>(too_much / into) : 0.;
  };
  double largest = share(rates.exit, excess.exit, n);
  for (std::size_t l = 0; l < n; ++l)
    largest = std::max(largest, share(rates.rate[l], excess.rate[l], l));
  return largest;
}

template <int dim>
std::vector<std::vector<long double>> PinnedBasis<dim>::overlaps(
  const Generator<dim>& generator) const {
  const std::size_t n = size();
  std::vector<typename Generator<dim>::Vector> masses;
  for (const auto& function : forward)
    masses.push_back(generator.mass_times(generator.scaled(function.values)));
  std::vector<std::vector<long double>> result(n, std::vector<long double>(n));
  for (std::size_t l = 0; l < n; ++l) {
    const auto committor = generator.scaled(backward[l].values);
    for (std::size_t m = 0; m < n; ++m) {
      const double product = generator.log_product_with(committor, masses[m]);
      result[l][m] =
        std::isnan(product) ? 0.L : std::exp(static_cast<long double>(product + log_unit));
    }
  }
  return result;
}

template <int dim>
std::vector<long double> PinnedBasis<dim>::projections(const Generator<dim>& generator,
                                                       const typename Generator<dim>::Vector& u,
                                                       const Equation equation) const {
  const auto mass_times_u = generator.mass_times(u);
  std::vector<long double> result;
  for (const auto& function : equation == Equation::forward ? backward : forward)
    result.push_back(std::exp(static_cast<long double>(
      generator.log_product_with(generator.scaled(function.values), mass_times_u) + log_unit)));
  return result;
}

template <int dim>
PinnedBasis<dim> make_pinned_basis(const Generator<dim>& generator, const Basins<dim>& basins,
                                   const ConstrainedSolver<dim>& solver, const double log_unit) {
  PinnedBasis<dim> basis{ {}, {}, {}, log_unit, {} };
  const PinnedFunctions<dim> functions(generator, basins, solver);
  for (int pin = 0; pin < static_cast<int>(basins.size()); ++pin) {
    basis.forward.push_back(functions(pin, Equation::forward));
    basis.backward.push_back(generator.is_symmetric() ? basis.forward.back()
                                                      : functions(pin, Equation::backward));
  }
  compute_rates(generator, basins, basis);
  return basis;
}

#define INSTANTIATE(dim)                                                                           \
  template struct PinnedBasis<dim>;                                                                \
  template PinnedBasis<dim> make_pinned_basis(const Generator<dim>&, const Basins<dim>&,           \
                                              const ConstrainedSolver<dim>&, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
