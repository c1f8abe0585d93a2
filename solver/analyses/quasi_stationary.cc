#include "solver/analyses/quasi_stationary.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "solver/analyses/exit_density.h"
#include "solver/operator/dividing_flux.h"
#include "solver/operator/error_estimate.h"
#include "solver/operator/pinned_functions.h"
#include "solver/operator/pinned_system.h"
#include "solver/operator/rate_matrix.h"
#include "solver/operator/weighted_form.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>
#include <deal.II/lac/vector.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace fokker_planck {

using dealii::types::global_dof_index;

namespace {

constexpr unsigned int max_iterations = 2000;

/// The iteration takes at most so many steps if the slowest mode is much slower than all others.
constexpr unsigned int separated = 4;

std::string seconds(const double time) {
  return format_rounded(time) + " s";
}

/// The steps of the method; the members are the quantities named in the header.
template <int dim>
class Iteration {
public:
  using Vector = dealii::PETScWrappers::MPI::Vector;
  using Function = typename PinnedFunctions<dim>::Function;

  Iteration(const Problem<dim>& problem, const Gauge<dim>& gauge, const Landscape<dim>& landscape,
            const Discretization<dim>& discretization, const SolverOptions& options);

  QuasiStationary<dim> run();

private:
  /// Seconds since the last call.
  double lap() {
    timer.stop();
    const double seconds = timer.wall_time();
    timer.restart();
    return seconds;
  }
  void compute_basis();
  void compute_rates();
  Function initial_guess() const;
  double iterate(Function& u, QuasiStationary<dim>& result);
  Function backward_mode(unsigned int n_iterations) const;
  void compute_exit(QuasiStationary<dim>& result);
  void check(const Function& u, QuasiStationary<dim>& result);
  void check_cutoff(const QuasiStationary<dim>& result);

  Vector step(const std::function<bool(global_dof_index)>& condition) const;
  Vector ones() const;
  Function zero() const {
    return { system.make_vector(), system.make_vector(), system.make_vector() };
  }

  const Problem<dim>& problem;
  const Gauge<dim>& gauge;
  const Landscape<dim>& landscape;
  const Discretization<dim>& discretization;
  const SolverOptions& options;
  const bool symmetric;
  const double shift; ///< all masses and rates are multiplied by exp(shift)
  WeightedForm<dim> form;
  dealii::Timer timer;
  PinnedSystem<dim> system;
  DividingFlux<dim> flux;
  std::vector<Function> forward, backward; ///< s_m and s*_m
  RateMatrix rates;
  Vector last_response;    ///< K^-1 M u^, from which an iterative solver starts
  double weight_limit = 0; ///< largest share of a flux due to the limit on the weights
};

template <int dim>
Iteration<dim>::Iteration(const Problem<dim>& problem_, const Gauge<dim>& gauge_,
                          const Landscape<dim>& landscape_,
                          const Discretization<dim>& discretization_, const SolverOptions& options_)
  : problem(problem_), gauge(gauge_), landscape(landscape_), discretization(discretization_),
    options(options_), symmetric(gauge.is_exact()), shift(landscape.lowest_potential),
    form(problem, gauge, discretization.get_mapping(), discretization.get_element().degree,
         landscape.cutoff_level),
    system(discretization, form, symmetric, options), flux(discretization, form, shift) {}

/// The nodal vector, with ghost values, that is 1 where a condition on the node holds and 0
/// elsewhere.
template <int dim>
typename Iteration<dim>::Vector Iteration<dim>::step(
  const std::function<bool(global_dof_index)>& condition) const {
  Vector result = system.make_vector();
  for (const global_dof_index node : discretization.locally_owned())
    result(node) = condition(node) ? 1. : 0.;
  result.compress(dealii::VectorOperation::insert);
  return discretization.ghosted(result);
}

template <int dim>
typename Iteration<dim>::Vector Iteration<dim>::ones() const {
  Vector result = system.make_vector();
  result = 1.;
  return result;
}

template <int dim>
void Iteration<dim>::compute_basis() {
  const PinnedFunctions<dim> functions(discretization, system, symmetric);
  for (int pin = 0; pin < static_cast<int>(discretization.get_pins().size()); ++pin) {
    forward.push_back(functions.forward(pin));
    backward.push_back(symmetric ? forward.back() : functions.backward(pin));
  }
}

template <int dim>
void Iteration<dim>::compute_rates() {
  const std::size_t n = forward.size();
  std::vector<Vector> s;
  for (const Function& function : forward)
    s.push_back(discretization.ghosted(function.values));

  const auto fluxes_into = [&](const int label) {
    const Vector v =
      step([&](const global_dof_index node) { return discretization.basin(node) == label; });
    std::vector<long double> fluxes(n, 0.L);
    for (std::size_t m = 0; m < n; ++m) {
      if (label == static_cast<int>(m)) continue;
      const auto result = flux(v, s[m]);
      fluxes[m] = result.value;
      weight_limit =
        std::max(weight_limit, static_cast<double>(std::fabs(result.excess / result.value)));
    }
    return fluxes;
  };
  rates.exit = fluxes_into(Watershed<dim>::outside);
  for (std::size_t l = 0; l < n; ++l)
    rates.rate.push_back(fluxes_into(static_cast<int>(l)));
}

template <int dim>
typename Iteration<dim>::Function Iteration<dim>::initial_guess() const {
  const std::size_t n = forward.size();
  std::vector<std::vector<long double>> overlap(n, std::vector<long double>(n));
  for (std::size_t l = 0; n > 1 && l < n; ++l)
    for (std::size_t m = 0; m < n; ++m) {
      const double product =
        system.log_product(system.scaled(backward[l].values), system.scaled(forward[m].values));
      overlap[l][m] =
        std::isnan(product) ? 0.L : std::exp(static_cast<long double>(product + shift));
    }
  const auto t = rates.slowest_mode(overlap);
  Function u = zero();
  const long double largest = *std::max_element(t.begin(), t.end());
  for (std::size_t m = 0; m < n; ++m)
    u.add(static_cast<double>(t[m] / largest), forward[m]);
  return u;
}

/// One step u -> u_new; returns its relative change in the norm (u^T M u)^(1/2).
template <int dim>
double Iteration<dim>::iterate(Function& u, QuasiStationary<dim>& result) {
  const Vector u_scaled = system.scaled(u.values);
  const double old_log_mass = system.log_product(system.scaled(ones()), u_scaled);
  std::vector<long double> b;
  for (const Function& function : backward)
    b.push_back(std::exp(static_cast<long double>(
      system.log_product(system.scaled(function.values), u_scaled) + shift)));
  const auto t = rates.solve(b);
  const long double largest = *std::max_element(t.begin(), t.end()); // u is to be at most about 1
  const long double log_lambda = -std::log(largest);

  system.solve(system.mass_times(u_scaled), last_response);
  Vector response(last_response);
  system.unscale(response);
  response *= static_cast<double>(std::exp(log_lambda));
  Function next{ response, response, response };
  VecAbs(next.size);
  for (std::size_t m = 0; m < forward.size(); ++m)
    next.add(static_cast<double>(t[m] / largest), forward[m]);

  result.log_mass = system.log_product(system.scaled(ones()), system.scaled(next.values));
  result.log_rate = static_cast<double>(log_lambda) + old_log_mass - result.log_mass;
  u.values -= next.values;
  const Vector difference = system.scaled(u.values), next_scaled = system.scaled(next.values);
  const double log_change = 0.5 * (system.log_product(difference, difference) -
                                   system.log_product(next_scaled, next_scaled));
  u = next;
  return std::isnan(log_change) ? 0. : std::exp(log_change); // NaN: a norm that rounding made < 0
}

/// The slowest mode q of A^T, about 1 where it is largest below the exit: the sum of the s*_m,
/// improved by inverse iteration A^T q_new = lambda M q, once or as often as the forward iteration
/// needed it.
template <int dim>
typename Iteration<dim>::Function Iteration<dim>::backward_mode(
  const unsigned int n_iterations) const {
  Function q = zero();
  for (const Function& function : backward)
    q.add(1., function);
  const std::size_t n = backward.size();
  // The sources of q lie where the density is, those of s*_m at the pins: a difference of the order
  // of the rate, which counts beside errors of u in the valley, where w != 0 allows any.
  for (unsigned int step = 0; step < (n_iterations > separated ? n_iterations : 1); ++step) {
    const Vector q_scaled = system.scaled(q.values);
    // t = R^-T b with b_m = s_m^T M q: column by column of R^-1, which has no negative entries.
    std::vector<long double> t(n, 0.L);
    for (std::size_t m = 0; m < n; ++m) {
      const long double b = std::exp(static_cast<long double>(
        system.log_product(system.scaled(forward[m].values), q_scaled) + shift));
      for (std::size_t l = 0; l < n; ++l) {
        std::vector<long double> unit(n, 0.L);
        unit[l] = 1;
        t[l] += rates.solve(unit)[m] * b;
      }
    }
    const long double largest = *std::max_element(t.begin(), t.end());
    Vector response = system.make_vector();
    system.solve(system.mass_times(q_scaled), response, true);
    system.unscale(response);
    response *= static_cast<double>(1 / largest);
    Function next{ response, response, response };
    VecAbs(next.size);
    for (std::size_t m = 0; m < n; ++m)
      next.add(static_cast<double>(t[m] / largest), backward[m]);
    q = zero();
    q.add(1 / system.largest_below(next.values, landscape.exit_level), next);
  }
  return q;
}

template <int dim>
void Iteration<dim>::compute_exit(QuasiStationary<dim>& result) {
  const auto density = compute_exit_density(problem.domain, discretization, form, result.u,
                                            result.log_rate, result.log_mass);
  const double sum = std::accumulate(density.probability.begin(), density.probability.end(), 0.);
  result.flux_discrepancy = std::fabs(sum - 1);
  for (const double probability : density.probability)
    result.exit_probability.push_back(probability / sum);
  result.exit_density = density.values;
}

/// Refuses a result that the mesh does not carry, and removes what is left of negative values.
///
/// The limits were set by comparing 786 coarse meshes of eleven problems with exact rates: the 284
/// rates that are accepted are right within 27 %, most of them much better
/// (tests/convergence/coarse_meshes.cc repeats the larger part).
template <int dim>
void Iteration<dim>::check(const Function& u, QuasiStationary<dim>& result) {
  Vector negative = system.make_vector(), clipped = system.make_vector();
  for (const global_dof_index node : discretization.locally_owned()) {
    const double value = u.values(node);
    negative(node) = std::max(0., -value);
    clipped(node) = std::max(0., value);
  }
  negative.compress(dealii::VectorOperation::insert);
  clipped.compress(dealii::VectorOperation::insert);
  const Vector positive = system.scaled(clipped), below = system.scaled(negative);
  const double log_norm = system.log_product(positive, positive);
  // With an inexact gauge u may be huge where there is no probability: the mass counts then.
  result.negative_part =
    std::exp(symmetric ? 0.5 * (system.log_product(below, below) - log_norm)
                       : system.log_product(system.scaled(ones()), below) - result.log_mass);
  if (std::isnan(result.negative_part)) result.negative_part = 0; // a norm that rounding made < 0
  const Function q = symmetric ? u : backward_mode(result.iterations);
  const double log_product =
    system.log_product(system.scaled(q.values), system.scaled(u.values)); // q^T M u
  result.error = estimate_error(problem, gauge, discretization, form, u, q, symmetric,
                                landscape.exit_level, result.log_rate, log_product);
  result.u = discretization.ghosted(clipped);

  const auto demand = [](const bool condition, const std::string& otherwise) {
    if (!condition)
      throw MeshTooCoarse("the mesh is too coarse to carry the result (" + otherwise +
                          "): increase Discretization/Cells or Degree");
  };
  const unsigned int degree = discretization.get_element().degree;
  demand(weight_limit <= 1e-2, "L/D varies too much within the cells on the way out");
  // Without scale separation the energy is known only up to a factor if w != 0.
  ErrorEstimate& error = result.error;
  if (!symmetric && result.iterations > separated) {
    error.highest_degree /= error.found;
    error.found = 1;
  }
  demand(error.found >= 0.3 && error.highest_degree <= (degree == 1 ? 0.2 : 0.3),
         "the layer at the exit is not resolved");
  demand(result.negative_part <= 1e-3, "the density is not positive");
  demand(result.flux_discrepancy <= 1e-6, "the fluxes through the sides do not add up to the rate");
  if (!symmetric) check_cutoff(result);
}

/// Where Psi is only a guess, the domain may have been cut off where there is probability. Looks at
/// the cells in the border below the cut-off: their share of the mass, and, where absorbing sides
/// lie behind them, the flux they could carry, int p |c . grad Psi| / (height of the border), in
/// comparison with the rate.
template <int dim>
void Iteration<dim>::check_cutoff(const QuasiStationary<dim>& result) {
  typename WeightedForm<dim>::CellMatrices matrices;
  const unsigned int n_dofs = discretization.get_element().n_dofs_per_cell();
  dealii::Vector<double> u(n_dofs), product(n_dofs);
  std::vector<dealii::Tensor<1, dim>> convection, slope;
  double share = 0, leak = 0;
  for (const auto& cell : discretization.get_dof_handler().active_cell_iterators()) {
    if (!cell->is_locally_owned()) continue;
    const double depth = landscape.cutoff_level - form.smallest_potential(cell);
    if (depth <= 0 || depth > Landscape<dim>::border) continue;
    cell->get_dof_values(result.u, u);
    form.compute(cell, matrices);
    matrices.mass.vmult(product, u);
    const double mass = std::accumulate(product.begin(), product.end(), 0.) *
                        std::exp(-matrices.reference - result.log_mass);
    share += mass;
    if (landscape.watershed.leads_to_high_exit(cell->center())) {
      problem.convections({ cell->center() }, convection);
      gauge.gradients({ cell->center() }, slope);
      leak += mass * std::fabs(convection[0] * slope[0]) / Landscape<dim>::border;
    }
  }
  const MPI_Comm communicator = discretization.get_communicator();
  share = dealii::Utilities::MPI::sum(share, communicator);
  leak = dealii::Utilities::MPI::sum(leak, communicator);
  if (share > 1e-8 || std::log(leak) - result.log_rate > std::log(1e-6))
    throw NotConverged(
      "the potential guessed for this noise cuts off a part of the domain where "
      "there is probability: a Discretization/Gauge scale below 1 keeps more of it");
}

template <int dim>
QuasiStationary<dim> Iteration<dim>::run() {
  QuasiStationary<dim> result;
  result.assembly_seconds = lap();
  options.say("  assembled in " + seconds(result.assembly_seconds));
  system.prepare();
  result.setup_seconds = lap();
  options.say("  " + system.get_solver().name() + " set up in " + seconds(result.setup_seconds));

  last_response = system.make_vector();
  compute_basis();
  compute_rates();
  Function u = initial_guess();
  double previous_log_rate = 0;
  const double noise = 10 * system.get_solver().relative_accuracy();
  for (result.iterations = 1;; ++result.iterations) {
    const double change = iterate(u, result);
    if (!std::isfinite(result.log_rate))
      throw MeshTooCoarse(
        "the escape rate is not a positive number; the mesh is too coarse: increase "
        "Discretization/Cells or Degree");
    const double rate_change = std::fabs(result.log_rate - previous_log_rate);
    if (change < std::max(1e-12, noise) &&
        rate_change < std::max(1e-13, noise) * std::max(1., std::fabs(result.log_rate)))
      break;
    options.say("  inverse iteration " + std::to_string(result.iterations) + ": log of the rate " +
                format_number(result.log_rate) + ", change of the density " +
                format_rounded(change));
    previous_log_rate = result.log_rate;
    if (result.iterations == max_iterations)
      throw NotConverged("inverse iteration did not converge in " + std::to_string(max_iterations) +
                         " steps: two modes are almost equally slow, or the mesh is too coarse");
  }
  result.residual = system.residual(system.scaled(u.values), std::exp(result.log_rate));
  result.u = discretization.ghosted(u.values);
  compute_exit(result);
  result.iteration_seconds = lap();
  check(u, result);
  result.estimate_seconds = lap();
  result.method = system.get_solver().name();
  result.linear = system.get_solver().iterations();
  return result;
}

/// Double precision carries exp(1350) in the scaling of the solver, see pinned_system.cc.
template <int dim>
void check_range(const Gauge<dim>& gauge, const Landscape<dim>& landscape) {
  const dealii::Point<dim> lowest = landscape.watershed.lowest_point();
  std::vector<double> potential;
  gauge.values({ lowest }, potential);
  const double depth = landscape.exit_level - potential[0];
  if (depth > 1300)
    throw NotConverged("L/D falls by " + format_number(std::round(depth)) + " from the exit to " +
                       format_point(&lowest[0], dim) +
                       "; more than 1300 exceeds the range of floating-point numbers (is the loss "
                       "without lower bound there, or the noise too small?)");
}

} // namespace

template <int dim>
QuasiStationary<dim> solve_quasi_stationary(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                            const Landscape<dim>& landscape,
                                            const Discretization<dim>& discretization,
                                            const SolverOptions& options) {
  check_range(gauge, landscape);
  try {
    return Iteration<dim>(problem, gauge, landscape, discretization, options).run();
  } catch (const IterationFailed& failure) {
    if (options.method != SolverOptions::Method::automatic) throw;
    options.say(std::string("  ") + failure.what());
  }
  SolverOptions direct = options;
  direct.method = SolverOptions::Method::direct;
  return Iteration<dim>(problem, gauge, landscape, discretization, direct).run();
}

#define INSTANTIATE(dim)                                                                           \
  template QuasiStationary<dim> solve_quasi_stationary(                                            \
    const Problem<dim>&, const Gauge<dim>&, const Landscape<dim>&, const Discretization<dim>&,     \
    const SolverOptions&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
