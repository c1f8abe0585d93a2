// The exact one-dimensional integral against the solver: they share no code but the problem.
#include "tests/convergence/formula_ratios.h"

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

/// Both agree to 1e-9, and the barrier is about what the row says. On finer meshes than needed the
/// solver loses digits to rounding: 4e-9 with 160 cells at a barrier of 3.
void compare(const std::string& settings, const double barrier) {
  const auto solution = solve_1d(settings, barrier < 50 ? 60 : 120);
  const auto& exact = solution.formula("exact 1-D integral");
  BOOST_TEST(exact.applicable, exact.reason);
  log_comparison(settings, solution.log_rate, exact.log_rate);
  BOOST_TEST(relative_error(solution.log_rate, exact.log_rate) <= 1e-9, settings);
  const double landscape = -exact.log_rate; // up to the prefactor
  BOOST_TEST(std::fabs(landscape - barrier) < 3 + 0.15 * barrier, settings);
}

} // namespace

BOOST_AUTO_TEST_SUITE(exact_against_solver)

// Constant noise has no interpretation.
BOOST_AUTO_TEST_CASE(constant_noise) {
  for (const double barrier : { 3., 10., 30., 100., 300. })
    compare("Loss/Expression=x^4/4 - x^2/2|Noise/Diffusion=" + exact(0.25 / barrier) +
              "|Domain/Lower=-2.5|Domain/Upper=0.5|Domain/Absorbing=x+",
            barrier);
}

// Exponents int L'/D at learning rate 1: 0.375 for two temperatures, 0.68 for |H|.
BOOST_AUTO_TEST_CASE(hessian_aligned_noise) {
  for (const std::string reading : { "ito", "stratonovich", "anti-ito" })
    for (const double barrier : { 3., 30., 300. }) {
      const std::string rest = "|Noise/Interpretation=" + reading +
                               "|Domain/Lower=-2|"
                               "Domain/Upper=0.5|"
                               "Domain/Absorbing=x+";
      compare("Loss/Expression=x^4/4 - x^2/2|Noise/Type=hessian aligned|Noise/Hessian=two "
              "temperature|Noise/Learning rate=" +
                exact(0.375 / barrier) + rest,
              barrier);
      compare("Loss/Expression=x^4/4 - x^2/2|Noise/Type=hessian aligned|Noise/Hessian=absolute|"
              "Noise/Floor=0.5|Noise/Learning rate=" +
                exact(0.68 / barrier) + rest,
              barrier);
    }
}

// kappa log(L_b/L_a) with L_b/L_a = 6, T = 2 eta.
BOOST_AUTO_TEST_CASE(loss_proportional_noise) {
  for (const std::string reading : { "ito", "stratonovich", "anti-ito" })
    for (const double barrier : { 3., 30., 300. })
      compare("Loss/Expression=x^4/4 - x^2/2 + 0.3|Noise/Type=loss proportional|"
              "Noise/Learning rate=" +
                exact(0.5 * std::log(6.) / barrier) + "|Noise/Interpretation=" + reading +
                "|Domain/Lower=-2|Domain/Upper=0.5|Domain/Absorbing=x+",
              barrier);
}

// Balls, two absorbing ends, two valleys, a wall at the bottom of the next valley.
BOOST_AUTO_TEST_CASE(other_domains) {
  for (const auto& [n, barrier] : { std::pair(1., 40.), { 2.5, 35. }, { 10., 16. } })
    compare("Loss/Expression=0.01 + r^2/2|Noise/Type=loss proportional|Noise/Learning rate=0.1|"
            "Domain/Type=radial|Domain/Radius=1|Domain/Effective dimension=" +
              exact(n),
            barrier);
  compare("Loss/Expression=x^2/2 + x^4/4|Noise/Diffusion=0.01|Domain/Lower=-0.8|Domain/Upper=0.85|"
          "Domain/Absorbing=x- x+",
          42);
  compare("Loss/Expression=-cos(2*Pi*x)|Noise/Diffusion=0.05|Domain/Lower=-0.4|Domain/Upper=1.85|"
          "Domain/Absorbing=x+",
          40);
  compare("Loss/Expression=x^4/4 - x^2/2 - 0.1*x|Noise/Diffusion=0.002|Domain/Lower=-2|"
          "Domain/Upper=1|Domain/Absorbing=x+|Domain/Start=-1",
          78);
}

BOOST_AUTO_TEST_SUITE_END()
