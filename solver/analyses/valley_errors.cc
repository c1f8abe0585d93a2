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

/// The lowest pass between each pair of basins, exits among them, that a saddle or exit point
/// connects; infinite for others.
template <int dim>
std::vector<std::vector<double>> find_passes(const PinnedProblem<dim>& pinned) {
  const std::size_t n = pinned.get_basis().size();
  std::vector<std::vector<double>> passes(
    n + 1, std::vector<double>(n + 1, std::numeric_limits<double>::infinity()));
  const auto place = [&](const int well) {
    return well < 0 ? n : static_cast<std::size_t>(pinned.get_basins().pin_of(well));
  };
  for (const auto& point : pinned.get_landscape().critical_points) {
    if (point.leads_to.empty()) continue;
    const std::size_t first = place(point.leads_to.front().well),
                      last = point.leads_to.size() == 1 ? n : place(point.leads_to.back().well);
    passes[first][last] = passes[last][first] = std::min(passes[first][last], point.potential);
  }
  return passes;
}

/// A function and its adjoint.
template <int dim>
struct Pair {
  const PinnedFunction<dim>&u, &q;
};

/// The estimate for a pair is a sum of what the energy and the mass add, each in its own unit: one
/// of them is made very large.
constexpr double very_large = 5000;

/// Per cell the height of its top if the weight is limited in it, infinite otherwise.
template <int dim>
std::vector<double> tops_of_steep_cells(const PinnedProblem<dim>& pinned) {
  const Generator<dim>& generator = pinned.get_generator();
  const auto& dof_handler = generator.get_discretization().get_dof_handler();
  std::vector<double> tops(dof_handler.get_triangulation().n_active_cells(),
                           std::numeric_limits<double>::infinity());
  std::vector<dealii::Point<dim>> corners;
  std::vector<double> potentials;
  for (const auto& cell : dof_handler.active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    corners.clear();
    for (const unsigned int vertex : cell->vertex_indices())
      corners.push_back(cell->vertex(vertex));
    generator.get_gauge().values(corners, potentials);
    const double top = *std::max_element(potentials.begin(), potentials.end());
    if (top - generator.get_form().smallest_potential(cell) > WeightedForm<dim>::largest_depth)
      tops[cell->active_cell_index()] = top;
  }
  return tops;
}

/// |e|_K |e*|_K of a pair per cell, in units of exp(log_flux). Cells with more energy than that
/// belong to lower ridges and count as 0.
template <int dim>
std::vector<double> energy_errors(const PinnedProblem<dim>& pinned, const Pair<dim>& pair,
                                  const double log_flux) {
  return estimate_error(pinned.get_generator(), pinned.get_basins(), pair.u, pair.q,
                        pinned.get_landscape().exit_level, log_flux - very_large, very_large)
    .indicators;
}

/// Of the quadrature of q^T M u per cell, relative to that.
template <int dim>
std::vector<double> mass_errors(const PinnedProblem<dim>& pinned, const Pair<dim>& pair) {
  const Generator<dim>& generator = pinned.get_generator();
  const double log_mass =
    generator.log_product(generator.scaled(pair.q.values), generator.scaled(pair.u.values));
  return estimate_error(generator, pinned.get_basins(), pair.u, pair.q,
                        pinned.get_landscape().exit_level, very_large - log_mass, log_mass)
    .indicators;
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
  return result;
}

template <int dim>
ValleyErrors estimate_valley_errors(const PinnedProblem<dim>& pinned, const ErrorEstimate& of_rate,
                                    const double safety) {
  const Generator<dim>& generator = pinned.get_generator();
  const PinnedBasis<dim>& basis = pinned.get_basis();
  const std::size_t n = basis.size();
  if (n == 1) return { { { none } }, { safety * of_rate.relative_error }, of_rate.indicators };

  const auto exit_forward = exit_function(generator, basis.forward),
             exit_backward = exit_function(generator, basis.backward);
  const auto pair = [&](const std::size_t m) -> Pair<dim> {
    if (m == n) return { exit_forward, exit_backward };
    return { basis.forward[m], basis.backward[m] };
  };
  const MPI_Comm communicator = generator.get_discretization().get_communicator();
  ValleyErrors errors{ std::vector<std::vector<double>>(n, std::vector<double>(n, none)),
                       std::vector<double>(n, none),
                       std::vector<double>(of_rate.indicators.size(), 0.) };
  const auto passes = find_passes(pinned);
  const auto tops = tops_of_steep_cells(pinned);
  for (std::size_t m = 0; m < n; ++m) {
    const auto of_mass = mass_errors(pinned, pair(m));
    for (std::size_t l = 0; l <= n; ++l) {
      const long double flux = l < n ? basis.rates.rate[l][m] : basis.rates.exit[m];
      if (l == m || !std::isfinite(passes[m][l]) || !(flux > 0)) continue;
      const double log_flux = static_cast<double>(std::log(flux)) - basis.log_unit;
      const auto of_m = energy_errors(pinned, pair(m), log_flux),
                 of_l = energy_errors(pinned, pair(l), log_flux);
      double sum = 0;
      for (std::size_t cell = 0; cell < of_mass.size(); ++cell) {
        const double hidden =
          tops[cell] < passes[m][l] ? std::exp(tops[cell] - passes[m][l]) / safety : 0;
        const double share = std::sqrt(of_m[cell]) * std::sqrt(of_l[cell]) + of_mass[cell] + hidden;
        errors.indicators[cell] = std::max(errors.indicators[cell], share);
        sum += share;
      }
      (l < n ? errors.rates[m][l] : errors.exits[m]) =
        safety * dealii::Utilities::MPI::sum(sum, communicator);
    }
  }
  return errors;
}

template ValleyErrors estimate_valley_errors(const PinnedProblem<1>&, const ErrorEstimate&, double);
template ValleyErrors estimate_valley_errors(const PinnedProblem<2>&, const ErrorEstimate&, double);
template ValleyErrors estimate_valley_errors(const PinnedProblem<3>&, const ErrorEstimate&, double);

} // namespace fokker_planck
