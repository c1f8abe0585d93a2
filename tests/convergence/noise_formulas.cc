// Formulas for the noise of gradient descent, and first passage to a level, against the solver as
// the noise (or L_a/L_b) vanishes.
#include "tests/convergence/formula_ratios.h"

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

const std::string readings[] = { "ito", "stratonovich", "anti-ito" };
const std::string names[] = { "Ito", "Stratonovich", "anti-Ito" };
const std::string double_well = "Loss/Expression=x^4/4 - x^2/2";

std::string ball(const double n) {
  return "|Domain/Type=radial|Domain/Radius=1|Domain/Effective dimension=" + exact(n);
}

} // namespace

BOOST_AUTO_TEST_SUITE(noise_formulas)

// H_a = 2, H_b = -1: the prefactors are H_a, (H_a |H_b|)^(1/2) and |H_b|, so that the formula of a
// wrong interpretation is off by 2^(1/2) or 2.
BOOST_AUTO_TEST_CASE(two_temperatures) {
  for (int reading = 0; reading < 3; ++reading) {
    std::vector<FormulaRatios> ratios;
    for (const auto& name : names)
      ratios.emplace_back("two temperatures read as " + readings[reading] + ", formula " + name);
    for (const double eta : { 0.01, 0.005, 0.0025 }) {
      const auto solution = solve_1d(
        double_well +
          "|Noise/Type=hessian aligned|Noise/Hessian=two temperature|Noise/Learning rate=" +
          exact(eta) + "|Noise/Interpretation=" + readings[reading] +
          "|Domain/Lower=-2|Domain/Upper=0.7|Domain/Absorbing=x+",
        200);
      for (int k = 0; k < 3; ++k)
        ratios[k].add(eta, solution, "Hessian-aligned, " + names[k], k == reading);
    }
    ratios[reading].check_leading(1, 0.1, 5e-3);
    ratios[reading].check_corrected(2, 0.3, 1e-4);
    for (int k = 0; k < 3; ++k)
      if (k != reading) {
        const double expected = std::pow(2., 0.5 * (k - reading)) - 1;
        BOOST_TEST(std::fabs(ratios[k].last_leading() - expected) < 0.01);
      }
  }
}

// |H(x)|: D differs at every point of the way, its derivative at both ends.
BOOST_AUTO_TEST_CASE(absolute_hessian) {
  for (int reading = 0; reading < 3; ++reading) {
    FormulaRatios aligned("absolute Hessian, " + names[reading]),
      kramers("Kramers in Psi, " + names[reading]),
      general("Kramers, noise D(x), " + names[reading]);
    for (const double eta : { 0.02, 0.01, 0.005, 0.0025 }) {
      const auto solution =
        solve_1d("Loss/Expression=x^4/4 + x^3/10 - x^2/2|Noise/Type=hessian aligned|"
                 "Noise/Hessian=absolute|Noise/Floor=1|Noise/Learning rate=" +
                   exact(eta) + "|Noise/Interpretation=" + readings[reading] +
                   "|Domain/Lower=-2|Domain/Upper=0.7|Domain/Absorbing=x+",
                 200);
      aligned.add(eta, solution, "Hessian-aligned, " + names[reading]);
      kramers.add(eta, solution, "Kramers");
      general.add(eta, solution, "Kramers, noise D(x)");
    }
    for (const auto* ratios : { &aligned, &kramers, &general }) {
      ratios->check_leading(1, 0.2, 5e-2);
      ratios->check_corrected(2, 0.3, 2e-3);
    }
  }
}

// Over a saddle in one and two dimensions, T to 0.
BOOST_AUTO_TEST_CASE(power_law_over_a_saddle) {
  for (const bool ito : { true, false }) {
    const std::string reading = std::string("|Noise/Interpretation=") + (ito ? "ito" : "anti-ito");
    FormulaRatios line("power law, n = 1" + reading), plane("power law, n = 2" + reading);
    for (const double eta : { 0.04, 0.02, 0.01 }) {
      const std::string noise =
        " + 0.3|Noise/Type=loss proportional|Noise/Learning rate=" + exact(eta) + reading;
      line.add(
        eta,
        solve_1d(double_well + noise + "|Domain/Lower=-2|Domain/Upper=0.7|Domain/Absorbing=x+"),
        "power law");
      plane.add(eta,
                solve_in_space<2>("Dimension=2|" + double_well + " + y^2" + noise +
                                    "|Domain/Lower=-2, -1.2|Domain/Upper=0.7, 1.2|"
                                    "Domain/Absorbing=x+",
                                  1e-6),
                "power law");
    }
    line.check_leading(1, 0.2, 5e-2);
    line.check_corrected(2, 0.3, 5e-3);
    plane.check_leading(1, 0.2, 1e-1);
  }
}

// To a level of a parabola at fixed T: the error falls like L_a/L_b, then like its square, for n up
// to 10 with the exact prefactor.
BOOST_AUTO_TEST_CASE(power_law_to_a_level) {
  for (const int reading : { 0, 2 })
    for (const double n : { 1., 2., 10. }) {
      FormulaRatios ratios("power law to a level, n = " + exact(n) + ", " + names[reading]);
      for (const double lowest : { 0.02, 0.01, 0.005 }) {
        const auto problem =
          make_problem<1>(Settings{ "Loss/Expression=" + exact(lowest) +
                                    " + r^2/2|Noise/Type=loss proportional|Noise/Learning rate=0.1|"
                                    "Noise/Interpretation=" +
                                    readings[reading] + ball(n) });
        ratios.add(lowest, solve_problem(problem, { 400 }, 6), "power law to a level");
      }
      ratios.check_leading(1, 0.15, 2e-2);
      ratios.check_corrected(2, 0.3, 1e-3);
    }
}

// At fixed L_b/L_a, T to 0 (where the next order of the power law, in L_a/L_b, leaves a part of
// order T), and with constant noise.
BOOST_AUTO_TEST_CASE(first_passage_to_a_level) {
  for (const double n : { 1., 2., 2.5, 5. }) {
    FormulaRatios proportional("first passage, loss-proportional, n = " + exact(n)),
      power("power law to a level at fixed L_b/L_a, n = " + exact(n)),
      constant("first passage, constant noise, n = " + exact(n));
    for (const double t : { 0.02, 0.01, 0.005 }) {
      const auto solution = solve_1d("Loss/Expression=0.1 + r^2/2|Noise/Type=loss proportional|"
                                     "Noise/Learning rate=" +
                                     exact(t) + ball(n));
      proportional.add(t, solution, "first passage to a level");
      power.add(t, solution, "power law to a level");
    }
    for (const double d : { 0.01, 0.005, 0.0025 })
      constant.add(d,
                   solve_1d("Loss/Expression=r^2/2 - r^4/20|Noise/Diffusion=" + exact(d) + ball(n)),
                   "first passage to a level");
    proportional.check_leading(1, 0.2, 2e-1);
    proportional.check_corrected(2, 0.3, 2e-2);
    power.check_leading(1, 0.2, 1e-2);
    power.check_corrected(1, 0.2, 5e-4);
    constant.check_leading(1, 0.2, 5e-2);
    constant.check_corrected(2, 0.3, 1e-3);
  }
}

// A level set that is no ellipse, under constant noise.
BOOST_AUTO_TEST_CASE(first_passage_to_a_level_set) {
  FormulaRatios ratios("first passage to a level set");
  for (const double d : { 0.04, 0.02, 0.01 })
    ratios.add(
      d,
      solve_in_space<2>(
        "Dimension=2|Loss/Expression=x^2/2 + y^2 + x^4/4 + x^2*y/3|Noise/Diffusion=" + exact(d) +
          "|Domain/Type=level set|Domain/Level=0.4|Domain/Lower=-2, -2|Domain/Upper=2, 2|"
          "Domain/Absorbing=all",
        1e-6),
      "first passage to a level");
  ratios.check_leading(1, 0.2, 5e-2);
}

BOOST_AUTO_TEST_SUITE_END()
