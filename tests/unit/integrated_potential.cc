// Psi where it must be integrated, and the gauge's choice of closed form, integral or guess.
#include "solver/potential/integrated_potential.h"

#include "problems/base/input_error.h"
#include "solver/potential/gauge.h"
#include "tests/unit/potential_checks.h"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <sstream>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

const std::vector<std::pair<std::string, double>> interpretations = {
  { "|Noise/Interpretation=ito", 0. },
  { "|Noise/Interpretation=stratonovich", 0.5 },
  { "|Noise/Interpretation=anti-ito", 1. }
};

} // namespace

BOOST_AUTO_TEST_SUITE(integrated_potential)

// Psi = int (L' - f + (1-a) D')/D.
BOOST_AUTO_TEST_CASE(closed_forms_in_one_dimension) {
  const struct {
    std::string settings;
    double (*drift)(double), (*diffusion)(double); // int (L' - f)/D and D
  } rows[] = {
    { "Loss/Expression=x^2/2|Domain/Lower=-0.7|Domain/Upper=2" + expression + "0.1*(1 + x)",
      [](double x) { return 10 * (x - std::log1p(x)); }, [](double x) { return 0.1 * (1 + x); } },
    { "Loss/Expression=x^4/4 - x^2/2|Domain/Lower=-2|Domain/Upper=1.3" + expression +
        "0.05*(1 + x^2)",
      [](double x) { return 20 * (x * x / 2 - std::log1p(x * x)); },
      [](double x) { return 0.05 * (1 + x * x); } },
    { "Loss/Expression=x^4/4 - x^2/2|Domain/Lower=-2|Domain/Upper=1.3|Noise/Diffusion=0.2"
      "|Force/Expression=sin(3*x)",
      [](double x) { return 5 * (x * x * x * x / 4 - x * x / 2 + std::cos(3 * x) / 3); },
      [](double) { return 0.2; } },
    { "Loss/Expression=x|Domain/Lower=-3|Domain/Upper=9|Force/Expression=2" + expression +
        "exp(-x/3)",
      [](double x) { return -3 * std::exp(x / 3); }, [](double x) { return std::exp(-x / 3); } },
    // The Hessian changes sign at x = 0: |H| with a floor of 0.01 has a kink of width 0.01.
    { "Loss/Expression=x^3/6|Domain/Lower=-1|Domain/Upper=2|Noise/Type=hessian aligned"
      "|Noise/Hessian=absolute|Noise/Floor=0.01|Noise/Learning rate=0.2",
      [](double x) { return 5 * (x * std::hypot(x, 0.01) - 1e-4 * std::asinh(x / 0.01)) / 2; },
      [](double x) { return 0.1 * std::hypot(x, 0.01); } }
  };
  for (const auto& row : rows)
    for (const auto& [text, a] : interpretations)
      BOOST_TEST_CONTEXT(row.settings << text) {
        const auto problem = make<1>(row.settings + text);
        const IntegratedPotential<1> potential(problem);
        BOOST_TEST(potential.exists());
        const auto points = probes(problem.domain);
        const Function<1> expected = [&, a = a](const Point<1>& p) {
          return row.drift(p[0]) + (1 - a) * std::log(row.diffusion(p[0]));
        };
        check_values(potential, points, expected, 1e-12); // panels to 1e-15, a few hundred of them
        check_values<1>(Gauge<1>(problem), points, expected, 1e-12); // the same
        check_gauge(problem, true, points);
        if (row.settings.find("absolute") == std::string::npos) {
          check_gradients(potential, points, expected, 1e-9); // truncation of the differences
          check_hessians(potential, points, 1e-7); // truncation at steps of 1e-3, rounding at 1e-4
        }
      }
}

// The derivatives of a potential with a narrow feature, where differences fail.
BOOST_AUTO_TEST_CASE(derivatives_of_a_kink) {
  const auto problem = make<1>("Loss/Expression=x^3/6|Domain/Lower=-1|Domain/Upper=2"
                               "|Noise/Type=hessian aligned|Noise/Hessian=absolute"
                               "|Noise/Floor=0.01|Noise/Learning rate=0.2");
  std::vector<Point<1>> points;
  for (int i = -10; i <= 10; ++i)
    points.emplace_back(0.004 * i);
  std::vector<Tensor<1, 1>> gradients;
  std::vector<SymmetricTensor<2, 1>> hessians;
  const IntegratedPotential<1> potential(problem);
  potential.gradients(points, gradients);
  potential.hessians(points, hessians);
  for (std::size_t q = 0; q < points.size(); ++q) {
    const double x = points[q][0], r = std::hypot(x, 0.01);
    BOOST_TEST(std::fabs(gradients[q][0] - (5 * x * x / r + x / (r * r))) <= 1e-12); // of 50
    const double expected =
      10 * x / r - 5 * x * x * x / (r * r * r) + 1 / (r * r) - 2 * x * x / (r * r * r * r);
    BOOST_TEST(std::fabs(hessians[q][0][0] - expected) <=
               0.05); // of 1e4: step^4/30 5!/0.01^6, step = 3e-4
  }
}

// The transition between two temperatures, down to 1/5000 of the domain: int dL/T has the closed
// form beta_a L + (beta_b - beta_a) w (x sigma + exp(-x^2)/(2 sqrt pi)), x = (L - L_s)/w.
BOOST_AUTO_TEST_CASE(two_temperatures) {
  for (const double width : { 0.03, 1e-3, 1e-4 })
    for (const auto& [text, a] : interpretations) {
      std::ostringstream settings;
      settings << "Loss/Expression=x^4/4 - x^2/2|Domain/Lower=-1.5|Domain/Upper=0.9"
                  "|Domain/Start=-1|Noise/Type=hessian aligned|Noise/Hessian=two temperature"
                  "|Noise/Learning rate=0.02|Noise/Path parameter s=0.6|Noise/Transition width="
               << width << text;
      BOOST_TEST_CONTEXT(settings.str()) {
        const auto problem = make<1>(settings.str());
        const IntegratedPotential<1> potential(problem);
        auto points = probes(problem.domain);
        for (int i = -30; i <= 30; ++i) { // L_s = -0.1 at x = -0.4746, where L' = 0.368
          const double level = -0.1 + 0.1 * i * width;
          points.emplace_back(-std::sqrt(1 - std::sqrt(1 + 4 * level)));
        }
        const Function<1> expected = [&, a = a](const Point<1>& p) {
          const double x = p[0], beta_a = 1 / 0.02, beta_b = 1 / 0.01;
          const double level = x * x * x * x / 4 - x * x / 2 + 0.1, t = level / width;
          const double sigma = 0.5 * std::erfc(-t);
          const double integral = width * (t * sigma + 0.5 * std::exp(-t * t) / std::sqrt(M_PI));
          const double beta = beta_a + (beta_b - beta_a) * sigma;
          return beta_a * level + (beta_b - beta_a) * integral - (1 - a) * std::log(beta);
        };
        // L/w is rounded to 1e-17/w.
        check_values(potential, points, expected, 1e-12);
        check_values<1>(Gauge<1>(problem), points, expected, 1e-12);
        check_gauge(problem, true, points);
      }
    }
}

// With injected noise the transition has no closed form: against adaptive quadrature of the formula
// for (L' + (1-a) D')/D. However narrow it is, the gauge must not take the candidate of the model,
// which is right everywhere else.
BOOST_AUTO_TEST_CASE(two_temperatures_and_injected_noise) {
  for (const auto& [path_parameter, width] :
       { std::pair(0.6, 0.03), std::pair(0.6, 1e-3), std::pair(0.6, 2e-4), std::pair(0.37, 1e-4) })
    for (const auto& [text, a] : interpretations) {
      std::ostringstream settings;
      settings << "Loss/Expression=x^4/4 - x^2/2|Domain/Lower=-1.5|Domain/Upper=0.9"
                  "|Domain/Start=-1|Noise/Type=hessian aligned|Noise/Hessian=two temperature"
                  "|Noise/Learning rate=0.02|Noise/Path parameter s="
               << path_parameter << "|Noise/Transition width=" << width
               << "|Noise/Injected diffusion=0.01" << text;
      BOOST_TEST_CONTEXT(settings.str()) {
        const auto problem = make<1>(settings.str());
        const double level = 0.25 * (path_parameter - 1), w = width;
        const auto slope = [&, a = a](const double x) { // dPsi/dx
          const double t = (x * x * x * x / 4 - x * x / 2 - level) / w, loss = x * x * x - x;
          const double sigma = 0.5 * std::erfc(-t);
          const double sigma1 = std::exp(-t * t) / (std::sqrt(M_PI) * w);
          const double beta = 50 + 50 * sigma; // of the model alone
          const double d = 0.01 + 1 / beta;
          return loss * (1 - (1 - a) * 50 * sigma1 / (beta * beta)) / d;
        };
        std::vector<Point<1>> points;
        std::vector<double> expected = { 0 };
        for (int i = -30; i <= 30; ++i) {
          points.emplace_back(-std::sqrt(1 - std::sqrt(1 + 4 * (level + 0.1 * i * w))));
          using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;
          if (i > -30)
            expected.push_back(expected.back() + Quadrature::integrate(slope,
                                                                       points[points.size() - 2][0],
                                                                       points.back()[0], 4, 1e-14));
        }
        const auto check = [&](const ScalarField<1>& potential) {
          std::vector<double> values;
          std::vector<Tensor<1, 1>> gradients;
          potential.values(points, values);
          potential.gradients(points, gradients);
          double worst = 0, worst_slope = 0, largest = 0;
          for (std::size_t q = 0; q < points.size(); ++q) {
            worst = std::max(worst, std::fabs(values[q] - values[0] - expected[q]));
            const double s = slope(points[q][0]);
            worst_slope = std::max(worst_slope, std::fabs(gradients[q][0] - s));
            largest = std::max(largest, std::fabs(s));
          }
          BOOST_TEST(worst <= 1e-11); // Psi up to 50, rounded, and L/w rounded to 1e-17/w
          BOOST_TEST(worst_slope <= 1e-11 * largest); // L/w
        };
        check(IntegratedPotential<1>(problem));
        check(Gauge<1>(problem));
        check_gauge(problem, true, points);
      }
    }
}

BOOST_AUTO_TEST_CASE(not_finite) {
  const auto problem =
    make<1>("Loss/Expression=log(x)|Domain/Lower=-1|Domain/Upper=1" + expression + "1 + x^2");
  BOOST_CHECK_EXCEPTION(IntegratedPotential<1> potential(problem), InputError,
                        [](const InputError& error) {
                          const std::string message = error.what();
                          BOOST_TEST_INFO(message);
                          return message.find("not finite at (-") != std::string::npos;
                        });
}

// A force that is a gradient: Psi = (L + V)/D.
BOOST_AUTO_TEST_CASE(gradient_forces) {
  {
    const auto problem = make<2>("Loss/Expression=x^4/4 - x^2/2 + y^2|Noise/Diffusion=0.4"
                                 "|Domain/Lower=-1.7, -1.2|Domain/Upper=1.1, 1.5"
                                 "|Force/Expression=-0.3*y*cos(x*y) - exp(x); -0.3*x*cos(x*y)");
    const IntegratedPotential<2> potential(problem);
    BOOST_TEST(potential.exists());
    const auto points = probes(problem.domain);
    const Function<2> expected = [](const Point<2>& p) {
      const double x = p[0], y = p[1];
      return (x * x * x * x / 4 - x * x / 2 + y * y + 0.3 * std::sin(x * y) + std::exp(x)) / 0.4;
    };
    check_values(potential, points, expected, 1e-10);    // panels to 1e-12
    check_gradients(potential, points, expected, 1e-10); // truncation 1e-12/30 of the differences
    check_hessians(potential, points, 1e-9);             // truncation, rounding 1e-15 of 1/step
    check_values<2>(Gauge<2>(problem), points, expected, 1e-10); // as above
    check_gauge(problem, true, points);
  }
  {
    const auto problem = make<3>("Loss/Expression=x^4/4 - x^2/2 + y^2 + cos(z)|Noise/Diffusion=0.4"
                                 "|Domain/Lower=-1.7, -1.2, -1|Domain/Upper=1.1, 1.5, 2"
                                 "|Force/Expression=-0.2*y*z; -0.2*x*z; -0.2*x*y - z^3");
    const IntegratedPotential<3> potential(problem);
    BOOST_TEST(potential.exists());
    const auto points = probes(problem.domain);
    const Function<3> expected = [](const Point<3>& p) {
      const double x = p[0], y = p[1], z = p[2];
      return (x * x * x * x / 4 - x * x / 2 + y * y + std::cos(z) + 0.2 * x * y * z +
              z * z * z * z / 4) /
             0.4;
    };
    check_values(potential, points, expected, 1e-10);    // panels to 1e-12
    check_gradients(potential, points, expected, 1e-10); // truncation 1e-12/30 of the differences
    check_hessians(potential, points, 1e-9);             // truncation, rounding 1e-15 of 1/step
    check_gauge(problem, true, points);
  }
  { // with a diffusion matrix: D^-1 (grad L - f) = grad (x^2 + y^4 + x y)
    const auto problem = make<2>("Loss/Expression=x^2/2|Noise/Diffusion=1, 0.2; 0.2, 0.5"
                                 "|Domain/Lower=-1, -1|Domain/Upper=1.2, 1.5"
                                 "|Force/Expression=x - (2*x + y) - 0.2*(4*y^3 + x); "
                                 "-0.2*(2*x + y) - 0.5*(4*y^3 + x)");
    const IntegratedPotential<2> potential(problem);
    BOOST_TEST(potential.exists());
    const auto points = probes(problem.domain);
    const Function<2> expected = [](const Point<2>& p) {
      return p[0] * p[0] + std::pow(p[1], 4) + p[0] * p[1];
    };
    check_values(potential, points, expected, 1e-10);    // panels to 1e-12
    check_gradients(potential, points, expected, 1e-10); // rounding of the differences
    check_gauge(problem, true, points);
  }
}

// Psi = X(x) + Y(y) if D is diagonal, D_ii a function of theta_i, and the loss a sum.
BOOST_AUTO_TEST_CASE(separable) {
  for (const auto& [text, a] : interpretations) {
    const auto problem = make<2>("Loss/Expression=x^4/4 - x^2/2 + y"
                                 "|Domain/Lower=-1.7, -1.2|Domain/Upper=1.1, 1.5" +
                                 expression + "1 + x^2; 0; exp(y/2)" + text);
    const IntegratedPotential<2> potential(problem);
    BOOST_TEST(potential.exists());
    const auto points = probes(problem.domain);
    const Function<2> expected = [a = a](const Point<2>& p) {
      const double log_d = std::log1p(p[0] * p[0]);
      return p[0] * p[0] / 2 - log_d + (1 - a) * log_d - 2 * std::exp(-p[1] / 2) +
             (1 - a) * p[1] / 2;
    };
    check_values(potential, points, expected, 1e-10);    // panels to 1e-12
    check_gradients(potential, points, expected, 1e-10); // truncation 1e-12/30 of the differences
    check_hessians(potential, points, 1e-9);             // truncation, rounding 1e-15 of 1/step
    check_values<2>(Gauge<2>(problem), points, expected, 1e-10); // as above
    check_gauge(problem, true, points);
  }
  // A function of the loss times the identity: Psi = F(L), F' = 1/D + (1-a) D'/D.
  const auto problem = make<2>("Loss/Expression=x^2 + y^2 + 0.5*x*y|Domain/Lower=-1, -0.8"
                               "|Domain/Upper=1.2, 1" +
                               expression + "0.3*(1 + x^2 + y^2 + 0.5*x*y)");
  const auto points = probes(problem.domain);
  check_values<2>(
    Gauge<2>(problem), points,
    [](const Point<2>& p) { return (1 / 0.3 + 1) * std::log1p(p.square() + 0.5 * p[0] * p[1]); },
    1e-10); // panels to 1e-12
  check_gauge(problem, true, points);
}

BOOST_AUTO_TEST_CASE(currents) {
  const std::string box = "|Domain/Lower=-1.7, -1.2|Domain/Upper=1.1, 1.5";
  const std::string loss = "Loss/Expression=x^4/4 - x^2/2 + y^2" + box;
  for (const std::string& settings :
       { loss + "|Noise/Diffusion=0.4|Force/Expression=-y; x",
         loss + "|Noise/Diffusion=0.4|Force/Expression=y^2; 0",
         loss + "|Noise/Diffusion=0.4, 0; 0, 0.2|Force/Expression=0.3*y; 0.3*x",
         loss + expression + "1 + x^2 + 0.5*y", loss + expression + "1 + x^2; 0; 1 + 0.5*x^2",
         loss + expression + "1 + x^2; 0.2; 2",
         "Loss/Expression=x^4/4 - x^2/2 + y^2 + 0.3*x*y" + box + expression + "1 + x^2; 0; exp(y)",
         loss + "|Noise/Diffusion=0.4|Force/Expression=-0.01*y*exp(-5*(x^2 + y^2)); "
                "0.01*x*exp(-5*(x^2 + y^2)) + 0.01*x" })
    BOOST_TEST_CONTEXT(settings) {
      const auto problem = make<2>(settings);
      BOOST_TEST(!IntegratedPotential<2>(problem).exists());
      if (settings.find("0.01") == std::string::npos)
        check_gauge(problem, false, probes(problem.domain));
      else // too weak for the bound on w there
        BOOST_TEST(!Gauge<2>(problem).detailed_balance());
    }
  // A rotation of relative size 1e-7 is seen.
  BOOST_TEST(!Gauge<2>(make<2>(loss + "|Noise/Diffusion=0.4|Force/Expression=-1e-7*y; 1e-7*x"))
                .detailed_balance());
  const auto space = make<3>("Loss/Expression=x^2 + y^2 + z^2|Noise/Diffusion=0.4"
                             "|Domain/Lower=-1.7, -1.2, -1|Domain/Upper=1.1, 1.5, 2"
                             "|Force/Expression=0; -z; y");
  BOOST_TEST(!IntegratedPotential<3>(space).exists());
  check_gauge(space, false, probes(space.domain));
}

BOOST_AUTO_TEST_SUITE_END()
