// Confidence intervals: tabulated values and coverage.
#include "solver/monte_carlo/estimate.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace fokker_planck;

BOOST_AUTO_TEST_SUITE(monte_carlo_statistics)

// chi^2 quantiles 0.025 and 0.975: 9.5908, 34.1696 (20 degrees of freedom), 36.7807 (22), 7.3778
// (2).
BOOST_AUTO_TEST_CASE(rate_intervals) {
  const auto whole = rate_interval(10, 5., false);
  BOOST_TEST(std::fabs(whole.lower - 9.59078 / 10) <= 1e-5);
  BOOST_TEST(std::fabs(whole.upper - 34.16961 / 10) <= 1e-5);
  const auto censored = rate_interval(10, 5., true);
  BOOST_TEST(censored.lower == whole.lower);
  BOOST_TEST(std::fabs(censored.upper - 36.78071 / 10) <= 1e-5);
  const auto none = rate_interval(0, 5., true);
  BOOST_TEST(none.lower == 0);
  BOOST_TEST(std::fabs(none.upper - 7.37776 / 10) <= 1e-5);
  BOOST_TEST(std::isinf(rate_interval(0, 0., true).upper));
}

// 81 of 263 (Agresti, Coull 1998 use such tables): [0.2527, 0.3676]; 0 of n: 1 - 0.025^(1/n).
BOOST_AUTO_TEST_CASE(probability_intervals) {
  const auto middle = probability_interval(81, 263);
  BOOST_TEST(std::fabs(middle.lower - 0.2527) <= 1e-4);
  BOOST_TEST(std::fabs(middle.upper - 0.3676) <= 1e-4);
  BOOST_TEST(probability_interval(0, 20).lower == 0);
  BOOST_TEST(std::fabs(probability_interval(0, 20).upper - (1 - std::pow(0.025, 1. / 20))) <=
             1e-12);
  BOOST_TEST(probability_interval(20, 20).upper == 1);
  BOOST_TEST(probability_interval(0, 0).upper == 1);
}

// Of 4000 intervals from exponential times 95 % hold the rate, censored or not.
BOOST_AUTO_TEST_CASE(coverage) {
  std::mt19937 generator(2);
  constexpr int n_repeats = 4000;
  for (const double maximum : { HUGE_VAL, 0.7 })
    for (const int n : { 3, 30 }) {
      int covered = 0;
      for (int repeat = 0; repeat < n_repeats; ++repeat) {
        std::vector<FirstExit<1>> exits;
        std::exponential_distribution<double> time(2.);
        for (int i = 0; i < n; ++i) {
          const double t = time(generator);
          exits.push_back({ static_cast<std::uint64_t>(i),
                            std::min(t, maximum),
                            t < maximum ? 1 : FirstExit<1>::censored,
                            {} });
        }
        const auto estimate = estimate_escape(exits, 2);
        covered += estimate.interval.lower <= 2 && 2 <= estimate.interval.upper;
      }
      const double coverage = static_cast<double>(covered) / n_repeats;
      BOOST_TEST_MESSAGE("n = " << n << ", censored at " << maximum << ": coverage " << coverage);
      BOOST_TEST(coverage >= 0.95 - 4 * std::sqrt(0.95 * 0.05 / n_repeats));
      if (std::isinf(maximum))
        BOOST_TEST(coverage <= 0.95 + 4 * std::sqrt(0.95 * 0.05 / n_repeats));
    }
}

BOOST_AUTO_TEST_CASE(estimates) {
  const std::vector<FirstExit<1>> exits{
    { 0, 1., 1, {} }, { 1, 3., 0, {} }, { 2, 2., 1, {} }, { 3, 4., FirstExit<1>::censored, {} }
  };
  const auto estimate = estimate_escape(exits, 2);
  BOOST_TEST(estimate.n_exits == 3);
  BOOST_TEST(estimate.n_censored == 1);
  BOOST_TEST(estimate.total_time == 10);
  BOOST_TEST(estimate.rate == 0.3);
  BOOST_TEST(estimate.exits[1].n == 2);
  BOOST_TEST(std::isnan(estimate.variation));
}

BOOST_AUTO_TEST_CASE(step_bias) {
  EscapeEstimate whole{}, half{};
  whole.rate = 1.1;
  half.rate = 1.05;
  whole.relative_error = half.relative_error = 0.001;
  const auto bias = compare_steps(whole, half);
  BOOST_TEST(std::fabs(bias.extrapolated_rate - 1) <= 1e-14);
  BOOST_TEST(bias.significant);
  BOOST_TEST(std::fabs(bias.extrapolated_error - std::hypot(2.1e-3, 1.1e-3)) <= 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
