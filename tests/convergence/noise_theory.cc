// State-dependent noise against theory: prefactors of the two-temperature model, the power law.
#include "postprocess/fields/density.h"
#include "tests/solve.h"

#include "meshes/mesh.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

std::string number(const double value) {
  std::ostringstream text;
  text << std::setprecision(17) << value;
  return text.str();
}

std::string power_law(const double lowest_loss, const double temperature, const int n) {
  return "Loss/Expression=" + number(lowest_loss) + " + r^2/2|Noise/Type=loss proportional|" +
         "Noise/Learning rate=" + number(temperature) +
         "|Domain/Type=radial|Domain/Radius=1|Domain/Effective dimension=" + std::to_string(n);
}

} // namespace

BOOST_AUTO_TEST_SUITE(noise_theory)

// gamma -> C exp(-s dL/T_a - (1-s) dL/T_b) with C = sqrt(T_b H_a |H_b|/T_a)/2 pi for anti-Ito and
// sqrt(T_a H_a |H_b|/T_b)/2 pi for Ito: factors 1/2 and 2 apart from sqrt(H_a |H_b|)/2 pi here.
BOOST_AUTO_TEST_CASE(two_temperature_prefactor) {
  const double h_a = 2, h_b = 1, barrier = 0.25, s = 0.5;
  for (const bool ito : { true, false }) {
    double previous = 0;
    for (const double eta : { 0.04, 0.02, 0.01, 0.005, 0.0025 }) {
      const double t_a = eta / 2 * h_a, t_b = eta / 2 * h_b;
      const double prefactor = std::sqrt((ito ? t_a / t_b : t_b / t_a) * h_a * h_b) / (2 * M_PI);
      const auto problem = make_problem<1>(
        Settings{ "Loss/Expression=x^4/4 - x^2/2|Noise/Type=hessian aligned|Noise/Hessian=two "
                  "temperature|Noise/Learning rate=" +
                  number(eta) + "|Noise/Interpretation=" + (ito ? "ito" : "anti-ito") +
                  "|Domain/Lower=-2|Domain/Upper=0.7|Domain/Absorbing=x+" });
      const auto solution = solve_problem(problem, { 150 }, 8);
      const double found =
        std::exp(solution.log_rate + s * barrier / t_a + (1 - s) * barrier / t_b);
      const double deviation = found / prefactor - 1;
      BOOST_TEST_MESSAGE((ito ? "Ito" : "anti-Ito")
                         << ", eta = " << eta << ": prefactor " << found << ", theory " << prefactor
                         << ", deviation " << deviation);
      BOOST_TEST(std::fabs(deviation) < 2.5 * eta); // of first order in the noise
      if (previous != 0) BOOST_TEST(std::fabs(deviation) < 0.6 * std::fabs(previous));
      previous = deviation;
    }
  }
}

// log gamma against log(L_b/L_a) at fixed L_b: slope -(1/T + 1 - n/2) as L_b/L_a grows.
BOOST_AUTO_TEST_CASE(power_law_rates) {
  const double temperature = 0.2;
  for (const int n : { 1, 2, 3, 10 }) {
    const double theory = -(1 / temperature + 1 - n / 2.);
    double previous_rate = 0, previous_log = 0, deviation = 0;
    for (const double lowest : { 1e-2, 1e-3, 1e-4, 1e-5 }) {
      const auto solution =
        solve_problem(make_problem<1>(Settings{ power_law(lowest, temperature, n) }), { 1600 }, 4);
      const double log_ratio = std::log((lowest + 0.5) / lowest);
      if (previous_log != 0) {
        const double slope = (solution.log_rate - previous_rate) / (log_ratio - previous_log);
        BOOST_TEST_MESSAGE("n = " << n << ", L_a = " << lowest << ": slope " << slope << ", theory "
                                  << theory);
        const double next = std::fabs(slope - theory);
        if (deviation != 0) BOOST_TEST(next < 0.25 * deviation); // at n = 10, close to n_c = 12
        deviation = next;
      }
      previous_rate = solution.log_rate;
      previous_log = log_ratio;
    }
    BOOST_TEST(deviation <= 3e-3);
  }
}

// The quasi-stationary density well below the wall: log p against log L has slope -(1 + 1/T).
BOOST_AUTO_TEST_CASE(power_law_densities) {
  const double temperature = 0.2;
  for (const int n : { 1, 2, 3, 10 }) {
    const auto problem = make_problem<1>(Settings{ power_law(1e-4, temperature, n) });
    const Gauge<1> gauge(problem);
    const auto landscape = explore(problem.domain, gauge, *problem.loss, problem.start);
    const Discretization<1> discretization(make_mesh<1>(problem.domain, { { 400 } }, MPI_COMM_SELF),
                                           6);
    const auto solution = solve_quasi_stationary(problem, gauge, landscape, discretization);
    const Density<1> density(problem, gauge, solution.log_mass);
    const auto samples =
      sample_density<1>(problem, density, discretization, solution, { { { 0.01, 0.02 } } });
    const double slope = std::log(samples.densities[1] / samples.densities[0]) /
                         std::log(samples.losses[1] / samples.losses[0]);
    BOOST_TEST_MESSAGE("n = " << n << ": slope of the density " << slope << ", theory "
                              << -(1 + 1 / temperature));
    BOOST_TEST(std::fabs(slope + 1 + 1 / temperature) <= 1e-3); // (r/R)^2 at n = 10
  }
}

BOOST_AUTO_TEST_SUITE_END()
