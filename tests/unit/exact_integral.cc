// The exact one-dimensional integral against independent references (shooting, hypergeometric
// functions, closed forms), and its limits.
#include "postprocess/formulas/exact_integral.h"

#include "problems/base/input_error.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

double start_of(const Problem<1>& problem) {
  if (problem.start) return (*problem.start)[0];
  std::vector<dealii::Point<1>> points;
  std::vector<double> losses;
  for (int i = 1; i < 1000; ++i)
    points.push_back(problem.domain.lower +
                     i / 1000. * (problem.domain.upper - problem.domain.lower));
  problem.loss->values(points, losses);
  return points[std::min_element(losses.begin(), losses.end()) - losses.begin()][0];
}

/// Compares with the rows of a table, to a tolerance for log rates of order one; Psi, and with it
/// the logarithm, is rounded relatively to its size.
void check_table(const std::string& file, const double tolerance) {
  for (const auto& row : read_table(file)) {
    const auto settings =
      row.count("settings") != 0
        ? Settings{ row.at("settings") }
        : to_settings({ row.at("expression"), row.at("diffusion"), row.at("lower"), row.at("upper"),
                        row.at("absorbing") });
    const auto problem = make_problem<1>(settings);
    const ExactIntegral integral(problem, start_of(problem));
    const double expected = std::stod(row.at("log_rate"));
    log_comparison(settings.text, integral.log_rate(), expected);
    BOOST_TEST(relative_error(integral.log_rate(), expected) <=
                 tolerance * (1 + std::fabs(expected) / 100),
               settings.text);
  }
}

ExactIntegral integrate(const std::string& settings, const double start) {
  return { make_problem<1>(Settings{ settings }), start };
}

} // namespace

BOOST_AUTO_TEST_SUITE(exact_integral)

// Barriers from 0 to 863: 1e-13 is the rounding of Psi at 100; worse where the end cuts a slope of
// 150 (the end itself is rounded): up to 1.2e-12 at 193.
BOOST_AUTO_TEST_CASE(constant_noise) {
  check_table("escape_rates_1d.csv", 5e-13);
}

BOOST_AUTO_TEST_CASE(state_dependent_noise) {
  check_table("escape_rates_noise_1d.csv", 2e-13);
}

BOOST_AUTO_TEST_CASE(balls) {
  check_table("escape_rates_radial.csv", 2e-13);
}

// Mean first-passage times in closed form.
BOOST_AUTO_TEST_CASE(first_passage_times) {
  // Ornstein-Uhlenbeck process from 0 to 1 (OEIS A249417; the left end at -12 is never reached).
  const auto problem = make_problem<1>(Case{ "x^2/2", "1", "-12", "1", "x+" });
  const ExactIntegral half_line(problem, 0);
  BOOST_TEST(std::fabs(std::exp(half_line.log_mean_first_passage_time(0)) / 2.09340664967832180692 -
                       1) <= 1e-13);
  BOOST_TEST(std::fabs(std::exp(half_line.log_rate()) / 0.38823829470678552935 - 1) <= 1e-13);

  // Brownian motion: (x - l)(b - x)/(2D) between two ends, (b - x)(b + x - 2l)/(2D) from one
  // that reflects; rates D pi^2/3^2 and D pi^2/6^2.
  for (const bool two_ends : { true, false }) {
    const auto brownian = make_problem<1>(Case{ "0", "0.3", "-1", "2", two_ends ? "x- x+" : "x+" });
    const ExactIntegral interval(brownian, 0);
    for (const double x : { -0.9, 0., 0.77, 1.9 }) {
      const double expected = (2 - x) * (two_ends ? x + 1 : x + 4) / 0.6;
      BOOST_TEST(std::fabs(std::exp(interval.log_mean_first_passage_time(x)) / expected - 1) <=
                 1e-13);
    }
    const double expected = 0.3 * std::pow(M_PI / (two_ends ? 3 : 6), 2);
    BOOST_TEST(std::fabs(std::exp(interval.log_rate()) / expected - 1) <= 1e-13);
  }

  // The mean over the ball |x| < 1 in n dimensions: (1 - r^2)/(2 n D).
  for (const double n : { 1., 2., 2.5, 3., 17. }) {
    const auto ball = make_problem<1>(
      Settings{ "Loss/Expression=0|Noise/Diffusion=0.5|Domain/Type=radial|Domain/Radius=1|"
                "Domain/Effective dimension=" +
                std::to_string(n) });
    const ExactIntegral integral(ball, 0.5);
    BOOST_TEST(std::fabs(std::exp(integral.log_mean_first_passage_time(0.5)) / (0.75 / n) - 1) <=
               1e-12);
  }
}

// Below a barrier of 3 the mean first-passage time is not 1/gamma: their difference is of the order
// exp(-barrier) and larger than what the solver is compared to.
BOOST_AUTO_TEST_CASE(time_and_rate) {
  for (const double barrier : { 3., 10., 20. }) {
    const auto problem =
      make_problem<1>(Case{ "x^4/4 - x^2/2", std::to_string(0.25 / barrier), "-3", "0.5", "x+" });
    const ExactIntegral integral(problem, -1);
    const double product = std::exp(integral.log_rate() + integral.log_mean_first_passage_time(-1));
    BOOST_TEST_MESSAGE("barrier/D = " << barrier << ": gamma tau - 1 = " << product - 1);
    BOOST_TEST(std::fabs(product - 1) < 2 * std::exp(-barrier));
    BOOST_TEST(std::fabs(product - 1) > 0.01 * std::exp(-barrier));
  }
}

// Beyond the range of floating-point numbers; a far wall behind the valley; the deeper valley
// behind the exit.
BOOST_AUTO_TEST_CASE(extreme_barriers) {
  const auto kramers = [](const double d) {
    return std::log(std::sqrt(2.) / (2 * M_PI)) - 0.25 / d - std::log1p(1.5 * d);
  };
  for (const auto& [diffusion, upper] :
       { std::pair("1e-4", "0.9"), { "2e-5", "0.9" }, { "2e-5", "1" } }) {
    const auto integral =
      integrate("Loss/Expression=x^4/4 - x^2/2|Noise/Diffusion=" + std::string(diffusion) +
                  "|Domain/Lower=-20|Domain/Upper=" + upper + "|Domain/Absorbing=x+",
                -1);
    const double d = std::stod(diffusion);
    // The next term is 8 D^2 (tests/convergence/theory.cc); Psi is rounded to 1e-16/(4D).
    BOOST_TEST(std::fabs(integral.log_rate() - kramers(d)) <= 20 * d * d + 1e-15 / d);
  }
  // The right valley of x^4/4 - x^2/2 - 0.6 x is 300 D deeper than the exit of the left one.
  const auto deep = integrate("Loss/Expression=x^4/4 - x^2/2 + 0.3*x|Noise/Diffusion=0.002|"
                              "Domain/Lower=-2.5|Domain/Upper=2|Domain/Absorbing=x+",
                              -1.1);
  BOOST_TEST(std::isfinite(deep.log_rate()));
}

// Psi = |x|/D has a kink; from 0 to 1 it takes (2 - exp(-3/D)) D (exp(1/D) - 1) - 1.
BOOST_AUTO_TEST_CASE(kinks) {
  const auto integral = integrate("Loss/Expression=sqrt((x-0.1)^2)|Noise/Diffusion=0.1|"
                                  "Domain/Lower=-2.9|Domain/Upper=1.1|Domain/Absorbing=x+",
                                  0.1);
  const double expected = (2 - std::exp(-30.)) * 0.1 * std::expm1(10.) - 1;
  BOOST_TEST(std::fabs(std::exp(integral.log_mean_first_passage_time(0.1)) / expected - 1) <=
             1e-12);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_integrated) {
  // L falls without bound at 0.2.
  BOOST_CHECK_THROW(integrate("Loss/Expression=0.05*log((x-0.2001)^2)|Noise/Diffusion=0.1|"
                              "Domain/Lower=-1|Domain/Upper=1|Domain/Absorbing=x+",
                              -0.5),
                    NotConverged);
}

BOOST_AUTO_TEST_SUITE_END()
