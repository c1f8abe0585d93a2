// Balls and level sets: exact rates.
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

const std::string disk = "Dimension=2|Loss/Expression=(x^2 + y^2)/2|Domain/Type=ball|"
                         "Domain/Radius=1|Noise/Diffusion=";
const std::string ball = "Dimension=3|Loss/Expression=(x^2 + y^2 + z^2)/2|Domain/Type=ball|"
                         "Domain/Radius=1|Noise/Diffusion=";

/// Solves to a tolerance and compares with the exact rate.
template <int dim>
void check(const std::string& settings, const double log_expected, const double tolerance,
           const double allowed) {
  const auto result = solve_to(make_problem<dim>(Settings{ settings }), tolerance);
  log_comparison(settings, result.solution.log_rate, log_expected);
  BOOST_TEST(result.converged, settings);
  BOOST_TEST(relative_error(result.solution.log_rate, log_expected) <= allowed, settings);
}

} // namespace

BOOST_AUTO_TEST_SUITE(domains)

// Smallest roots of 1F1(-gamma/2; d/2; 1/(2D)); a rotating force leaves them unchanged.
BOOST_AUTO_TEST_CASE(ornstein_uhlenbeck_disk) {
  for (const char* force : { "", "|Force/Expression=-5*y; 5*x", "|Force/Expression=-50*y; 50*x" })
    check<2>(disk + "0.02" + force, std::log(6.65346862668798296e-10), 1e-8, 1e-8);
}

BOOST_AUTO_TEST_CASE(ornstein_uhlenbeck_ball) {
  check<3>(ball + "0.1", std::log(0.12856182084999074), 1e-6, 1e-6);
  check<3>(ball + "0.02", std::log(3.6715839311260838e-9), 1e-6, 1e-6);
}

// tests/data/escape_rates_radial.csv, n = 2 and 3.
BOOST_AUTO_TEST_CASE(power_law) {
  const std::string noise = "|Noise/Type=loss proportional|Noise/Learning rate=0.1|Noise/Batch "
                            "size=1|Domain/Type=ball|Domain/Radius=1";
  for (const auto& row : read_table("escape_rates_radial.csv")) {
    const std::string settings = row.at("settings");
    if (settings.find("0.01 + r^2/2|Noise/Type=loss proportional|Noise/Learning rate=0.1|") ==
        std::string::npos)
      continue;
    const double expected = std::stod(row.at("log_rate"));
    const std::string n = settings.substr(settings.rfind('=') + 1);
    if (n == "2")
      check<2>("Dimension=2|Loss/Expression=0.01 + (x^2+y^2)/2" + noise, expected, 1e-6, 1e-6);
    if (n == "3")
      check<3>("Dimension=3|Loss/Expression=0.01 + (x^2+y^2+z^2)/2" + noise, expected, 1e-6, 1e-6);
  }
}

// The square of the first zero of the Bessel function J_0, and pi^2.
BOOST_AUTO_TEST_CASE(brownian_motion) {
  check<2>("Dimension=2|Loss/Expression=0|Noise/Diffusion=1|Domain/Type=ball|Domain/Radius=1",
           std::log(5.783185962946785), 1e-9, 1e-9);
}

// The level set L < 1/2 of an Ornstein-Uhlenbeck process is the unit disk.
BOOST_AUTO_TEST_CASE(level_set) {
  check<2>("Dimension=2|Loss/Expression=(x^2 + y^2)/2|Noise/Diffusion=0.02|Domain/Type=level "
           "set|Domain/Level=0.5|Domain/Lower=-2, -2|Domain/Upper=2, 2",
           std::log(6.65346862668798296e-10), 1e-7, 1e-7);
}

BOOST_AUTO_TEST_SUITE_END()
