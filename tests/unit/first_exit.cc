// First exits against exact first-passage laws of Brownian motion; reflection; exit sides.
#include "solver/monte_carlo/estimate.h"
#include "solver/monte_carlo/walls.h"
#include "tests/solve.h"

#include "problems/base/input_error.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace fokker_planck;
using dealii::Point;
using fokker_planck::testing::make_problem;
using fokker_planck::testing::Settings;

namespace {

const auto always = [](const SimulationProgress&) { return true; };

FirstExitSettings from_start(const double time_step, const std::uint64_t n,
                             const double maximum_time = std::numeric_limits<double>::infinity()) {
  FirstExitSettings settings{};
  settings.time_step = time_step;
  settings.scheme = Scheme::euler_maruyama;
  settings.seed = 11;
  settings.n_trajectories = n;
  settings.maximum_time = maximum_time;
  return settings;
}

template <int dim>
std::vector<FirstExit<dim>> simulate(const Problem<dim>& problem, const Point<dim>& start,
                                     const FirstExitSettings& settings) {
  return simulate_first_exits<dim>(problem, start, settings, MPI_COMM_SELF, always).exits;
}

template <int dim>
double mean_time(const std::vector<FirstExit<dim>>& exits) {
  double sum = 0;
  for (const auto& exit : exits)
    sum += exit.time;
  return sum / static_cast<double>(exits.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(first_exit)

// P(exit before T) = erfc(x/sqrt(4 D T)), to the sampling error with any number of steps: without
// the bridge 16 steps would miss a fifth of the exits.
BOOST_AUTO_TEST_CASE(brownian_bridge) {
  const auto problem = make_problem<1>(Settings{
    "Loss/Expression=0|Noise/Diffusion=0.5|Domain/Lower=0|Domain/Upper=100|Domain/Absorbing=x-" });
  constexpr std::uint64_t n = 200000;
  for (const double time : { 0.5, 2., 20. }) {
    const auto exits = simulate(problem, Point<1>(1.), from_start(time / 16, n, time));
    double count = 0;
    for (const auto& exit : exits)
      count += exit.side == 0;
    const double expected = std::erfc(1 / std::sqrt(4 * 0.5 * time));
    const double error = std::sqrt(expected * (1 - expected) / n);
    BOOST_TEST_MESSAGE("T = " << time << ": " << count / n << ", expected " << expected << " +- "
                              << error);
    BOOST_TEST(std::fabs(count / n - expected) <= 4 * error);
  }
}

// Mean time l^2/(2 D) from a reflecting to an absorbing end, (l^2 - x^2)/(2 D) from x; the time
// step matters little.
BOOST_AUTO_TEST_CASE(reflection) {
  const auto problem = make_problem<1>(Settings{
    "Loss/Expression=0|Noise/Diffusion=2|Domain/Lower=0|Domain/Upper=3|Domain/Absorbing=x+" });
  constexpr std::uint64_t n = 40000;
  for (const double x : { 0., 1.5 })
    for (const double dt : { 0.02, 0.001 }) {
      const double expected = (9 - x * x) / 4;
      const double mean = mean_time(simulate(problem, Point<1>(x), from_start(dt, n)));
      BOOST_TEST_MESSAGE("from " << x << ", dt = " << dt << ": " << mean << ", expected "
                                 << expected);
      // the standard deviation is below the mean
      BOOST_TEST(std::fabs(mean - expected) <= 4 * expected / std::sqrt(1. * n) + 0.2 * dt);
    }
}

// J.n = 0 with D that couples x and y needs reflections along D n: then the stationary density is
// uniform. Along n, x and y would be correlated.
BOOST_AUTO_TEST_CASE(conormal_reflection) {
  auto problem =
    make_problem<2>(Settings{ "Loss/Expression=0|Noise/Diffusion=1, 0.7; 0.7, 1|"
                              "Domain/Lower=0, 0|Domain/Upper=1, 1|Domain/Absorbing=x+" });
  problem.domain.boundary.assign(4, BoundaryKind::reflecting);
  constexpr std::uint64_t n = 40000;
  const auto ends = simulate(problem, Point<2>(0.5, 0.5), from_start(1e-3, n, 1.));
  double mean = 0, correlation = 0, variance = 0;
  for (const auto& end : ends) {
    BOOST_TEST_REQUIRE(end.side == FirstExit<2>::censored);
    BOOST_TEST_REQUIRE(problem.domain.contains(end.position));
    const double x = end.position[0] - 0.5, y = end.position[1] - 0.5;
    mean += x / n;
    correlation += 12 * x * y / n;
    variance += 12 * x * x / n;
  }
  BOOST_TEST_MESSAGE("mean " << mean << ", correlation " << correlation << ", variance "
                             << variance);
  BOOST_TEST(std::fabs(mean) <= 4 * std::sqrt(1. / 12 / n));
  BOOST_TEST(std::fabs(correlation) <= 4 / std::sqrt(1. * n) + 0.01); // first order in the step
  BOOST_TEST(std::fabs(variance - 1) <= 4 * std::sqrt(0.8 / n) + 0.01);
}

// From x in [0, 1] Brownian motion leaves at 1 with probability x, after x (1 - x)/(2 D).
BOOST_AUTO_TEST_CASE(exit_sides) {
  const auto problem = make_problem<1>(Settings{
    "Loss/Expression=0|Noise/Diffusion=1|Domain/Lower=0|Domain/Upper=1|Domain/Absorbing=all" });
  constexpr std::uint64_t n = 40000;
  const auto exits = simulate(problem, Point<1>(0.3), from_start(1e-3, n));
  double right = 0;
  for (const auto& exit : exits) {
    right += exit.side;
    BOOST_TEST_REQUIRE(exit.position[0] == (exit.side == 1 ? 1. : 0.));
  }
  BOOST_TEST(std::fabs(right / n - 0.3) <= 4 * std::sqrt(0.21 / n));
  BOOST_TEST(std::fabs(mean_time(exits) - 0.105) <= 4 * 0.13 / std::sqrt(1. * n) + 5e-4);
}

// Mean time (R^2 - x^2)/(2 d D) out of balls of all kinds, and radial for a real dimension.
BOOST_AUTO_TEST_CASE(balls) {
  const std::string loss = "Loss/Expression=0|Noise/Diffusion=0.5|Domain/Radius=2|Domain/Type=";
  constexpr std::uint64_t n = 20000;
  const auto check = [&](const auto& exits, const double expected) {
    BOOST_TEST_MESSAGE("mean time " << mean_time(exits) << ", expected " << expected);
    BOOST_TEST(std::fabs(mean_time(exits) - expected) <= 4 * expected / std::sqrt(1. * n));
  };
  check(simulate(make_problem<1>(Settings{ loss + "ball" }), Point<1>(0.), from_start(2e-3, n)),
        4.);
  const auto disk =
    simulate(make_problem<2>(Settings{ loss + "ball" }), Point<2>(1., 0.), from_start(2e-3, n));
  check(disk, 1.5);
  for (const auto& exit : disk)
    BOOST_TEST_REQUIRE(std::fabs(exit.position.norm() - 2) <= 1e-12);
  check(simulate(make_problem<3>(Settings{ loss + "ball" }), Point<3>(), from_start(2e-3, n)),
        4. / 3);
  for (const auto* const dimension : { "1", "3", "2.5", "20" })
    check(
      simulate(make_problem<1>(Settings{ loss + "radial|Domain/Effective dimension=" + dimension }),
               Point<1>(1.), from_start(1e-3, n)),
      3. / std::stod(dimension));
}

BOOST_AUTO_TEST_CASE(numbers_of_ranks_and_seeds) {
  const auto problem = make_problem<1>(Settings{ "Loss/Expression=x^2/2|Noise/Diffusion=0.5|Domain/"
                                                 "Lower=-1|Domain/Upper=1|Domain/Absorbing=all" });
  auto settings = from_start(1e-2, 1000);
  settings.burn_in_time = 1;
  const auto first = simulate(problem, Point<1>(0.), settings);
  settings.n_trajectories = 300; // fewer lanes, other neighbours
  const auto fewer = simulate(problem, Point<1>(0.), settings);
  for (std::size_t i = 0; i < fewer.size(); ++i) {
    BOOST_TEST(fewer[i].time == first[i].time);
    BOOST_TEST(fewer[i].side == first[i].side);
  }
  settings.seed = 12;
  BOOST_TEST(simulate(problem, Point<1>(0.), settings)[0].time != first[0].time);
  settings.seed = 11;
  settings.run = 1;
  BOOST_TEST(simulate(problem, Point<1>(0.), settings)[0].time != first[0].time);
}

BOOST_AUTO_TEST_CASE(stopping) {
  const auto problem = make_problem<1>(Settings{ "Loss/Expression=x^2/2|Noise/Diffusion=0.1|Domain/"
                                                 "Lower=-2|Domain/Upper=2|Domain/Absorbing=all" });
  int asked = 0;
  const auto partial =
    simulate_first_exits<1>(problem, Point<1>(0.), from_start(1e-2, 100), MPI_COMM_SELF,
                            [&](const SimulationProgress&) { return ++asked <= 5; });
  BOOST_TEST(partial.stopped);
  BOOST_TEST(partial.exits.size() == 100);
  for (const auto& exit : partial.exits) {
    BOOST_TEST(exit.side == FirstExit<1>::censored);
    BOOST_TEST(std::fabs(exit.time - 0.8) <= 1e-12); // five blocks of 16 steps
  }
}

BOOST_AUTO_TEST_CASE(steps_to_infinity) {
  const auto problem = make_problem<1>(Settings{
    "Loss/Expression=x^8|Noise/Diffusion=1|Domain/Lower=-50|Domain/Upper=50|Domain/Absorbing=x+" });
  auto settings = from_start(1e300, 10);
  BOOST_CHECK_THROW(simulate(problem, Point<1>(40.), settings), NotConverged);
}

BOOST_AUTO_TEST_SUITE_END()
