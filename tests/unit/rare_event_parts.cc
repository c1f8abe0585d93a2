// What the simulation of rare escapes is made of: coordinate, particles with rebirth, repeats.
#include "postprocess/commands/monte_carlo/simulation_display.h"
#include "solver/monte_carlo/population.h"
#include "solver/monte_carlo/reaction_coordinate.h"
#include "solver/monte_carlo/repeats.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using dealii::Point;
using fokker_planck::testing::make_problem;
using fokker_planck::testing::Settings;

BOOST_AUTO_TEST_SUITE(rare_event_parts)

// (Psi - Psi at the start) up to the saddle, the barrier beyond, nothing on the other side of the
// valley; plus at most 0.5 for the length of the way.
BOOST_AUTO_TEST_CASE(coordinate_of_a_double_well) {
  const double d = 0.01;
  const auto problem = make_problem<2>(
    Settings{ "Loss/Expression=x^4/4 - x^2/2 + y^2|Noise/Diffusion=0.01|Domain/Lower=-2.5, -2.5|"
              "Domain/Upper=1, 2.5|Domain/Absorbing=x+" });
  const ReactionCoordinate<2> coordinate(problem, Point<2>(-1., 0.));
  BOOST_TEST(std::fabs(coordinate.value(Point<2>(-1., 0.))) <= 1e-12);
  for (const double x : { -1.5, -0.8, -0.5, -0.2, 0., 0.4, 1. })
    for (const double y : { 0., 0.3 }) { // it relaxes along y meanwhile
      const double climbed = x < -1 ? -1 : x > 0 ? 0 : x;
      const double expected =
        ((std::pow(climbed, 4) / 4 - climbed * climbed / 2) - (0.25 - 0.5)) / d;
      const double value = coordinate.value(Point<2>(x, y));
      BOOST_TEST_MESSAGE(x << ", " << y << ": " << value << ", expected " << expected);
      BOOST_TEST(std::fabs(value - expected) <= 0.4);
    }
}

// A ring of exits and a rotation, which the way out follows: Psi = r^2/(2 D), the same in all
// directions.
BOOST_AUTO_TEST_CASE(coordinate_of_a_rotation) {
  const auto problem = make_problem<2>(
    Settings{ "Loss/Expression=(x^2 + y^2)/2|Force/Expression=-5*y; 5*x|Noise/Diffusion=0.02|"
              "Domain/Type=ball|Domain/Radius=1|Domain/Absorbing=all" });
  const ReactionCoordinate<2> coordinate(problem, Point<2>());
  BOOST_TEST(std::fabs(coordinate.top() - 25) <= 2.5);
  for (int k = 0; k < 12; ++k) {
    const Point<2> point(0.7 * std::cos(0.5 * k), 0.7 * std::sin(0.5 * k));
    BOOST_TEST(std::fabs(coordinate.value(point) - 12.25) <= 1.5);
  }
}

BOOST_AUTO_TEST_CASE(coordinate_of_a_flat_loss_is_the_distance) {
  const auto problem = make_problem<1>(Settings{
    "Loss/Expression=0|Noise/Diffusion=2|Domain/Lower=0|Domain/Upper=4|Domain/Absorbing=x+" });
  const ReactionCoordinate<1> coordinate(problem, Point<1>(1.));
  for (const double x : { 0., 1.5, 4. })
    BOOST_TEST(std::fabs(coordinate.value(Point<1>(x)) - 0.5 * (x - 1) / 4) <= 1e-12);
}

// Brownian motion between absorbing ends: the quasi-stationary density is sin(pi x) pi/2, and
// leaves at the rate pi^2 D.
BOOST_AUTO_TEST_CASE(rebirths_lead_to_the_quasi_stationary_density) {
  constexpr std::size_t n = 2000;
  constexpr double dt = 2e-4, pi = 3.14159265358979324;
  const auto problem = make_problem<1>(Settings{
    "Loss/Expression=0|Noise/Diffusion=1|Domain/Lower=0|Domain/Upper=1|Domain/Absorbing=all" });
  Population<1> population(problem, Scheme::euler_maruyama, dt, RandomNumbers(3), n, Point<1>(0.2));
  constexpr int burn_in = 2000, n_steps = 4000;
  double inside = 0, n_exits = 0, right = 0;
  for (int step = 0; step < burn_in + n_steps; ++step) {
    for (const auto& exit : population.step()) {
      BOOST_TEST_REQUIRE(exit.parent != exit.particle);
      BOOST_TEST_REQUIRE(exit.parent < n);
      if (step < burn_in) continue;
      ++n_exits;
      right += exit.side;
    }
    if (step < burn_in || step % 50 != 0) continue;
    for (std::size_t k = 0; k < n; ++k)
      inside += std::fabs(population.positions()[0][k] - 0.5) < 0.25;
  }
  const double share = inside / (n * n_steps / 50.), rate = n_exits / (n * n_steps * dt);
  BOOST_TEST_MESSAGE("in the middle " << share << ", expected " << std::sqrt(0.5) << "; rate "
                                      << rate << ", expected " << pi * pi);
  BOOST_TEST(std::fabs(share - std::sqrt(0.5)) <= 0.01);
  BOOST_TEST(std::fabs(rate / (pi * pi) - 1) <= 0.03);
  BOOST_TEST(std::fabs(right / n_exits - 0.5) <= 0.03);
}

BOOST_AUTO_TEST_CASE(ratios_of_repeats) {
  // The mean of 1, 2, 3, 6 is 3, its standard error sqrt(14/3)/2, t_3(0.975) = 3.18244630528.
  const auto mean = repeated_ratio({ 1, 2, 3, 6 }, { 1, 1, 1, 1 });
  const double error = std::sqrt(14. / 3) / 2;
  BOOST_TEST(std::fabs(mean.value - 3) <= 1e-14);
  BOOST_TEST(std::fabs(mean.standard_error - error) <= 1e-14);
  BOOST_TEST(mean.interval.lower == 0.);
  BOOST_TEST(std::fabs(mean.interval.upper - 3 - 3.18244630528 * error) <= 1e-9);
  // Equal ratios have no error, and tiny numbers do not underflow.
  const auto ratio = repeated_ratio({ 2e-200, 4e-200 }, { 1, 2 });
  BOOST_TEST(ratio.standard_error <= 1e-210);
  BOOST_TEST(repeated_ratio({ 1e-200, 3e-200 }, { 1, 1 }).standard_error > 0.99e-200);
  BOOST_TEST(std::isinf(repeated_ratio({ 1 }, { 1 }).interval.upper));
}

BOOST_AUTO_TEST_CASE(progress) {
  SimulationProgress progress;
  progress.n_all = 1000;
  progress.n_steps = 200000000;
  const std::string before = SimulationDisplay::text("time step 0.02", progress, 4.);
  BOOST_TEST(before.find("0 of 1000 trajectories, 2e+08 steps, 5e+07 per second (") !=
             std::string::npos);
  progress.n_done = 250;
  BOOST_TEST(SimulationDisplay::text("t", progress, 4.).find(" left (") != std::string::npos);
  progress = {};
  progress.repeat = 3;
  progress.n_repeats = 20;
  progress.level = 5.123;
  progress.top = 25;
  BOOST_TEST(SimulationDisplay::text("t", progress, 4.).find("repeat 3 of 20, level 5.12 of 25") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
