// Derivatives of the potential and corrections of the escape formulas, by hand.
#include "postprocess/formulas/next_order.h"

#include "tests/solve.h"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using testing::Case;
using testing::Settings;

BOOST_AUTO_TEST_SUITE(next_order)

// Psi = L/D and, for D(x) read as Ito, Psi' = (L' + D')/D with D = 0.1 exp(x/2).
BOOST_AUTO_TEST_CASE(derivatives) {
  const auto constant =
    testing::make_problem<1>(Case{ "x^5/5 - 2*x^2 + x", "0.01", "-2", "2", "x+" });
  const double x = 0.7;
  const auto e = expand(constant, x, 0.1);
  // Interpolated at a distance h, derivative k is rounded to about 1e-13/h^k.
  BOOST_TEST(std::fabs(e.psi1 / (100 * (std::pow(x, 4) - 4 * x + 1)) - 1) <= 1e-13);
  BOOST_TEST(std::fabs(e.psi2 / (100 * (4 * x * x * x - 4)) - 1) <= 1e-12);
  BOOST_TEST(std::fabs(e.psi3 / (100 * 12 * x * x) - 1) <= 1e-10);
  BOOST_TEST(std::fabs(e.psi4 / (100 * 24 * x) - 1) <= 1e-8);
  BOOST_TEST(std::fabs(e.log_d1) <= 1e-12);

  const auto varying = testing::make_problem<1>(
    Settings{ "Loss/Expression=exp(x)|Noise/Type=expression|Noise/Expressions=0.1*exp(x/2)|"
              "Domain/Lower=-2|Domain/Upper=2|Domain/Absorbing=x+" });
  const auto v = expand(varying, x, 0.3);
  const double slope = 10 * std::exp(x / 2);
  BOOST_TEST(std::fabs(v.psi1 / (slope + 0.5) - 1) <= 1e-13);
  BOOST_TEST(std::fabs(v.psi3 / (slope / 4) - 1) <= 1e-10);
  BOOST_TEST(std::fabs(v.psi4 / (slope / 8) - 1) <= 1e-8);
  BOOST_TEST(std::fabs(v.log_d1 - 0.5) <= 1e-12);
  BOOST_TEST(std::fabs(v.log_d2) <= 1e-10);
}

// The volume element joins Psi as -(n-1) log r; points outside of where the loss is defined are
// avoided.
BOOST_AUTO_TEST_CASE(balls_and_ends) {
  const auto ball = testing::make_problem<1>(
    Settings{ "Loss/Expression=r^2|Noise/Diffusion=0.5|Domain/Type=radial|Domain/Radius=3|"
              "Domain/Effective dimension=3" });
  BOOST_TEST(std::fabs(expand(ball, 2, 0.2).psi1 - 7) <= 1e-12);
  BOOST_TEST(std::fabs(expand(ball, 2, 0.2).psi2 - 4.5) <= 1e-11);
  BOOST_TEST(std::fabs(expand(ball, 2, 0.2, false).psi1 - 8) <= 1e-12);
  const auto end = testing::make_problem<1>(Case{ "2*x^(5/2)/5", "1", "0", "2", "x+" });
  BOOST_TEST(std::fabs(expand(end, 2, 0.5).psi2 / (1.5 * std::sqrt(2.)) - 1) <= 1e-10);
  BOOST_TEST(std::fabs(expand(end, 0.3, 0.5).psi2 / (1.5 * std::sqrt(0.3)) - 1) <= 0.1);
}

// Against quadrature of int exp(-Psi) D^-q and int exp(Psi) D^-q up to an end, with cubic and
// quartic terms and D = exp(x/2): the remainder falls like the square of the noise (its power 3/2
// at an end), 4 (2.8) times where the noise halves.
BOOST_AUTO_TEST_CASE(integrals) {
  using Quadrature = boost::math::quadrature::gauss_kronrod<double, 61>;
  for (const double power : { 0., 1. })
    for (const double end : { 0., -0.4, 10. }) { // in units of the width; the last is beyond
      double previous_minimum = 0, previous_saddle = 0;
      for (const double noise : { 0.004, 0.002, 0.001 }) {
        const Expansion minimum{ 0, 1 / noise, 0.8 / noise, 1.5 / noise, 0.5, 0 };
        const Expansion saddle{ 0, -1 / noise, 0.8 / noise, -1.5 / noise, 0.5, 0 };
        const double width = std::sqrt(noise);
        const auto integrand = [&](const double t, const double sign) {
          const double x = t * width;
          const double psi = (x * x / 2 + sign * 0.8 * x * x * x / 6 + 1.5 * x * x * x * x / 24);
          return std::exp(-psi / noise - power * x / 2) / std::sqrt(2 * M_PI);
        };
        const double weight =
          Quadrature::integrate([&](double t) { return integrand(t, 1); }, -12., 12., 10, 1e-14);
        const double of_minimum = weight - 1 - next_order_at_minimum(minimum, power);
        // sign -1: exp(Psi) with Psi''' = 0.8 at the saddle.
        const double flux = Quadrature::integrate([&](double t) { return integrand(t, -1); }, -12.,
                                                  std::min(end, 12.), 10, 1e-14);
        const double limit = end > 5 ? INFINITY : end;
        const double of_saddle = flux - relative_integral_at_saddle(saddle, limit, 1, power);
        if (previous_minimum != 0) {
          BOOST_TEST_MESSAGE("power " << power << ", end " << end << ", noise " << noise
                                      << ": remainders " << of_minimum << ", " << of_saddle);
          BOOST_TEST(std::fabs(previous_minimum / of_minimum - 4) < 0.4);
          BOOST_TEST(std::fabs(previous_saddle / of_saddle - (end > 5 ? 4 : 2.83)) < 0.4);
        }
        previous_minimum = of_minimum;
        previous_saddle = of_saddle;
        // The way out may also lead down: mirrored.
        const Expansion mirrored{ 0, -1 / noise, -0.8 / noise, -1.5 / noise, -0.5, 0 };
        BOOST_TEST(std::fabs(relative_integral_at_saddle(mirrored, limit, -1, power) -
                             relative_integral_at_saddle(saddle, limit, 1, power)) <= 1e-15);
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()
