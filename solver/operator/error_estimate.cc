#include "solver/operator/error_estimate.h"

#include "meshes/corners.h"
#include "solver/operator/geometry_error.h"
#include "solver/operator/pinned_functions.h"
#include "solver/operator/recovered_gradient.h"

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

/// Divides functions into parts and judges them by their contents.
template <int dim>
class DegreeParts {
public:
  explicit DegreeParts(const dealii::FE_Q<dim>& element)
    : degree(element.degree), n_dofs(element.n_dofs_per_cell()) {
    for (unsigned int part = 1; part < n_parts; ++part) {
      if (is_whole(part)) continue;
      differences[part].reinit(n_dofs, n_dofs);
      dealii::FETools::get_back_interpolation_matrix(
        element, dealii::FE_Q<dim>(degree - lowered[part]), differences[part]);
      differences[part] *= -1;
      for (unsigned int i = 0; i < n_dofs; ++i)
        differences[part](i, i) += 1;
    }
  }

  /// Whether a part is the function itself, up to constants, which have no gradient.
  bool is_whole(const unsigned int part) const { return part == 0 || lowered[part] >= degree; }

  /// Nodal values of a part that is not the function itself.
  void extract(const unsigned int part, const dealii::Vector<double>& nodal,
               dealii::Vector<double>& result) const {
    result.reinit(n_dofs, true);
    differences[part].vmult(result, nodal);
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
  std::array<dealii::FullMatrix<double>, n_parts> differences; ///< g -> g - I g
};

/// Local values of a function up to a constant, with all digits of its variation.
template <int dim>
class CellValues {
public:
  CellValues(const Discretization<dim>& discretization, const Basins<dim>& basins_,
             const PinnedFunction<dim>& function)
    : basins(basins_), values(discretization.ghosted(function.values)),
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
    const int label = basins(nodes[0]);
    const bool alike = label != Basins<dim>::between &&
                       std::all_of(nodes.begin(), nodes.end(),
                                   [&](const auto node) { return basins(node) == label; });
    cell->get_dof_values(alike ? deviation : values, local);
    cell->get_dof_values(size, local_size);
    const auto [smallest, largest] = std::minmax_element(local.begin(), local.end());
    if (*largest - *smallest < rounding * local_size.linfty_norm()) local = 0;
    return local;
  }

private:
  const Basins<dim>& basins;
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

/// Integrates over one cell after the other.
template <int dim>
class Estimator {
public:
  Estimator(const Generator<dim>& generator, const Basins<dim>& basins,
            const PinnedFunction<dim>& u_, const PinnedFunction<dim>& q_)
    : parts(generator.get_discretization().get_element()),
      u(generator.get_discretization(), basins, u_), q(generator.get_discretization(), basins, q_),
      form(generator.get_form()), symmetric(generator.is_symmetric()) {
    const Discretization<dim>& discretization = generator.get_discretization();
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

  /// negligible(reference): contents of q, multiplied by exp(reference), that need not be divided
  /// into parts; those of u are only if w != 0.
  Integrals integrate(const typename WeightedForm<dim>::Cell& cell, const bool finer,
                      const std::function<double(double)>& negligible) {
    const auto& samples = form.sample(cell, finer);
    const std::size_t n = samples.depths.size();
    std::vector<double> limited(n), unlimited(n);
    for (std::size_t k = 0; k < n; ++k) {
      limited[k] = samples.limited_weight(k);
      unlimited[k] = samples.weight(k);
    }
    Integrals result{};
    reference = samples.reference;
    variation = samples.variation;
    const dealii::Vector<double> u_values = u(cell), q_values = q(cell),
                                 q_change = q.up_to_constant(cell),
                                 u_change = symmetric ? q_change : u.up_to_constant(cell);
    // Of each pack: u, q, and both up to a constant.
    evaluate(*samples.basis, { &u_values, &q_values, &u_change, &q_change }, true);
    for (std::size_t k = 0; k < n; ++k)
      result.mass += unlimited[k] * samples.measure[k] * values[k][0] * values[k][1];
    result.u[0] = product(samples, limited, 2, 2);
    result.q[0] = product(samples, limited, 3, 3);
    if (symmetric) {
      result.form = result.unlimited_form = result.q[0];
      if (variation > WeightedForm<dim>::largest_depth)
        result.unlimited_form = product(samples, unlimited, 3, 3);
    } else {
      const double drift = drift_term(samples, unlimited);
      result.form = product(samples, limited, 0, 3) + drift;
      result.unlimited_form = product(samples, unlimited, 0, 3) + drift;
    }
    const double least = negligible(reference);
    if (least < all) {
      divide(samples, limited, q_change, least, result.q);
      if (symmetric)
        result.u = result.q;
      else
        divide(samples, limited, u_change, 0, result.u);
    }
    if (!recovered.empty()) {
      result.u[1] = jump(samples, limited, u_change, (*recovered[0])(cell));
      result.q[1] = jump(samples, limited, q_change, (*recovered[1])(cell));
    }
    return result;
  }

  const DegreeParts<dim> parts;
  CellValues<dim> u, q;
  double reference, variation; ///< of the cell that was integrated last

private:
  using Samples = typename WeightedForm<dim>::Samples;

  /// Gradients in the unit cell, and values if asked for, of some functions, one per lane.
  void evaluate(const TensorProduct<dim>& basis,
                const std::vector<const dealii::Vector<double>*>& functions,
                const bool with_values) {
    nodal.resize(basis.n_nodes());
    values.resize(basis.n_points());
    gradients.resize(dim * basis.n_points());
    for (unsigned int i = 0; i < basis.n_nodes(); ++i) {
      Pack& node = nodal[basis.place(i)];
      node = Pack{};
      for (std::size_t lane = 0; lane < functions.size(); ++lane)
        node[lane] = (*functions[lane])[i];
    }
    basis.evaluate(nodal.data(), with_values ? values.data() : nullptr, gradients.data());
  }

  dealii::Tensor<1, dim> gradient(const std::size_t n, const std::size_t k,
                                  const unsigned int lane) const {
    dealii::Tensor<1, dim> result;
    for (int i = 0; i < dim; ++i)
      result[i] = gradients[i * n + k][lane];
    return result;
  }

  /// int weight (D grad a) . grad b of two lanes.
  double product(const Samples& samples, const std::vector<double>& weights, const unsigned int a,
                 const unsigned int b) const {
    const std::size_t n = weights.size();
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k)
      sum += weights[k] * (gradient(n, k, b) * (samples.diffusion[k] * gradient(n, k, a)));
    return sum;
  }

  /// int weight u w . grad q.
  double drift_term(const Samples& samples, const std::vector<double>& weights) const {
    const std::size_t n = weights.size();
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k)
      sum += weights[k] * values[k][0] * (samples.drift[k] * gradient(n, k, 3));
    return sum;
  }

  /// The contents of the parts of a function, from that of the whole.
  void divide(const Samples& samples, const std::vector<double>& weights,
              const dealii::Vector<double>& function, const double negligible, Contents& contents) {
    if (!(contents[0] > negligible)) return;
    std::array<dealii::Vector<double>, n_parts> divided;
    std::vector<const dealii::Vector<double>*> wanted;
    for (unsigned int part = 1; part < n_parts; ++part)
      if (!parts.is_whole(part)) {
        parts.extract(part, function, divided[part]);
        wanted.push_back(&divided[part]);
      }
    evaluate(*samples.basis, wanted, false);
    for (unsigned int part = 1, lane = 0; part < n_parts; ++part) {
      contents[part] = parts.is_whole(part) ? contents[0] : product(samples, weights, lane, lane);
      if (!parts.is_whole(part)) ++lane;
    }
  }

  /// The content of grad g minus the recovered gradient.
  double jump(const Samples& samples, const std::vector<double>& weights,
              const dealii::Vector<double>& function,
              const std::array<dealii::Vector<double>, dim>& recovered_gradient) {
    std::vector<const dealii::Vector<double>*> functions{ &function };
    for (const auto& component : recovered_gradient)
      functions.push_back(&component);
    evaluate(*samples.basis, functions, true);
    const std::size_t n = weights.size();
    double content = 0;
    for (std::size_t k = 0; k < n; ++k) {
      dealii::Tensor<1, dim> smooth;
      for (int i = 0; i < dim; ++i)
        smooth[i] = values[k][i + 1];
      const dealii::Tensor<2, dim> jacobian =
        invert(dealii::Tensor<2, dim>(samples.geometry->inverse_jacobian(k)));
      const dealii::Tensor<1, dim> difference = gradient(n, k, 0) - transpose(jacobian) * smooth;
      content += weights[k] * (difference * (samples.diffusion[k] * difference));
    }
    return content;
  }

  WeightedForm<dim>& form;
  const bool symmetric;
  std::vector<std::unique_ptr<RecoveredGradient<dim>>> recovered; ///< of u and q if k = 1
  PackArray nodal, values, gradients;
};

} // namespace

template <int dim>
ErrorEstimate estimate_error(const Generator<dim>& generator, const Basins<dim>& basins,
                             const PinnedFunction<dim>& u, const PinnedFunction<dim>& q,
                             const double exit_level, const double log_rate,
                             const double log_mass) {
  const Problem<dim>& problem = generator.get_problem();
  const Discretization<dim>& discretization = generator.get_discretization();
  const bool symmetric = generator.is_symmetric();
  WeightedForm<dim>& form = generator.get_form();
  const auto& dof_handler = discretization.get_dof_handler();
  GeometryError<dim> geometry(problem, generator.get_gauge(), discretization);
  const auto exponents = corner_exponents(problem, discretization.get_mesh());
  Estimator<dim> estimator(generator, basins, u, q);
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
    const double e_u = estimator.parts.extrapolate(coarse.u, estimator.variation, exponent);
    const double e_q = estimator.parts.extrapolate(coarse.q, estimator.variation, exponent);
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
  template ErrorEstimate estimate_error(const Generator<dim>&, const Basins<dim>&,                 \
                                        const PinnedFunction<dim>&, const PinnedFunction<dim>&,    \
                                        double, double, double);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
