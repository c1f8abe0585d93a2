#include "solver/analyses/valley_rates.h"

#include "solver/analyses/metastable_spectrum.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace fokker_planck {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double log_or_none(const long double rate) {
  return rate > 0 ? static_cast<double>(std::log(rate)) : none;
}

/// The steps of the method; the members are the quantities named in the header.
template <int dim>
class ValleyChain {
public:
  using Vector = typename Generator<dim>::Vector;

  explicit ValleyChain(const PinnedProblem<dim>& pinned_)
    : pinned(pinned_), generator(pinned.get_generator()), basis(pinned.get_basis()),
      n(basis.size()) {
    const Vector one = generator.scaled(generator.ones());
    for (const auto& function : basis.forward)
      log_masses.push_back(generator.log_product(one, generator.scaled(function.values)) +
                           basis.log_unit);
  }

  ValleyRates<dim> run(double log_rate);

private:
  void find_minima(ValleyRates<dim>& result) const;
  void divide_by_masses(ValleyRates<dim>& result) const;
  std::vector<long double> exit_shares(const Vector& s) const;
  std::vector<double> occupation() const;
  bool is_far_from_valleys(long double largest_eigenvalue) const;
  void compute_responses();
  void compute_eigenvalues(double log_rate, ValleyRates<dim>& result);
  long double improve(std::size_t mode, long double lambda, int order) const;

  const PinnedProblem<dim>& pinned;
  const Generator<dim>& generator;
  const PinnedBasis<dim>& basis;
  const std::size_t n;
  std::vector<double> log_masses; ///< of P_m
  LongMatrix overlaps[3];         ///< S_0, S_1, S_2
};

template <int dim>
void ValleyChain<dim>::find_minima(ValleyRates<dim>& result) const {
  const auto& wells = pinned.get_landscape().wells;
  result.minima.resize(n);
  for (std::size_t w = wells.size(); w-- > 0;) // of several wells with one pin the first
    result.minima[pinned.get_basins().pin_of(w)] = wells[w];
}

/// How the flux of s into the absorbing sides is divided among them: -(A s)_i summed over the nodes
/// of each.
template <int dim>
std::vector<long double> ValleyChain<dim>::exit_shares(const Vector& s) const {
  const Discretization<dim>& discretization = generator.get_discretization();
  const unsigned int n_sides = generator.get_problem().domain.n_sides();
  const Vector rows = generator.scaled(generator.stiffness_times(generator.scaled(s)));
  std::vector<long double> fluxes(n_sides, 0.L);
  for (const auto node : discretization.locally_owned()) {
    const unsigned int sides = discretization.absorbing_sides(node);
    if (sides == 0 || discretization.get_constraints().is_constrained(node)) continue;
    const double flux = -rows(node);
    for (unsigned int side = 0; side < n_sides; ++side) // edges belong to each
      if ((sides >> side) & 1U) fluxes[side] += flux / __builtin_popcount(sides);
  }
  long double sum = 0;
  for (long double& flux : fluxes)
    sum += flux = dealii::Utilities::MPI::sum(flux, discretization.get_communicator());
  for (long double& flux : fluxes)
    flux /= sum;
  return fluxes;
}

template <int dim>
void ValleyChain<dim>::divide_by_masses(ValleyRates<dim>& result) const {
  const RateMatrix& rates = basis.rates;
  for (std::size_t m = 0; m < n; ++m) {
    const long double mass = std::exp(static_cast<long double>(log_masses[m]));
    std::vector<double> row(n, none), exits;
    for (std::size_t l = 0; l < n; ++l)
      if (l != m) row[l] = log_or_none(rates.rate[l][m] / mass);
    for (const long double share : exit_shares(basis.forward[m].values))
      exits.push_back(log_or_none(share * rates.exit[m] / mass));
    result.log_rates.push_back(row);
    result.log_exit_rates.push_back(exits);
    result.log_total_exit_rates.push_back(log_or_none(rates.exit[m] / mass));
    result.log_leaving_rates.push_back(log_or_none(-rates.rate[m][m] / mass));
  }
}

template <int dim>
std::vector<double> ValleyChain<dim>::occupation() const {
  const auto t = stationary_vector(basis.rates);
  if (t.empty()) return {};
  std::vector<long double> weights;
  for (std::size_t m = 0; m < n; ++m)
    weights.push_back(t[m] * std::exp(static_cast<long double>(log_masses[m])));
  const long double sum = std::accumulate(weights.begin(), weights.end(), 0.L);
  std::vector<double> shares;
  for (const long double weight : weights)
    shares.push_back(static_cast<double>(weight / sum));
  return shares;
}

/// Whether the eigenvalues of the chain are so much smaller than those within valleys that S_1 and
/// S_2 change nothing: u^T M y is u^T M u over an eigenvalue within valleys, on the average of
/// them.
template <int dim>
bool ValleyChain<dim>::is_far_from_valleys(const long double largest_eigenvalue) const {
  constexpr long double negligible = 1e-11L;
  Vector u = generator.make_vector(), y = generator.make_vector();
  long double largest = 0;
  for (std::size_t m = 0; m < n; ++m)
    largest = std::max(largest, overlaps[0][m][m]);
  for (std::size_t m = 0; m < n; ++m)
    if (overlaps[0][m][m] > 0) // equal weights of all valleys
      u.add(static_cast<double>(std::sqrt(largest / overlaps[0][m][m])),
            generator.scaled(basis.forward[m].values));
  const Vector mass_times_u = generator.mass_times(u);
  pinned.get_solver().solve(mass_times_u, y, Equation::forward, Accuracy::few_digits);
  const long double time_within = std::exp(static_cast<long double>(
    generator.log_product_with(y, mass_times_u) - generator.log_product_with(u, mass_times_u)));
  return static_cast<long double>(n) * time_within * largest_eigenvalue < negligible;
}

/// S_1 and S_2, from y_m and y*_l.
template <int dim>
void ValleyChain<dim>::compute_responses() {
  const auto respond = [&](const PinnedFunction<dim>& function, const Equation equation) {
    Vector y = generator.make_vector();
    pinned.get_solver().solve(generator.mass_times(generator.scaled(function.values)), y, equation);
    return y;
  };
  std::vector<Vector> backward, backward_responses;
  for (std::size_t l = 0; l < n; ++l) {
    backward.push_back(generator.scaled(basis.backward[l].values));
    if (!generator.is_symmetric())
      backward_responses.push_back(respond(basis.backward[l], Equation::backward));
  }
  for (LongMatrix* const s : { &overlaps[1], &overlaps[2] })
    s->assign(n, std::vector<long double>(n, 0.L));
  std::vector<Vector> responses;
  for (std::size_t m = 0; m < n; ++m)
    responses.push_back(respond(basis.forward[m], Equation::forward));
  const auto product = [&](const Vector& left, const Vector& mass) {
    const double log_product = generator.log_product_with(left, mass);
    return std::isnan(log_product)
             ? 0.L
             : std::exp(static_cast<long double>(log_product + basis.log_unit));
  };
  for (std::size_t m = 0; m < n; ++m) {
    const Vector mass = generator.mass_times(responses[m]);
    for (std::size_t l = 0; l < n; ++l) {
      overlaps[1][l][m] = product(backward[l], mass);
      overlaps[2][l][m] =
        product(generator.is_symmetric() ? responses[l] : backward_responses[l], mass);
    }
  }
}

/// The eigenvalue of R t = lambda S(lambda) t that is close to that of S(0), with terms up to the
/// given order.
template <int dim>
long double ValleyChain<dim>::improve(const std::size_t mode, long double lambda,
                                      const int order) const {
  constexpr unsigned int most_steps = 20;
  constexpr long double settled = 1e-14L;
  for (unsigned int step = 0; step < most_steps; ++step) {
    LongMatrix s = overlaps[0];
    for (std::size_t l = 0; l < n; ++l)
      for (std::size_t m = 0; m < n; ++m)
        s[l][m] += lambda * (overlaps[1][l][m] + (order > 1 ? lambda * overlaps[2][l][m] : 0));
    const long double previous = lambda;
    lambda = metastable_eigenvalues(basis.rates, s, generator.symmetry())[mode].real();
    if (std::fabs(lambda - previous) <= settled * std::fabs(previous)) break;
  }
  return lambda;
}

/// The first is known; of the others, what terms of higher order than the second add is estimated
/// as a geometric series.
template <int dim>
void ValleyChain<dim>::compute_eigenvalues(const double log_rate, ValleyRates<dim>& result) {
  result.log_eigenvalues = { log_rate };
  result.truncation_errors = { 0. };
  if (n == 1) return;
  overlaps[0] = basis.overlaps(generator);
  const auto guesses = metastable_eigenvalues(basis.rates, overlaps[0], generator.symmetry());
  const bool is_far = is_far_from_valleys(std::abs(guesses.back()));
  if (!is_far) compute_responses();
  for (std::size_t mode = 1; mode < n; ++mode) {
    std::complex<long double> eigenvalue = guesses[mode];
    double error = 0;
    if (!is_far && eigenvalue.imag() == 0) {
      const long double first = improve(mode, eigenvalue.real(), 1),
                        second = improve(mode, eigenvalue.real(), 2);
      error = std::pow(std::fabs(static_cast<double>(second / first - 1)), 1.5);
      eigenvalue = second;
    } else if (!is_far) // the expansion is made for real ones
      error = static_cast<double>(std::abs(eigenvalue) * std::abs(overlaps[1][0][0]) /
                                  std::abs(overlaps[0][0][0]));
    result.log_eigenvalues.emplace_back(static_cast<double>(std::log(std::abs(eigenvalue))),
                                        static_cast<double>(std::arg(eigenvalue)));
    result.truncation_errors.push_back(error);
  }
}

template <int dim>
ValleyRates<dim> ValleyChain<dim>::run(const double log_rate) {
  ValleyRates<dim> result;
  find_minima(result);
  divide_by_masses(result);
  result.occupation = occupation();
  compute_eigenvalues(log_rate, result);
  return result;
}

} // namespace

template <int dim>
ValleyRates<dim> compute_valley_rates(const PinnedProblem<dim>& pinned, const double log_rate,
                                      ValleyErrors errors) {
  auto result = ValleyChain<dim>(pinned).run(log_rate);
  result.errors = std::move(errors);
  return result;
}

#define INSTANTIATE(dim)                                                                           \
  template struct ValleyRates<dim>;                                                                \
  template ValleyRates<dim> compute_valley_rates(const PinnedProblem<dim>&, double, ValleyErrors);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

} // namespace fokker_planck
