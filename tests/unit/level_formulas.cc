// First passage to a level, by hand.
#include "tests/unit/find_formula.h"

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

const std::string name = "first passage to a level";

template <int dim>
std::vector<Formula> formulas(const std::string& settings) {
  return formulas_of(make_problem<dim>(Settings{ settings }));
}

void check_rate(const std::vector<Formula>& all, const double expected,
                const double tolerance = 1e-12) {
  const Formula& formula = find_formula(all, name);
  BOOST_TEST(formula.applicable, formula.reason);
  BOOST_TEST(std::fabs(formula.log_rate - expected) <= tolerance,
             formula.log_rate << ", expected " << expected);
}

double area_of_sphere(const double n) {
  return 2 * std::pow(M_PI, n / 2) / std::tgamma(n / 2);
}

} // namespace

BOOST_AUTO_TEST_SUITE(level_formulas)

// L = 3 r^2/2 up to r = 1: S_n 3 (3/(2 pi D))^(n/2) exp(-3/(2D)), in radial and in real
// coordinates.
BOOST_AUTO_TEST_CASE(balls) {
  const double d = 0.05;
  const auto expected = [&](const double n) {
    return std::log(area_of_sphere(n) * 3) + n / 2 * std::log(3 / (2 * M_PI * d)) - 1.5 / d;
  };
  for (const double n : { 1., 2., 2.5, 10. })
    check_rate(formulas<1>("Loss/Expression=3*r^2/2|Noise/Diffusion=0.05|Domain/Type=radial|"
                           "Domain/Radius=1|Domain/Effective dimension=" +
                           std::to_string(n)),
               expected(n));
  check_rate(formulas<2>("Dimension=2|Loss/Expression=3*(x^2+y^2)/2|Noise/Diffusion=0.05|"
                         "Domain/Type=ball|Domain/Radius=1|Domain/Absorbing=all"),
             expected(2));
  check_rate(formulas<3>("Dimension=3|Loss/Expression=3*(x^2+y^2+z^2)/2|Noise/Diffusion=0.05|"
                         "Domain/Type=ball|Domain/Radius=1|Domain/Absorbing=all"),
             expected(3));
}

// Ellipses: Phi = int Laplace(L) = (h_1 + h_2) pi 2 L_b/sqrt(h_1 h_2).
BOOST_AUTO_TEST_CASE(level_sets) {
  const auto all = formulas<2>("Dimension=2|Loss/Expression=x^2/2 + 2*y^2|Noise/Diffusion=0.05|"
                               "Domain/Type=level set|Domain/Level=0.5|Domain/Lower=-2, -2|"
                               "Domain/Upper=2, 2|Domain/Absorbing=all");
  // det Psi'' = 4/D^2, flux 5 pi 2 0.5/2.
  check_rate(all, std::log(2.5 * M_PI * 2 / (2 * M_PI * 0.05)) - 0.5 / 0.05, 1e-10);
}

// L = 0.01 + r^2/2, D = T L, Ito: S_n r_b^n (1 + T) (kappa/(2 pi L_a))^(n/2) (L_a/L_b)^kappa.
BOOST_AUTO_TEST_CASE(loss_proportional_noise) {
  const double t = 0.02, kappa = 51;
  for (const double n : { 1., 2., 3. })
    check_rate(formulas<1>("Loss/Expression=0.1 + r^2/2|Noise/Type=loss proportional|"
                           "Noise/Learning rate=0.02|Domain/Type=radial|Domain/Radius=1|"
                           "Domain/Effective dimension=" +
                           std::to_string(n)),
               std::log(area_of_sphere(n) * (1 + t)) + n / 2 * std::log(kappa / (2 * M_PI * 0.1)) -
                 kappa * std::log(6.));
}

BOOST_AUTO_TEST_CASE(where_it_does_not_apply) {
  check_objection(formulas<1>("Loss/Expression=x^2/2|Noise/Diffusion=0.05|Domain/Lower=-1|"
                              "Domain/Upper=1|Domain/Absorbing=x- x+"),
                  name, "interval");
  const std::string ball = "|Domain/Type=radial|Domain/Radius=1|Domain/Effective dimension=2";
  check_objection(formulas<1>("Loss/Expression=r^2/2|Noise/Diffusion=0.3" + ball), name,
                  "next order");
  check_objection(formulas<1>("Loss/Expression=(r - 0.4)^2|Noise/Diffusion=0.01" + ball), name,
                  "minimum at r = 0");
  check_objection(formulas<1>("Loss/Expression=r^2/2 - r^4/2|Noise/Diffusion=0.01" + ball), name,
                  "does not rise");
  check_objection(formulas<2>("Dimension=2|Loss/Expression=x^2/2 + y^2|Noise/Diffusion=0.05|"
                              "Domain/Type=ball|Domain/Radius=1|Domain/Absorbing=all"),
                  name, "not constant");
  check_objection(formulas<2>("Dimension=2|Loss/Expression=x^2/2 + y^2/2|Noise/Diffusion=0.05|"
                              "Domain/Lower=-1, -1|Domain/Upper=1, 1|Domain/Absorbing=all"),
                  name, "not constant");
}

BOOST_AUTO_TEST_SUITE_END()
