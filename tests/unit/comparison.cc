// Goodness of fit, first touch of a Brownian bridge, and the verdict.
#include "postprocess/commands/comparison/comparison.h"
#include "postprocess/commands/comparison/goodness_of_fit.h"
#include "solver/monte_carlo/bridge.h"
#include "solver/monte_carlo/random.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using dealii::Point;
using dealii::Tensor;

namespace {

double normal_distribution(const double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.));
}

std::array<double, 2> gaussians(const std::array<double, 4>& u) {
  const double radius = std::sqrt(-2 * std::log(u[0])), angle = 2 * M_PI * u[1];
  return { { radius * std::cos(angle), radius * std::sin(angle) } };
}

/// A simulation of single trajectories that leave to the left and to the right.
SimulationPass pass(const double rate, const double error, const std::size_t left,
                    const std::size_t right) {
  const double n = static_cast<double>(left) + static_cast<double>(right);
  SimulationPass result{};
  result.estimate.rate = rate;
  result.estimate.relative_error = error;
  result.estimate.exits = { { left, left / n, {} }, { right, right / n, {} } };
  return result;
}

SimulationResult simulation(const double rate, const double error, const std::size_t left,
                            const std::size_t right) {
  SimulationResult result{};
  result.sides = { { 0, "x-" }, { 1, "x+" } };
  result.whole = pass(rate, error, left, right);
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(comparison)

// Expected values: scipy.stats kstwo.sf (exact), binom, norm.
BOOST_AUTO_TEST_CASE(probabilities) {
  BOOST_TEST(std::fabs(kolmogorov_probability(0.1, 100) - 0.2526928) <= 5e-3);
  BOOST_TEST(std::fabs(kolmogorov_probability(0.02, 5000) - 0.0361394) <= 2e-4);
  BOOST_TEST(std::fabs(kolmogorov_probability(0.03, 5000) - 0.000241592) <= 3e-6);
  BOOST_TEST(kolmogorov_probability(0.001, 100) == 1.);
  BOOST_TEST(std::fabs(binomial_probability(3, 20, 0.3) - 2 * 0.1070868) <= 1e-6);
  BOOST_TEST(std::fabs(binomial_probability(12, 20, 0.3) - 2 * 0.005138162) <= 1e-8);
  BOOST_TEST(binomial_probability(6, 20, 0.3) == 1.);
  BOOST_TEST(std::fabs(in_standard_errors(0.002699796) - 3) <= 1e-6);
  BOOST_TEST(in_standard_errors(0) > 36.);
  BOOST_TEST(std::fabs(kolmogorov_distance({ 0.9, 0.1, 0.5 }, [](const double x) { return x; }) -
                       (1. / 3 - 0.1)) <= 1e-15);
}

// A Brownian motion from 0 with D dt = 1/2 reaches the distance 1 before the end of the step in the
// time tau with P(tau < t) = erfc(1/sqrt(2 t)), wherever it ends; and where it touches in two
// dimensions, tangentially it has moved by a Gaussian number of variance 2 (D_tt - D_tn^2/D_nn) tau
// about its part along the conormal.
BOOST_AUTO_TEST_CASE(first_touch) {
  const RandomNumbers random(5);
  constexpr std::size_t n = 400000;
  dealii::SymmetricTensor<2, 2> diffusion; // D dt
  diffusion[0][0] = 0.5;
  diffusion[1][1] = 2;
  diffusion[0][1] = -0.7;
  const double slope = diffusion[0][1] / 0.5, across = 2 * (2 - 0.7 * 0.7 / 0.5);
  const Tensor<1, 2> normal(Point<2>(1, 0));
  std::vector<double> times, tangential;
  for (std::size_t i = 0; i < n; ++i) {
    const auto [a, b] = gaussians(random.uniforms(i, 0, RandomPurpose::start));
    const double d2 = 1 - a;
    const auto uniforms = [&](const unsigned int k) {
      return random.uniforms(i, k, RandomPurpose::exit);
    };
    if (d2 > 0 && uniforms(0)[0] >= bridge_probability(1, d2, 0.5)) continue;
    const Point<2> end(a, slope * a + std::sqrt(across) * b);
    const auto touch = sample_touch<2>(Point<2>(), end, normal, 1, d2, diffusion, uniforms);
    BOOST_TEST_REQUIRE(std::fabs(touch.position[0] - 1) <= 1e-12);
    times.push_back(touch.fraction);
    tangential.push_back((touch.position[1] - slope) / std::sqrt(across * touch.fraction));
  }
  const double all = std::erfc(1 / std::sqrt(2.));
  const auto share = static_cast<double>(times.size()) / n;
  BOOST_TEST(std::fabs(share - all) <= 4 * std::sqrt(all * (1 - all) / n));
  const double in_time = kolmogorov_distance(
    times, [&](const double t) { return std::erfc(1 / std::sqrt(2 * t)) / all; });
  const double along = kolmogorov_distance(tangential, normal_distribution);
  BOOST_TEST_MESSAGE("times " << kolmogorov_probability(in_time, times.size()) << ", positions "
                              << kolmogorov_probability(along, times.size()));
  BOOST_TEST(kolmogorov_probability(in_time, times.size()) >= 1e-3);
  BOOST_TEST(kolmogorov_probability(along, times.size()) >= 1e-3);
}

BOOST_AUTO_TEST_CASE(verdict) {
  const ComputedEscape computed{ std::log(0.01), 1e-7, { 0.3, 0.7 } };
  const auto same = compare_results(computed, simulation(0.0102, 0.01, 3050, 6950));
  BOOST_TEST_REQUIRE(same.size() == 3U);
  BOOST_TEST(std::fabs(same[0].deviation - 2. / 1.02) <= 1e-4);
  BOOST_TEST(same[1].deviation > 1.);
  BOOST_TEST(largest_deviation(same).name == "escape rate");
  BOOST_TEST(largest_deviation(same).agrees());
  BOOST_TEST(!compare_results(computed, simulation(0.0104, 0.01, 3000, 7000))[0].agrees());
  const auto sides = compare_results(computed, simulation(0.01, 0.01, 3200, 6800));
  BOOST_TEST(!sides[1].agrees());
  BOOST_TEST(sides[1].deviation > 0.);
  BOOST_TEST(sides[2].deviation < 0.);
  BOOST_TEST(!largest_deviation(sides).agrees());

  // Exits of repeats are not independent: their interval counts.
  auto repeated = simulation(0.01, 0.01, 3200, 6800);
  repeated.whole.repeats = SimulationPass::Repeats{};
  for (ExitEstimate& exit : repeated.whole.estimate.exits)
    exit.interval = { exit.probability - 0.0392, exit.probability + 0.0392 };
  BOOST_TEST(std::fabs(compare_results(computed, repeated)[1].deviation - 1) <= 1e-9);
}

// The rate at half the step counts, and what is left of the bias beyond its statistical error.
BOOST_AUTO_TEST_CASE(bias_of_the_step) {
  auto result = simulation(0.012, 0.01, 1, 1);
  result.half = pass(0.011, 0.01, 1, 1);
  result.bias = StepBias{ 0.1, 0.014, true, 0.01, 0.01 };
  const SimulatedRate rate(result);
  BOOST_TEST(rate.value == 0.011);
  BOOST_TEST(std::fabs(rate.step_error - std::sqrt(0.01 - 0.014 * 0.014)) <= 1e-15);
  BOOST_TEST(std::fabs(rate.relative_error() - std::sqrt(0.0001 + 0.01 - 0.014 * 0.014)) <= 1e-15);
  result.bias->relative = -0.01;
  BOOST_TEST(SimulatedRate(result).step_error == 0.);
}

BOOST_AUTO_TEST_CASE(distribution_of_a_coordinate) {
  std::vector<ExitShare<2>> shares;
  for (int k = 0; k <= 100; ++k) // density 2 y, by the trapezoidal rule
    shares.push_back({ 1, Point<2>(1, 0.01 * k), 2e-4 * k * (k == 100 ? 0.5 : 1.) });
  shares.push_back({ 0, Point<2>(0, 0.5), 7. });
  const CoordinateDistribution distribution(shares, 1, 1);
  BOOST_TEST(distribution.varies());
  for (const double y : { 0.1, 0.333, 0.87 })
    BOOST_TEST(std::fabs(distribution(y) - y * y) <= 1e-4);
  BOOST_TEST(distribution(-1) == 0.);
  BOOST_TEST(distribution(2) == 1.);
  BOOST_TEST(!CoordinateDistribution(shares, 0, 1).varies());
}

BOOST_AUTO_TEST_SUITE_END()
