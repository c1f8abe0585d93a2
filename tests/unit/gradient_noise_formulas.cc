// Formulas for the noise of gradient descent, by hand.
#include "tests/unit/find_formula.h"

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

const std::string well = "Loss/Expression=x^4/4 - x^2/2";
const std::string two_temperature = "|Noise/Type=hessian aligned|Noise/Hessian=two temperature";
const std::string interval = "|Domain/Lower=-2.5|Domain/Upper=0.8|Domain/Absorbing=x+";

template <int dim>
std::vector<Formula> formulas(const std::string& settings) {
  return formulas_of(make_problem<dim>(Settings{ settings }));
}

void check_rate(const std::vector<Formula>& all, const std::string& name, const double expected,
                const bool applicable = true, const double tolerance = 1e-12) {
  const Formula& formula = find_formula(all, name);
  BOOST_TEST(formula.applicable == applicable, name << ": " << formula.reason);
  BOOST_TEST(std::fabs(formula.log_rate - expected) <= tolerance,
             name << ": " << formula.log_rate << ", expected " << expected);
}

} // namespace

BOOST_AUTO_TEST_SUITE(gradient_noise_formulas)

// H_a = 2, H_b = -1, dL = 1/4, T = eta_B/2 |H|: |H_b|, sqrt(2) and H_a are the prefactors.
BOOST_AUTO_TEST_CASE(two_temperatures) {
  const double eta = 0.02;
  for (const double s : { 0.5, 0.3 }) {
    const double exponent = 0.25 * (s / eta + (1 - s) / (eta / 2));
    for (const std::string reading : { "ito", "stratonovich", "anti-ito" }) {
      const auto all =
        formulas<1>(well + two_temperature + "|Noise/Learning rate=0.02|Noise/Path parameter s=" +
                    std::to_string(s) + "|Noise/Interpretation=" + reading + interval);
      check_rate(all, "Hessian-aligned, anti-Ito", -std::log(2 * M_PI) - exponent,
                 reading == "anti-ito");
      check_rate(all, "Hessian-aligned, Stratonovich",
                 std::log(std::sqrt(2.) / (2 * M_PI)) - exponent, reading == "stratonovich");
      check_rate(all, "Hessian-aligned, Ito", std::log(2 / (2 * M_PI)) - exponent,
                 reading == "ito");
      const double own = reading == "ito" ? 2 : reading == "anti-ito" ? 1 : std::sqrt(2.);
      // The transition has a width: exp(-(distance/width)^2) = exp(-100).
      check_rate(all, "Kramers, noise D(x)", std::log(own / (2 * M_PI)) - exponent, true, 1e-11);
      check_rate(all, "Kramers", std::log(own / (2 * M_PI)) - exponent, true, 1e-11);
    }
  }
  // eta_B counts, not eta; the batch of a tenth of the data.
  check_rate(formulas<1>(well + two_temperature +
                         "|Noise/Learning rate=0.2|Noise/Batch size=9|"
                         "Noise/Data set size=90" +
                         interval),
             "Hessian-aligned, Ito", std::log(1 / M_PI) - 0.125 * (1 / 0.02 + 1 / 0.01));
}

BOOST_AUTO_TEST_CASE(where_two_temperatures_do_not_apply) {
  const std::string name = "Hessian-aligned, Ito", noise = "|Noise/Learning rate=0.02";
  check_objection(formulas<1>(well + "|Noise/Diffusion=0.02" + interval), name, "not aligned");
  check_objection(
    formulas<1>(well + two_temperature + noise + "|Noise/Injected diffusion=0.001" + interval),
    name, "not aligned");
  check_objection(formulas<1>(well + two_temperature + noise +
                              "|Noise/Path parameter s=0.92|"
                              "Noise/Interpretation=anti-ito" +
                              interval),
                  "Hessian-aligned, anti-Ito", "temperature changes only");
  check_objection(formulas<1>(well + two_temperature + noise +
                              "|Domain/Lower=-2.5|Domain/Upper=0|Domain/Absorbing=x+"),
                  name, "no saddle inside");
  // Two directions: H_a = diag(2, 3), H_b = diag(-1, 2): D is no multiple of the identity.
  const auto plane =
    formulas<2>("Loss/Expression=x^4/4 - x^2/2 + y^2*(1 - x/2)|Dimension=2" + two_temperature +
                noise + "|Domain/Lower=-2.5, -2|Domain/Upper=0.8, 2|Domain/Absorbing=x+");
  check_objection(plane, name, "only the exponent");
  check_rate(plane, name, std::log(1 / M_PI) - 0.125 * (1 / 0.02 + 1 / 0.01), false);
}

// Isotropic on the way: H_a = diag(2, 2), H_b = diag(-1, 1).
BOOST_AUTO_TEST_CASE(two_temperatures_in_the_plane) {
  const std::string settings = "Loss/Expression=x^4/4 - x^2/2 + y^2*(1 - x)/2|Dimension=2" +
                               two_temperature +
                               "|Noise/Learning rate=0.02|Domain/Lower=-2, -2|"
                               "Domain/Upper=0.7, 2|Domain/Absorbing=x+|Noise/Interpretation=";
  const double exponent = 0.125 * (1 / 0.02 + 1 / 0.01);
  for (const bool ito : { true, false }) {
    const auto all = formulas<2>(settings + (ito ? "ito" : "anti-ito"));
    const double expected = std::log((ito ? 2 : 1) / (2 * M_PI)) - exponent;
    check_rate(all, ito ? "Hessian-aligned, Ito" : "Hessian-aligned, anti-Ito", expected);
    // Eyring and Kramers in the potential say the same: det H_a/det H_b = (T_b/T_a)^-n.
    check_rate(all, "Eyring-Kramers", expected, true, 1e-11);
  }
}

// D = 0.01 exp(x): int L'/D = 100 int (x^3 - x) exp(-x), D_a/D_b = exp(-1).
BOOST_AUTO_TEST_CASE(noise_of_position) {
  // The integral of (x^3 - x) exp(-x) is -(x^3 + 3 x^2 + 5 x + 5) exp(-x).
  const double barrier = 100 * (-5 + 2 * std::exp(1.));
  for (const std::string reading : { "ito", "stratonovich", "anti-ito" }) {
    const double a = reading == "ito" ? 0 : reading == "anti-ito" ? 1 : 0.5;
    const auto all =
      formulas<1>(well +
                  "|Noise/Type=expression|Noise/Expressions=0.01*exp(x)|"
                  "Noise/Interpretation=" +
                  reading + "|Domain/Lower=-1.8|Domain/Upper=0.8|Domain/Absorbing=x+");
    check_rate(all, "Kramers, noise D(x)",
               std::log(std::sqrt(2.) / (2 * M_PI)) + a - 0.5 - barrier);
  }
}

// T = eta_B h with h = 2; L_a = 0.05, L_b = 0.3.
BOOST_AUTO_TEST_CASE(power_law) {
  const std::string noise = "|Noise/Type=loss proportional|Noise/Learning rate=0.02";
  const double log_ratio = std::log(6.);
  for (const bool ito : { true, false }) {
    const std::string reading =
      ito ? "|Noise/Interpretation=ito" : "|Noise/Interpretation=anti-ito";
    const double kappa = 25 + (ito ? 1 : 0);
    const auto line = formulas<1>(well + " + 0.3" + noise + reading + interval);
    check_rate(line, "power law", std::log(std::sqrt(2.) / (2 * M_PI)) - (kappa - 0.5) * log_ratio);
    // Kramers' formula in the potential has T kappa = 1 + (1-a) T.
    check_rate(line, "Kramers",
               std::log(std::sqrt(2.) / (2 * M_PI)) - (kappa - 0.5) * log_ratio +
                 (ito ? std::log(1.04) : 0.),
               true, 1e-11);
    const auto plane =
      formulas<2>(well + " + 0.3 + y^2|Dimension=2" + noise + reading +
                  "|Domain/Lower=-2, -1.5|Domain/Upper=0.8, 1.5|Domain/Absorbing=x+");
    check_rate(plane, "power law", std::log(std::sqrt(2.) / (2 * M_PI)) - (kappa - 1) * log_ratio);
  }
  check_objection(formulas<1>(well + "|Noise/Diffusion=0.02" + interval), "power law",
                  "not proportional");
  check_objection(
    formulas<1>(well + " + 0.3|Noise/Type=loss proportional|Noise/Learning rate=0.6" + interval),
    "power law", "T is not small");
  check_objection(formulas<2>(well + " + 0.3 + 2*y^2|Dimension=2" + noise +
                              "|Domain/Lower=-2, -1.5|Domain/Upper=0.8, 1.5|Domain/Absorbing=x+"),
                  "power law", "detailed balance");
}

// n = 2, h = 1, T = 1/5, kappa = 6: 2 T (kappa - 1) r_b^2/(2 L_a) (L_a/L_b)^6 Gamma(6)/Gamma(5).
BOOST_AUTO_TEST_CASE(power_law_to_a_level) {
  const std::string noise = "|Noise/Type=loss proportional|Noise/Learning rate=0.2";
  const double expected = std::log(0.4 * 5 / 0.02 * 5) - 6 * std::log(51.);
  const std::string ball = "|Domain/Type=radial|Domain/Radius=1|Domain/Effective dimension=";
  check_rate(formulas<1>("Loss/Expression=0.01 + r^2/2" + noise + ball + "2"),
             "power law to a level", expected);
  check_rate(formulas<1>("Loss/Expression=0.005 + r^2/2|Noise/Floor=0.005" + noise + ball + "2"),
             "power law to a level", expected);
  check_rate(formulas<2>("Dimension=2|Loss/Expression=0.01 + (x^2 + y^2)/2|Domain/Type=ball|"
                         "Domain/Radius=1|Domain/Absorbing=all" +
                         noise),
             "power law to a level", expected);
  // n = 1: 2 T (11/2) /sqrt(pi) r_b/sqrt(2 L_a) (L_a/L_b)^6 Gamma(6)/Gamma(11/2).
  const double line =
    std::log(0.4 * 5.5 / std::sqrt(M_PI) / std::sqrt(0.02) * 120 / std::tgamma(5.5)) -
    6 * std::log(51.);
  check_rate(formulas<1>("Loss/Expression=0.01 + r^2/2" + noise + ball + "1"),
             "power law to a level", line);
  check_rate(formulas<1>("Loss/Expression=0.01 + x^2/2|Domain/Lower=-1|Domain/Upper=1|"
                         "Domain/Absorbing=x- x+" +
                         noise),
             "power law to a level", line);
  const std::string name = "power law to a level";
  check_objection(formulas<1>("Loss/Expression=0.01 + r^2/2" + noise + ball + "12"), name, "n_c");
  check_objection(formulas<1>("Loss/Expression=1 + r^2/2" + noise + ball + "2"), name, "not large");
  check_objection(formulas<1>("Loss/Expression=0.01 + r^2/2 + r^4/50" + noise + ball + "2"), name,
                  "r^2");
  check_objection(formulas<1>("Loss/Expression=0.01 + x^2/2|Domain/Lower=-1|Domain/Upper=1|"
                              "Domain/Absorbing=x+" +
                              noise),
                  name, "absorbing boundary");
}

BOOST_AUTO_TEST_SUITE_END()
