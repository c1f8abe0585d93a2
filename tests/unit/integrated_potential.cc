// Psi where it must be integrated, and the choice of the gauge between closed form, integral and
// guess.
#include "solver/integrated_potential.h"

#include "problems/input_error.h"
#include "problems/landscape/lattice.h"
#include "solver/gauge.h"
#include "tests/solve.h"

#include "tests/finite_differences.h"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <random>

using namespace fokker_planck;
using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

using fokker_planck::testing::difference;
using fokker_planck::testing::Settings;

namespace {

template <int dim>
using Function = std::function<double(const Point<dim>&)>;

template <int dim>
Problem<dim> make(const std::string& settings) {
  return testing::make_problem<dim>(Settings{ settings });
}

/// Random points, the corners and the centre.
template <int dim>
std::vector<Point<dim>> probes(const Box<dim>& box) {
  std::vector<Point<dim>> points = { box.lower, box.center(), box.upper };
  std::mt19937 generator(23);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int k = 0; k < 40; ++k) {
    Point<dim> point;
    for (int i = 0; i < dim; ++i)
      point[i] = box.lower[i] + box.length(i) * uniform(generator);
    points.push_back(point);
  }
  return points;
}

/// Compares Psi with a function, up to a constant. The tolerance is relative to the range of Psi.
template <int dim>
void check_values(const ScalarField<dim>& potential, const std::vector<Point<dim>>& points,
                  const Function<dim>& expected, const double tolerance) {
  std::vector<double> values(1);
  potential.values(points, values);
  BOOST_TEST_REQUIRE(values.size() == points.size());
  double lowest = expected(points[0]), highest = lowest, worst = 0;
  for (std::size_t q = 0; q < points.size(); ++q) {
    const double rise = expected(points[q]) - expected(points[0]);
    lowest = std::min(lowest, expected(points[q]));
    highest = std::max(highest, expected(points[q]));
    worst = std::max(worst, std::fabs(values[q] - values[0] - rise));
  }
  BOOST_TEST(highest > lowest);
  BOOST_TEST(worst <= tolerance * (highest - lowest));
}

/// Compares grad Psi with differences of the expected Psi, to a tolerance relative to 1 + |grad
/// Psi|.
template <int dim>
void check_gradients(const ScalarField<dim>& potential, const std::vector<Point<dim>>& points,
                     const Function<dim>& expected, const double tolerance) {
  std::vector<Tensor<1, dim>> gradients(1);
  potential.gradients(points, gradients);
  BOOST_TEST_REQUIRE(gradients.size() == points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    for (int i = 0; i < dim; ++i) {
      const double slope = difference<dim>(expected, points[q], i);
      BOOST_TEST(std::fabs(gradients[q][i] - slope) <= tolerance * (1 + std::fabs(slope)),
                 points[q]);
    }
}

/// Compares the Hessian with differences of the gradient.
template <int dim>
void check_hessians(const ScalarField<dim>& potential, const std::vector<Point<dim>>& points,
                    const double tolerance) {
  std::vector<SymmetricTensor<2, dim>> hessians(1);
  potential.hessians(points, hessians);
  BOOST_TEST_REQUIRE(hessians.size() == points.size());
  const auto gradient = [&](const Point<dim>& x) {
    std::vector<Tensor<1, dim>> gradients;
    potential.gradients({ x }, gradients);
    return gradients.at(0);
  };
  for (std::size_t q = 0; q < points.size(); ++q)
    for (int i = 0; i < dim; ++i) {
      const Tensor<1, dim> column = difference<dim>(gradient, points[q], i);
      for (int j = 0; j < dim; ++j)
        BOOST_TEST(std::fabs(hessians[q][i][j] - column[j]) <= tolerance * (1 + hessians[q].norm()),
                   points[q]);
    }
}

/// Points at which the gauge must satisfy D grad Psi + w = c, to rounding; where it holds detailed
/// balance w must be zero.
template <int dim>
void check_gauge(const Problem<dim>& problem, const bool balanced,
                 const std::vector<Point<dim>>& points) {
  for (const double scale : { 1., 0.5, 0. }) {
    const Gauge<dim> gauge(problem, scale);
    BOOST_TEST(gauge.detailed_balance() == balanced);
    BOOST_TEST(gauge.is_exact() == (balanced && scale == 1));
    std::vector<Tensor<1, dim>> convections, gradients, mismatches;
    std::vector<SymmetricTensor<2, dim>> tensors;
    problem.convections(points, convections);
    problem.diffusion->tensors(points, tensors);
    gauge.gradients(points, gradients);
    gauge.mismatches(points, tensors, mismatches);
    double largest = 0, size = 0;
    for (std::size_t q = 0; q < points.size(); ++q) {
      if (problem.domain.radial) // the volume element is no part of c
        gradients[q][0] += (problem.domain.dimension() - 1) / points[q][0];
      const Tensor<1, dim> expected = convections[q] - tensors[q] * gradients[q];
      // A few roundings of c and D grad Psi; 1e-10 is what separates a potential from a guess.
      const double tolerance = balanced && scale == 1 ? 1e-10 : 1e-13;
      BOOST_TEST((mismatches[q] - expected).norm() <= tolerance * (1 + convections[q].norm()),
                 points[q] << ": w = " << mismatches[q] << ", expected " << expected);
      if (balanced) // exact up to the scale: w = (1 - scale) c
        BOOST_TEST((mismatches[q] - (1 - scale) * convections[q]).norm() <=
                   1e-10 * (1 + convections[q].norm())); // likewise
      largest = std::max(largest, mismatches[q].norm());
      size = std::max(size, convections[q].norm());
    }
    if (!balanced) BOOST_TEST(largest >= 1e-3 * size); // the couplings are stronger than that
  }
}

const std::vector<std::pair<std::string, double>> interpretations = {
  { "|Noise/Interpretation=ito", 0. },
  { "|Noise/Interpretation=stratonovich", 0.5 },
  { "|Noise/Interpretation=anti-ito", 1. }
};

const std::string expression = "|Noise/Type=expression|Noise/Expressions=";

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

// The scale multiplies Psi, also where it is integrated.
BOOST_AUTO_TEST_CASE(scale) {
  const std::string models[] = {
    "Loss/Expression=x^2 + y^2" + expression + "1 + x^2; 0; exp(y)",
    "Loss/Expression=x^2 + y^2|Noise/Diffusion=0.4|Force/Expression=-y; x",
    "Loss/Expression=x^2 + y^2 + 1|Noise/Type=loss proportional|Noise/Learning rate=0.1"
  };
  for (const std::string& settings : models)
    BOOST_TEST_CONTEXT(settings) {
      const auto problem = make<2>(settings + "|Domain/Lower=-1, -0.8|Domain/Upper=1.2, 1");
      const auto points = probes(problem.domain);
      std::vector<double> one, scaled;
      std::vector<Tensor<1, 2>> one_gradient, scaled_gradient;
      std::vector<SymmetricTensor<2, 2>> one_hessian, scaled_hessian;
      const Gauge<2> gauge(problem), other(problem, 0.7);
      gauge.values(points, one);
      gauge.gradients(points, one_gradient);
      gauge.hessians(points, one_hessian);
      other.values(points, scaled);
      other.gradients(points, scaled_gradient);
      other.hessians(points, scaled_hessian);
      double largest = 0;
      for (std::size_t q = 0; q < points.size(); ++q) { // one rounding
        BOOST_TEST(std::fabs(scaled[q] - 0.7 * one[q]) <= 1e-15 * std::fabs(one[q]));
        BOOST_TEST((scaled_gradient[q] - 0.7 * one_gradient[q]).norm() <=
                   1e-15 * one_gradient[q].norm());
        BOOST_TEST((scaled_hessian[q] - 0.7 * one_hessian[q]).norm() <=
                   1e-15 * one_hessian[q].norm());
        largest = std::max(largest, std::fabs(one[q]));
      }
      BOOST_TEST(largest >= 0.1); // not zero times the scale
    }
}

// In a ball Psi = int (L' - f + (1-a) D')/D - (n-1) log r, of which the scale multiplies the first.
BOOST_AUTO_TEST_CASE(balls) {
  const struct {
    std::string settings;
    double (*potential)(double);
  } rows[] = { { "Loss/Expression=r^2/2|Noise/Diffusion=0.25", [](double r) { return 2 * r * r; } },
               { "Loss/Expression=r^2/2|Force/Expression=-r^3" + expression + "0.5*(1 + r^2)",
                 [](double r) { return r * r + std::log1p(r * r); } },
               { "Loss/Expression=r^2/2 + 1|Noise/Learning rate=0.5|Noise/Type=loss proportional",
                 [](double r) { return 3 * std::log(r * r / 2 + 1); } } };
  for (const auto& row : rows)
    for (const double n : { 1., 2., 3.5, 100. })
      for (const double scale : { 1., 0.4 })
        BOOST_TEST_CONTEXT(row.settings << ", n = " << n << ", scale " << scale) {
          std::ostringstream settings;
          settings << row.settings << "|Domain/Type=radial|Domain/Radius=2"
                   << "|Domain/Effective dimension=" << n;
          const auto problem = make<1>(settings.str());
          const Gauge<1> gauge(problem, scale);
          std::vector<Point<1>> points;
          for (int i = 0; i < 20; ++i)
            points.emplace_back(0.1 + 0.1 * i);
          const Function<1> expected = [&](const Point<1>& p) {
            return scale * row.potential(p[0]) - (n - 1) * std::log(p[0]);
          };
          check_values(gauge, points, expected, 1e-13); // a few roundings
          check_hessians<1>(gauge, { points.begin() + 3, points.end() },
                            1e-7); // truncation 1e-12/30 times 120/r^6
          const auto computed = [&](const Point<1>& p) {
            std::vector<double> values;
            gauge.values({ p }, values);
            return values.at(0);
          };
          check_gradients<1>(gauge, { points.begin() + 3, points.end() }, computed,
                             1e-8); // likewise 24/r^5

          // The difference from Psi per volume is the volume element, exactly.
          std::vector<double> values, per_volume;
          gauge.values(points, values);
          gauge.values_per_volume(points, per_volume);
          for (std::size_t q = 0; q < points.size(); ++q)
            BOOST_TEST(std::fabs(values[q] - per_volume[q] + (n - 1) * std::log(points[q][0])) <=
                       1e-13); // rounding of up to 230
          check_values<1>(gauge, { points.begin(), points.end() }, expected, 1e-13); // as above
          gauge.values({ Point<1>(0) }, values);
          BOOST_TEST((n > 1 ? values[0] == INFINITY : std::isfinite(values[0])));
          gauge.values_per_volume({ Point<1>(0) }, per_volume);
          BOOST_TEST(std::isfinite(per_volume[0]));
          if (scale == 1) check_gauge(problem, true, points);
        }
}

BOOST_AUTO_TEST_SUITE_END()
