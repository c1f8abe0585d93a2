#include "solver/error_estimate.h"

#include "solver/corners.h"
#include "solver/geometry_error.h"
#include "solver/recovered_gradient.h"

#include <deal.II/base/mpi.h>
#include <deal.II/fe/fe_tools.h>
#include <deal.II/lac/petsc_vector.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

namespace fokker_planck {

namespace {

constexpr double depth = 25; // below the exit, of the cells that count for the resolution

/// Cells in which q changes by less than this do not count for the resolution.
constexpr double least_change = 1e-6;

/// Changes that are smaller, relative to the terms of the function, are rounding errors. (What is
/// left out has a share of the energy that is not larger: wells in equilibrium with each other.)
constexpr double rounding = 1e-10;

/// Share of the energy in one cell that cannot be.
constexpr double most_energy = 2;

/// Cells with a smaller share of the energy are not looked at closely.
constexpr double negligible_share = 1e-13;

constexpr double all = std::numeric_limits<double>::infinity();

/// A function and its parts beyond degrees k-1, k-2 and k-4. For k = 1 there is nothing below;
/// the first part is then the difference to the recovered gradient.
constexpr unsigned int n_parts = 4;
constexpr std::array<unsigned int, n_parts> lowered = { { 0, 1, 2, 4 } };

/// b_j of a function in a cell, in the order of the parts.
using Contents = std::array<double, n_parts>;

/// Computes the contents of functions cell by cell.
template <int dim>
class ContentOfDegrees {
public:
  explicit ContentOfDegrees(const dealii::FE_Q<dim>& element)
    : degree(element.degree), n_dofs(element.n_dofs_per_cell()) {
    for (unsigned int part = 0; part < n_parts; ++part) {
      if (part > 0 && lowered[part] >= degree) continue; // constants are left, without gradient
      differences[part].reinit(n_dofs, n_dofs);
      if (part > 0)
        dealii::FETools::get_back_interpolation_matrix(
          element, dealii::FE_Q<dim>(degree - lowered[part]), differences[part]);
      differences[part] *= -1;
      for (unsigned int i = 0; i < n_dofs; ++i)
        differences[part](i, i) += 1;
    }
  }

  /// The contents, multiplied by exp(reference); those of the parts only if the function itself has
  /// more than negligible.
  Contents operator()(const typename WeightedForm<dim>::Samples& samples,
                      const std::vector<double>& weights, const dealii::Vector<double>& nodal,
                      const double negligible) const {
    Contents contents{};
    dealii::Vector<double> part(n_dofs);
    for (unsigned int p = 0; p < n_parts; ++p) {
      if (p > 0 && !(contents[0] > negligible)) break;
      if (differences[p].m() == 0) {
        contents[p] = contents[0];
        continue;
      }
      differences[p].vmult(part, nodal);
      for (unsigned int k = 0; k < weights.size(); ++k) {
        dealii::Tensor<1, dim> gradient;
        for (unsigned int j = 0; j < n_dofs; ++j)
          gradient += part[j] * samples.values.shape_grad(j, k);
        contents[p] += weights[k] * (gradient * (samples.tensors[k] * gradient));
      }
    }
    return contents;
  }

  /// |e|_K^2 from the contents, the variation of Psi and the exponent of a corner (or infinity).
  double extrapolate(const Contents& b, const double variation, const double exponent) const {
    if (!(b[2] > 0)) return 0;
    const double square = variation * variation;
    if (degree == 1) return std::min(b[0], std::max(b[0] * square / 12, b[1]));
    // As degree k to k-1, and so on; tempered, because degree k-1 may be absent by symmetry.
    const double next = std::sqrt(tail(b[1], b[2] - b[1]) *
                                  std::min(tail(b[1], b[2] - b[1]), tail(b[2], b[3] - b[2])));
    const double next_two = degree == 2   ? b[2] * std::min(1., square / 12 * square / 60)
                            : degree == 3 ? b[2] * std::min(1., square / 60 * square / 140)
                                          : b[2] * b[2] / b[3] / acceleration(degree);
    return std::min(b[2], std::max({ next, next_two, corner_tail(b, exponent) }));
  }

private:
  /// Sum of the geometric series that goes on from before, last; the ratio is at most 0.9.
  static double tail(const double last, const double before) {
    const double ratio = std::min(last / std::max(before, 1e-300), 0.9);
    return last * ratio / (1 - ratio);
  }

  /// The sum of the contents above degree k decreases as k^(-4 alpha) in the corner.
  double corner_tail(const Contents& b, const double exponent) const {
    if (!std::isfinite(exponent)) return 0;
    if (degree == 1) return b[1];
    const unsigned int known = degree == 2 ? 1 : 2;
    return b[known] / (std::pow(degree / (degree - 1. * known), 4 * exponent) - 1);
  }

  /// By how much faster the content of an exponential falls from degree k-1 to k+1 than from k-3 to
  /// k-1; content j is proportional to x^j / ((2j-1)!!)^2. Not so at a corner, where it falls
  /// slowly.
  static double acceleration(const unsigned int k) {
    const auto odd = [](const int n) { return static_cast<double>(n); };
    const double later = odd(2 * k - 1) * odd(2 * k + 1), before = odd(2 * k - 5) * odd(2 * k - 3);
    return later * later / (before * before);
  }

  const unsigned int degree, n_dofs;
  std::array<dealii::FullMatrix<double>, n_parts>
    differences; ///< g -> g - I g; empty: as the first
};

/// Local values of a function up to a constant, with all digits of its variation.
template <int dim>
class LocalValues {
public:
  LocalValues(const Discretization<dim>& discretization_,
              const typename PinnedFunctions<dim>::Function& function)
    : discretization(discretization_), values(discretization.ghosted(function.values)),
      deviation(discretization.ghosted(function.deviation)),
      size(discretization.ghosted(function.size)),
      nodes(discretization.get_element().n_dofs_per_cell()), local(nodes.size()),
      local_size(nodes.size()) {}

  /// The values themselves.
  const dealii::Vector<double>& operator()(const typename WeightedForm<dim>::Cell& cell) {
    cell->get_dof_values(values, local);
    return local;
  }

  const dealii::Vector<double>& up_to_constant(const typename WeightedForm<dim>::Cell& cell) {
    cell->get_dof_indices(nodes);
    const int label = discretization.basin(nodes[0]);
    const bool alike = label != Discretization<dim>::between &&
                       std::all_of(nodes.begin(), nodes.end(), [&](const auto node) {
                         return discretization.basin(node) == label;
                       });
    cell->get_dof_values(alike ? deviation : values, local);
    cell->get_dof_values(size, local_size);
    const auto [smallest, largest] = std::minmax_element(local.begin(), local.end());
    if (*largest - *smallest < rounding * local_size.linfty_norm()) local = 0;
    return local;
  }

private:
  const Discretization<dim>& discretization;
  const dealii::PETScWrappers::MPI::Vector values, deviation, size;
  std::vector<dealii::types::global_dof_index> nodes;
  dealii::Vector<double> local, local_size;
};

/// The integrals of a cell, multiplied by exp(reference).
struct Integrals {
  Contents u, q;
  double mass;                 ///< int exp(-Psi) q u
  double form, unlimited_form; ///< a(u, q) with and without the limit on the weight
};

template <int dim>
class Estimator {
public:
  Estimator(const Gauge<dim>& gauge_, const Discretization<dim>& discretization,
            WeightedForm<dim>& form_, const typename PinnedFunctions<dim>::Function& u_,
            const typename PinnedFunctions<dim>::Function& q_, const bool symmetric_)
    : gauge(gauge_), form(form_), symmetric(symmetric_), content(discretization.get_element()),
      u(discretization, u_), q(discretization, q_) {
    if (discretization.get_element().degree > 1) return;
    const auto counts = [this](const auto& cell) {
      return !form.is_cut_off(form.smallest_potential(cell));
    };
    for (auto* const function : { &u, &q })
      recovered.push_back(std::make_unique<RecoveredGradient<dim>>(
        discretization,
        [&](const auto& cell) -> const dealii::Vector<double>& {
          return function->up_to_constant(cell);
        },
        counts));
  }

  /// negligible(reference): contents, multiplied by exp(reference), that need not be divided into
  /// parts.
  Integrals integrate(const typename WeightedForm<dim>::Cell& cell, const bool finer,
                      const std::function<double(double)>& negligible) {
    const auto samples = form.sample(cell, finer);
    const std::size_t n = samples.potentials.size();
    std::vector<double> limited(n), unlimited(n);
    for (std::size_t k = 0; k < n; ++k) {
      const double rise = samples.potentials[k] - samples.reference;
      unlimited[k] = std::exp(-rise) * samples.values.JxW(k);
      limited[k] =
        std::exp(-std::min(rise, WeightedForm<dim>::largest_depth)) * samples.values.JxW(k);
    }
    Integrals result{};
    reference = samples.reference;
    variation = samples.variation;
    const dealii::Vector<double> q_values = q(cell), u_values = u(cell);
    for (std::size_t k = 0; k < n; ++k) {
      double q_here = 0, u_here = 0;
      for (unsigned int j = 0; j < q_values.size(); ++j) {
        q_here += q_values[j] * samples.values.shape_value(j, k);
        u_here += u_values[j] * samples.values.shape_value(j, k);
      }
      result.mass += unlimited[k] * q_here * u_here;
    }
    const auto& q_change = q.up_to_constant(cell);
    const double least = negligible(reference);
    result.q = content(samples, limited, q_change, least);
    if (!recovered.empty()) result.q[1] = jump(samples, limited, q_change, (*recovered[1])(cell));
    result.form = result.unlimited_form = result.q[0];
    if (!symmetric)
      integrate_form(samples, limited, unlimited, u_values, q_change, result);
    else if (variation > WeightedForm<dim>::largest_depth)
      result.unlimited_form = content(samples, unlimited, q_change, all)[0];
    result.u = symmetric
                 ? result.q
                 : content(samples, limited, u.up_to_constant(cell), symmetric ? least : 0.);
    if (!recovered.empty())
      result.u[1] = jump(samples, limited, u.up_to_constant(cell), (*recovered[0])(cell));
    return result;
  }

  /// int exp(-Psi) (D grad u + w u) . grad q, where the limit acts on the first term.
  void integrate_form(const typename WeightedForm<dim>::Samples& samples,
                      const std::vector<double>& limited, const std::vector<double>& unlimited,
                      const dealii::Vector<double>& u_values,
                      const dealii::Vector<double>& q_values, Integrals& result) {
    std::vector<dealii::Tensor<1, dim>> mismatches;
    gauge.mismatches(samples.values.get_quadrature_points(), samples.tensors, mismatches);
    result.form = result.unlimited_form = 0;
    for (std::size_t k = 0; k < limited.size(); ++k) {
      dealii::Tensor<1, dim> slope_u, slope_q;
      double u_here = 0;
      for (unsigned int j = 0; j < u_values.size(); ++j) {
        const dealii::Tensor<1, dim> slope = samples.values.shape_grad(j, k);
        slope_u += u_values[j] * slope;
        slope_q += q_values[j] * slope;
        u_here += u_values[j] * samples.values.shape_value(j, k);
      }
      const double diffusive = slope_q * (samples.tensors[k] * slope_u);
      const double drift = unlimited[k] * u_here * (slope_q * mismatches[k]);
      result.form += limited[k] * diffusive + drift;
      result.unlimited_form += unlimited[k] * diffusive + drift;
    }
  }

  /// The content of grad g minus the recovered gradient.
  static double jump(const typename WeightedForm<dim>::Samples& samples,
                     const std::vector<double>& weights, const dealii::Vector<double>& nodal,
                     const std::array<dealii::Vector<double>, dim>& recovered_gradient) {
    double content = 0;
    for (unsigned int k = 0; k < weights.size(); ++k) {
      dealii::Tensor<1, dim> difference;
      for (unsigned int j = 0; j < nodal.size(); ++j) {
        difference += nodal[j] * samples.values.shape_grad(j, k);
        for (int i = 0; i < dim; ++i)
          difference[i] -= recovered_gradient[i][j] * samples.values.shape_value(j, k);
      }
      content += weights[k] * (difference * (samples.tensors[k] * difference));
    }
    return content;
  }

  const Gauge<dim>& gauge;
  WeightedForm<dim>& form;
  const bool symmetric;
  const ContentOfDegrees<dim> content;
  LocalValues<dim> u, q;
  std::vector<std::unique_ptr<RecoveredGradient<dim>>> recovered; ///< of u and q if k = 1
  double reference, variation; ///< of the cell that was integrated last
};

} // namespace

template <int dim>
ErrorEstimate estimate_error(const Problem<dim>& problem, const Gauge<dim>& gauge,
                             const Discretization<dim>& discretization, WeightedForm<dim>& form,
                             const typename PinnedFunctions<dim>::Function& u,
                             const typename PinnedFunctions<dim>::Function& q, const bool symmetric,
                             const double exit_level, const double log_rate,
                             const double log_mass) {
  const auto& dof_handler = discretization.get_dof_handler();
  GeometryError<dim> geometry(problem, gauge, discretization);
  const auto exponents = corner_exponents(problem, discretization.get_mesh());
  Estimator<dim> estimator(gauge, discretization, form, u, q, symmetric);
  ErrorEstimate result{ 0, std::vector<double>(dof_handler.get_triangulation().n_active_cells()), 0,
                        0 };
  for (const auto& cell : dof_handler.active_cell_iterators()) {
    if (!cell->is_locally_owned() || form.is_cut_off(form.smallest_potential(cell))) continue;
    const Integrals coarse = estimator.integrate(cell, false, [&](const double reference) {
      // Without detailed balance the contents of u and q may differ widely.
      return symmetric ? static_cast<double>(negligible_share * std::exp(static_cast<long double>(
                                                                  reference + log_mass + log_rate)))
                       : 0.;
    });
    const Integrals fine = estimator.integrate(cell, true, [](double) { return all; });
    const long double mass_scale =
      std::exp(static_cast<long double>(-estimator.reference - log_mass));
    const long double energy_scale =
      std::exp(static_cast<long double>(-estimator.reference - log_mass - log_rate));
    const auto scaled = [&](const double energy) {
      return static_cast<double>(energy_scale * energy);
    };
    // The shares of the energy add up to one. Where a valley is so deep that rounding errors exceed
    // that, the solution itself has no share to speak of.
    if (symmetric && !(scaled(coarse.q[0]) < most_energy)) continue;
    const dealii::Vector<double> q_local = estimator.q(cell), u_local = estimator.u(cell);
    const double exponent = exponents[cell->active_cell_index()];
    const double e_u = estimator.content.extrapolate(coarse.u, estimator.variation, exponent);
    const double e_q = estimator.content.extrapolate(coarse.q, estimator.variation, exponent);
    double& indicator = result.indicators[cell->active_cell_index()];
    indicator =
      scaled(std::sqrt(e_u) * std::sqrt(e_q)) +
      scaled(std::fabs(coarse.form - fine.form) + std::fabs(fine.form - fine.unlimited_form)) +
      std::fabs(scaled(geometry(cell, u_local, q_local, estimator.reference))) +
      static_cast<double>(mass_scale * std::fabs(coarse.mass - fine.mass));
    result.relative_error += indicator;
    const auto [smallest, largest] = std::minmax_element(q_local.begin(), q_local.end());
    if (*largest - *smallest < least_change || estimator.reference < exit_level - depth) continue;
    const double ratio = std::fabs(u_local.mean_value() / q_local.mean_value());
    result.found += scaled(ratio * coarse.q[0]);
    result.highest_degree += scaled(
      ratio * (discretization.get_element().degree > 1
                 ? coarse.q[1]
                 : coarse.q[0] * std::min(1., estimator.variation * estimator.variation / 12)));
  }
  const MPI_Comm communicator = discretization.get_communicator();
  result.relative_error = dealii::Utilities::MPI::sum(result.relative_error, communicator);
  result.found = dealii::Utilities::MPI::sum(result.found, communicator);
  result.highest_degree = dealii::Utilities::MPI::sum(result.highest_degree, communicator);
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template ErrorEstimate estimate_error(                                                           \
    const Problem<dim>&, const Gauge<dim>&, const Discretization<dim>&, WeightedForm<dim>&,        \
    const PinnedFunctions<dim>::Function&, const PinnedFunctions<dim>::Function&, bool, double,    \
    double, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
