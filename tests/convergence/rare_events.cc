// Splitting and particles with rebirth against exact rates. Seeds are fixed.
#include "solver/monte_carlo/branching.h"
#include "tests/rare_problems.h"

#include "problems/base/input_error.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;

namespace {

std::string double_well(const std::string& diffusion) {
  return "Loss/Expression=x^4/4 - x^2/2|Domain/Lower=-3|Domain/Upper=0|Domain/Absorbing=x+|Noise/"
         "Diffusion=" +
         diffusion;
}

/// Within three standard errors and a relative tolerance.
void check(const std::string& what, const EscapeEstimate& estimate, const double expected,
           const double tolerance) {
  const double deviation = estimate.rate / expected - 1;
  BOOST_TEST_MESSAGE(what << ": " << estimate.rate << ", expected " << expected
                          << ", relative error " << deviation << ", standard error "
                          << estimate.relative_error);
  BOOST_TEST(std::fabs(deviation) <= 3 * estimate.relative_error);
  BOOST_TEST(std::fabs(deviation) <= tolerance);
}

template <int dim>
SplittingEstimate check_splitting(const std::string& settings, const double expected,
                                  const double tolerance, const std::uint64_t n_repeats = 20,
                                  const std::uint64_t n_particles = 1000) {
  const auto result = split(make_problem<dim>(Settings{ settings }), n_particles, n_repeats);
  check(settings, result.estimate, expected, tolerance);
  BOOST_TEST(result.n_extinct == 0U);
  return result;
}

/// Brownian motion with drift -v and D = 1, in steps dt, that ends below 0 (seen at the end of a
/// step) or by touching 1 (at any time): the probability of the latter from midpoints of [0, 1].
///
/// Method: p = e + K p, iterated, with the density K(x, y) = N(y; x - v dt, 2 dt) (1 - bridge) to
/// arrive at y without touching, and e(x) the probability to touch 1 in one step.
std::vector<double> hitting_probabilities(const double v, const double dt, const std::size_t n) {
  const double s = std::sqrt(2 * dt), h = 1. / static_cast<double>(n);
  const auto below = [](const double z) { return 0.5 * std::erfc(-z / std::sqrt(2.)); };
  const auto x = [&](const std::size_t i) { return (static_cast<double>(i) + 0.5) * h; };
  std::vector<double> e(n), kernel(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    const double d = 1 - x(i);
    e[i] = below((-d - v * dt) / s) + std::exp(-v * d) * below((-d + v * dt) / s);
    for (std::size_t j = 0; j < n; ++j) {
      const double z = (x(j) - x(i) + v * dt) / s;
      kernel[i * n + j] = h * std::exp(-0.5 * z * z) / (s * std::sqrt(2 * 3.14159265358979324)) *
                          (1 - std::exp(-d * (1 - x(j)) / dt));
    }
  }
  auto p = e;
  for (int iteration = 0; iteration < 300; ++iteration) {
    auto next = e;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        next[i] += kernel[i * n + j] * p[j];
    p = next;
  }
  return p;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rare_events)

// E[estimate] is the probability of the chain with its time step, for few replicas (that may become
// extinct) and many, and for several first states.
BOOST_AUTO_TEST_CASE(splitting_is_unbiased) {
  constexpr double v = 6, dt = 0.01;
  constexpr std::size_t n = 300;
  const auto problem = make_problem<1>(Settings{
    "Loss/Expression=6*x|Noise/Diffusion=1|Domain/Lower=-2|Domain/Upper=1|Domain/Absorbing=x+" });
  const ReactionCoordinate<1> coordinate(problem, Point<1>(0.));
  const auto p = hitting_probabilities(v, dt, n);
  const std::vector<Point<1>> first_states = { Point<1>(30.5 / n), Point<1>(90.5 / n) };
  const double expected = (p[30] + p[90]) / 2;
  BOOST_TEST(std::fabs(coordinate.top() - (v + 0.5 / 3)) <= 1e-3);
  for (const std::uint64_t n_replicas : { 4, 50 }) {
    const std::uint32_t n_runs = n_replicas == 4 ? 20000 : 2000;
    double sum = 0, squares = 0, n_extinct = 0;
    for (std::uint32_t run = 0; run < n_runs; ++run) {
      const auto result = branch(problem, coordinate, first_states,
                                 BranchingSettings{ dt, Scheme::euler_maruyama, n_replicas, 0. },
                                 RandomNumbers(5, run), [](std::uint64_t, double) { return true; });
      sum += result.probability[1];
      squares += result.probability[1] * result.probability[1];
      n_extinct += result.extinct;
    }
    const double mean = sum / n_runs;
    const double error = std::sqrt((squares / n_runs - mean * mean) / n_runs);
    BOOST_TEST_MESSAGE(n_replicas << " replicas: " << mean << " +- " << error << ", expected "
                                  << expected << "; extinct " << n_extinct << " of " << n_runs);
    BOOST_TEST(std::fabs(mean - expected) <= 3.5 * error);
    BOOST_TEST(error <= 0.03 * expected);
    BOOST_TEST((n_extinct > 0) == (n_replicas == 4));
  }
}

BOOST_AUTO_TEST_CASE(splitting_in_one_dimension) {
  const auto result = check_splitting<1>(double_well("0.01"), 6.15465017590693e-12, 0.1, 40);
  BOOST_TEST(result.estimate.relative_error <= 0.035);
  BOOST_TEST(result.estimate.interval.lower < 6.15465017590693e-12);
  BOOST_TEST(result.estimate.interval.upper > 6.15465017590693e-12);
  BOOST_TEST(result.estimate.exits[1].probability == 1.);
  check_splitting<1>(double_well("0.02"), 1.62321508872385379e-6, 0.1);
  check_splitting<1>(double_well("0.005"), 8.61620074185609426e-23, 0.15);
}

BOOST_AUTO_TEST_CASE(splitting_in_two_dimensions) {
  check_splitting<2>("Loss/Expression=x^4/4 - x^2/2 + y^2|Noise/Diffusion=0.02|Domain/Lower=-2.5, "
                     "-2.5|Domain/Upper=1, 2.5|Domain/Absorbing=x+",
                     8.11603458251778964e-7, 0.1);
  const auto result = check_splitting<2>(
    "Loss/Expression=0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)|Noise/Diffusion=2|Domain/"
    "Lower=-5, -5|Domain/Upper=0.156731, 0.156731|Domain/Absorbing=x+ y+",
    4.18037314916980e-8, 0.1);
  double sum = 0;
  for (const unsigned int side : { 1U, 3U }) {
    const auto& exit = result.estimate.exits[side];
    BOOST_TEST_MESSAGE("side " << side << ": " << exit.probability << " [" << exit.interval.lower
                               << ", " << exit.interval.upper << "]");
    BOOST_TEST(exit.interval.lower < 0.5);
    BOOST_TEST(exit.interval.upper > 0.5);
    BOOST_TEST(exit.interval.upper - exit.interval.lower < 0.15);
    sum += exit.probability;
  }
  BOOST_TEST(std::fabs(sum - 1) <= 1e-12);
}

// A ring of exits and a current: the rotation leaves the rate unchanged.
BOOST_AUTO_TEST_CASE(splitting_without_detailed_balance) {
  check_splitting<2>("Loss/Expression=(x^2 + y^2)/2|Force/Expression=-5*y; 5*x|Noise/"
                     "Diffusion=0.02|Domain/Type=ball|Domain/Radius=1|Domain/Absorbing=all",
                     6.65346862668798e-10, 0.12);
}

// As problems/power_law_radial.prm, which stands for a disc, and power_law_2d.prm. The noise grows
// towards the boundary, and the default time step is biased by a few per cent.
BOOST_AUTO_TEST_CASE(splitting_with_noise_in_proportion_to_the_loss) {
  check_splitting<1>("Loss/Expression=0.01 + r^2/2|Noise/Type=loss proportional|Noise/Learning "
                     "rate=0.1|Domain/Type=radial|Domain/Radius=1|Domain/Effective dimension=2",
                     1.64346015107566e-16, 0.15, 20, 500);
  check_splitting<2>("Loss/Expression=0.05 + x^2/2 + 3*y^2/2|Noise/Type=loss proportional|Noise/"
                     "Learning rate=0.1|Domain/Lower=-1, -1|Domain/Upper=1, 1|Domain/Absorbing=all",
                     1.96472204089e-05, 0.1, 20, 500);
}

// The interval holds the exact rate in 95 % of all cases (40 seeds: at least 34 with a probability
// of 0.997), also with few replicas and repeats.
BOOST_AUTO_TEST_CASE(splitting_intervals) {
  constexpr double expected = 1.62321508872385379e-6;
  const auto problem = make_problem<1>(Settings{ double_well("0.02") });
  int n_covered = 0;
  double sum = 0;
  constexpr std::uint32_t n_seeds = 40;
  for (std::uint32_t seed = 100; seed < 100 + n_seeds; ++seed) {
    const auto estimate = split(problem, 100, 10, seed).estimate;
    n_covered += estimate.interval.lower <= expected && expected <= estimate.interval.upper;
    sum += estimate.rate / n_seeds;
  }
  BOOST_TEST_MESSAGE("covered " << n_covered << " of " << n_seeds << "; mean of all " << sum);
  BOOST_TEST(n_covered >= 34);
  BOOST_TEST(std::fabs(sum / expected - 1) <= 0.08); // four standard errors
}

BOOST_AUTO_TEST_CASE(splitting_that_is_refused) {
  const auto problem = make_problem<1>(Settings{ double_well("0.2") });
  BOOST_CHECK_THROW(split(problem, 100, 2), InputError);
}

BOOST_AUTO_TEST_CASE(particles_with_rebirth) {
  const auto result = rebirths(make_problem<1>(Settings{ double_well("0.05") }), 4000, 250, 20);
  check(double_well("0.05"), result.estimate, 2.77614063657272552e-3, 0.06);
  BOOST_TEST(result.estimate.n_exits == 4000U);
  BOOST_TEST(result.estimate.relative_error > 0.008); // 1/sqrt(4000) = 0.0158
  BOOST_TEST(result.estimate.relative_error < 0.03);
  const auto box = rebirths(
    make_problem<2>(Settings{ "Loss/Expression=x^2/2 + y^2/2|Noise/Diffusion=0.2|Domain/Lower=-1, "
                              "-1|Domain/Upper=1, 1|Domain/Absorbing=x+ y+" }),
    4000, 250, 20);
  for (const unsigned int side : { 1U, 3U })
    BOOST_TEST(std::fabs(box.estimate.exits[side].probability - 0.5) <= 0.03);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rare_events_nightly)

BOOST_AUTO_TEST_CASE(particles_with_rebirth) {
  const auto result = rebirths(make_problem<1>(Settings{ double_well("0.02") }), 4900, 250, 20);
  check(double_well("0.02"), result.estimate, 1.62321508872385379e-6, 0.045);
  BOOST_TEST(std::fabs(result.estimate.rate / 1.62321508872385379e-6 - 1) <= 0.03);
}

BOOST_AUTO_TEST_SUITE_END()
