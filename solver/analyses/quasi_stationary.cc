#include "solver/analyses/quasi_stationary.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "solver/analyses/exit_density.h"
#include "solver/analyses/result_checks.h"
#include "solver/operator/petsc.h"

#include <deal.II/base/timer.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fokker_planck {

using dealii::types::global_dof_index;

namespace {

constexpr unsigned int max_iterations = 2000;

/// The iteration takes at most so many steps if the slowest mode is much slower than all others.
constexpr unsigned int separated = 4;

/// The steps of the method; the members are the quantities named in the header.
template <int dim>
class InverseIteration {
public:
  using Vector = typename Generator<dim>::Vector;

  explicit InverseIteration(const PinnedProblem<dim>& pinned_)
    : pinned(pinned_), generator(pinned.get_generator()),
      discretization(generator.get_discretization()), solver(pinned.get_solver()),
      basis(pinned.get_basis()) {}

  QuasiStationary<dim> run();

private:
  void find_mode(PinnedFunction<dim>& u, QuasiStationary<dim>& result);
  PinnedFunction<dim> initial_guess() const;
  double iterate(PinnedFunction<dim>& u, QuasiStationary<dim>& result);
  PinnedFunction<dim> backward_mode(unsigned int n_iterations) const;
  PinnedFunction<dim> combine(const std::vector<PinnedFunction<dim>>& functions,
                              const std::vector<long double>& t, const Vector& response) const;
  void compute_exit(QuasiStationary<dim>& result);
  void remove_negative_part(const PinnedFunction<dim>& u, QuasiStationary<dim>& result) const;
  void estimate(const PinnedFunction<dim>& u, QuasiStationary<dim>& result) const;

  PinnedFunction<dim> zero() const {
    return { generator.make_vector(), generator.make_vector(), generator.make_vector() };
  }

  const PinnedProblem<dim>& pinned;
  const Generator<dim>& generator;
  const Discretization<dim>& discretization;
  const ConstrainedSolver<dim>& solver;
  const PinnedBasis<dim>& basis;
  Vector last_response; ///< K^-1 M u^, from which an iterative solver starts
};

template <int dim>
PinnedFunction<dim> InverseIteration<dim>::initial_guess() const {
  const std::size_t n = basis.size();
  const auto t =
    n > 1 ? basis.rates.slowest_mode(basis.overlaps(generator)) : std::vector<long double>{ 1.L };
  PinnedFunction<dim> u = zero();
  const long double largest = *std::max_element(t.begin(), t.end());
  for (std::size_t m = 0; m < n; ++m)
    u.add(static_cast<double>(t[m] / largest), basis.forward[m]);
  return u;
}

/// response + sum_m t_m / (largest t) of functions.
template <int dim>
PinnedFunction<dim> InverseIteration<dim>::combine(
  const std::vector<PinnedFunction<dim>>& functions, const std::vector<long double>& t,
  const Vector& response) const {
  const long double largest = *std::max_element(t.begin(), t.end());
  PinnedFunction<dim> sum{ response, response, response };
  check_petsc(VecAbs(sum.size));
  for (std::size_t m = 0; m < functions.size(); ++m)
    sum.add(static_cast<double>(t[m] / largest), functions[m]);
  return sum;
}

/// One step u -> u_new; returns its relative change in the norm (u^T M u)^(1/2).
template <int dim>
double InverseIteration<dim>::iterate(PinnedFunction<dim>& u, QuasiStationary<dim>& result) {
  const Vector u_scaled = generator.scaled(u.values);
  const Vector one = generator.scaled(generator.ones());
  const double old_log_mass = generator.log_product(one, u_scaled);
  const auto t = basis.rates.solve(basis.projections(generator, u_scaled, Equation::forward));
  result.weight_limit = basis.weight_limit(t);
  const long double largest = *std::max_element(t.begin(), t.end()); // u is to be at most about 1
  const long double log_lambda = -std::log(largest);

  solver.solve(generator.mass_times(u_scaled), last_response);
  Vector response(last_response);
  generator.unscale(response);
  response *= static_cast<double>(std::exp(log_lambda));
  const PinnedFunction<dim> next = combine(basis.forward, t, response);

  result.log_mass = generator.log_product(one, generator.scaled(next.values));
  result.log_rate = static_cast<double>(log_lambda) + old_log_mass - result.log_mass;
  u.values -= next.values;
  const Vector difference = generator.scaled(u.values), next_scaled = generator.scaled(next.values);
  const double log_change = 0.5 * (generator.log_product(difference, difference) -
                                   generator.log_product(next_scaled, next_scaled));
  u = next;
  return std::isnan(log_change) ? 0. : std::exp(log_change); // NaN: a norm that rounding made < 0
}

/// The slowest mode q of A^T, about 1 where it is largest below the exit: the sum of the s*_m,
/// improved by inverse iteration A^T q_new = lambda M q, once or as often as the forward iteration
/// needed it.
template <int dim>
PinnedFunction<dim> InverseIteration<dim>::backward_mode(const unsigned int n_iterations) const {
  PinnedFunction<dim> q = zero();
  for (const PinnedFunction<dim>& function : basis.backward)
    q.add(1., function);
  // The sources of q lie where the density is, those of s*_m at the pins: a difference of the order
  // of the rate, which counts beside errors of u in the valley, where w != 0 allows any.
  for (unsigned int step = 0; step < (n_iterations > separated ? n_iterations : 1); ++step) {
    const Vector q_scaled = generator.scaled(q.values);
    const auto t =
      basis.rates.solve_transposed(basis.projections(generator, q_scaled, Equation::backward));
    const long double largest = *std::max_element(t.begin(), t.end());
    Vector response = generator.make_vector();
    solver.solve(generator.mass_times(q_scaled), response, Equation::backward);
    generator.unscale(response);
    response *= static_cast<double>(1 / largest);
    const PinnedFunction<dim> next = combine(basis.backward, t, response);
    q = zero();
    q.add(1 / generator.largest_below(next.values, pinned.get_landscape().exit_level), next);
  }
  return q;
}

template <int dim>
void InverseIteration<dim>::compute_exit(QuasiStationary<dim>& result) {
  const auto density = compute_exit_density(generator, result.u, result.log_rate, result.log_mass);
  const double sum = std::accumulate(density.probability.begin(), density.probability.end(), 0.);
  result.flux_discrepancy = std::fabs(sum - 1);
  for (const double probability : density.probability)
    result.exit_probability.push_back(probability / sum);
  result.exit_density = density.values;
}

/// Sets negative values to zero, and says how much they were.
template <int dim>
void InverseIteration<dim>::remove_negative_part(const PinnedFunction<dim>& u,
                                                 QuasiStationary<dim>& result) const {
  Vector negative = generator.make_vector(), clipped = generator.make_vector();
  for (const global_dof_index node : discretization.locally_owned()) {
    const double value = u.values(node);
    negative(node) = std::max(0., -value);
    clipped(node) = std::max(0., value);
  }
  negative.compress(dealii::VectorOperation::insert);
  clipped.compress(dealii::VectorOperation::insert);
  const Vector positive = generator.scaled(clipped), below = generator.scaled(negative);
  const double log_norm = generator.log_product(positive, positive);
  // With an inexact gauge u may be huge where there is no probability: the mass counts then.
  result.negative_part = std::exp(
    generator.is_symmetric()
      ? 0.5 * (generator.log_product(below, below) - log_norm)
      : generator.log_product(generator.scaled(generator.ones()), below) - result.log_mass);
  if (std::isnan(result.negative_part)) result.negative_part = 0; // a norm that rounding made < 0
  result.u = discretization.ghosted(clipped);
}

template <int dim>
void InverseIteration<dim>::estimate(const PinnedFunction<dim>& u,
                                     QuasiStationary<dim>& result) const {
  const PinnedFunction<dim> q = generator.is_symmetric() ? u : backward_mode(result.iterations);
  const double log_product =
    generator.log_product(generator.scaled(q.values), generator.scaled(u.values)); // q^T M u
  result.error = estimate_error(generator, pinned.get_basins(), u, q,
                                pinned.get_landscape().exit_level, result.log_rate, log_product);
  // Without scale separation the energy is known only up to a factor if w != 0.
  if (!generator.is_symmetric() && result.iterations > separated) {
    result.error.highest_degree /= result.error.found;
    result.error.found = 1;
  }
}

/// Iterates until the density and the rate stand.
template <int dim>
void InverseIteration<dim>::find_mode(PinnedFunction<dim>& u, QuasiStationary<dim>& result) {
  const SolverOptions& options = generator.get_options();
  double previous_log_rate = 0;
  const double noise = 10 * solver.get_solver().relative_accuracy();
  for (result.iterations = 1;; ++result.iterations) {
    const double change = iterate(u, result);
    if (!std::isfinite(result.log_rate))
      throw MeshTooCoarse(
        "the escape rate is not a positive number; the mesh is too coarse: increase "
        "Discretization/Cells or Degree");
    const double rate_change = std::fabs(result.log_rate - previous_log_rate);
    if (change < std::max(1e-12, noise) &&
        rate_change < std::max(1e-13, noise) * std::max(1., std::fabs(result.log_rate)))
      return;
    options.say("  inverse iteration " + std::to_string(result.iterations) + ": log of the rate " +
                format_number(result.log_rate) + ", change of the density " +
                format_rounded(change));
    previous_log_rate = result.log_rate;
    if (result.iterations == max_iterations)
      throw NotConverged("inverse iteration did not converge in " + std::to_string(max_iterations) +
                         " steps: two modes are almost equally slow, or the mesh is too coarse");
  }
}

template <int dim>
QuasiStationary<dim> InverseIteration<dim>::run() {
  QuasiStationary<dim> result;
  const dealii::Timer timer;
  last_response = generator.make_vector();
  PinnedFunction<dim> u = initial_guess();
  find_mode(u, result);
  result.residual =
    generator.residual(generator.scaled(u.values), std::exp(result.log_rate), solver.get_free());
  result.u = discretization.ghosted(u.values);
  compute_exit(result);
  const double seconds = timer.wall_time();
  remove_negative_part(u, result);
  estimate(u, result);
  check_result(pinned, result);
  result.assembly_seconds = pinned.assembly_seconds();
  result.setup_seconds = pinned.setup_seconds();
  result.iteration_seconds = pinned.basis_seconds() + seconds;
  result.estimate_seconds = timer.wall_time() - seconds;
  result.method = solver.get_solver().name();
  result.linear = solver.get_solver().iterations();
  return result;
}

} // namespace

template <int dim>
QuasiStationary<dim> solve_quasi_stationary(const PinnedProblem<dim>& pinned) {
  return InverseIteration<dim>(pinned).run();
}

template <int dim>
QuasiStationary<dim> solve_quasi_stationary(const Problem<dim>& problem, const Gauge<dim>& gauge,
                                            const Landscape<dim>& landscape,
                                            const Discretization<dim>& discretization,
                                            const SolverOptions& options) {
  return with_suitable_solver(options, [&](const SolverOptions& chosen) {
    return solve_quasi_stationary(
      PinnedProblem<dim>(problem, gauge, landscape, discretization, chosen));
  });
}

#define INSTANTIATE(dim)                                                                           \
  template QuasiStationary<dim> solve_quasi_stationary(const PinnedProblem<dim>&);                 \
  template QuasiStationary<dim> solve_quasi_stationary(                                            \
    const Problem<dim>&, const Gauge<dim>&, const Landscape<dim>&, const Discretization<dim>&,     \
    const SolverOptions&);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
