// Problem::convections: c = -b + (1-a) div D with b = -grad L + f.
#include "tests/solve.h"

#include "tests/finite_differences.h"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace fokker_planck;
using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

using fokker_planck::testing::difference;
using fokker_planck::testing::Settings;

namespace {

const std::string boxes[] = { "|Domain/Lower=-1.6|Domain/Upper=1.4",
                              "|Domain/Lower=-1.6, -1.3|Domain/Upper=1.4, 1.2",
                              "|Domain/Lower=-1.6, -1.3, -0.8|Domain/Upper=1.4, 1.2, 0.9" };

/// c from differences of L and D and the force as a function, at random points and for every
/// interpretation.
template <int dim, typename F>
void check(const std::string& settings, const F& force, const bool constant = false) {
  for (const auto& [name, a] :
       { std::pair("ito", 0.), std::pair("stratonovich", 0.5), std::pair("anti-ito", 1.) })
    BOOST_TEST_CONTEXT(settings << ", " << name) {
      const auto problem = testing::make_problem<dim>(
        Settings{ "Loss/Expression=" + settings + "|Noise/Interpretation=" + name });
      std::mt19937 generator(3);
      std::uniform_real_distribution<double> uniform(0.1, 0.9);
      std::vector<Point<dim>> points(20);
      for (auto& point : points)
        for (int i = 0; i < dim; ++i)
          point[i] = problem.domain.lower[i] + problem.domain.length(i) * uniform(generator);
      std::vector<Tensor<1, dim>> convections(3); // the wrong size: it must be resized
      problem.convections(points, convections);
      BOOST_TEST_REQUIRE(convections.size() == points.size());

      const auto loss = [&](const Point<dim>& x) {
        std::vector<double> values;
        problem.loss->values({ x }, values);
        return values.at(0);
      };
      const auto diffusion = [&](const Point<dim>& x) {
        std::vector<SymmetricTensor<2, dim>> tensors;
        problem.diffusion->tensors({ x }, tensors);
        return tensors.at(0);
      };
      double largest_divergence = 0;
      for (std::size_t q = 0; q < points.size(); ++q) {
        Tensor<1, dim> gradient, divergence;
        for (int i = 0; i < dim; ++i) {
          gradient[i] = difference<dim>(loss, points[q], i);
          for (int j = 0; j < dim; ++j)
            divergence[i] += difference<dim>(diffusion, points[q], j)[i][j];
        }
        const Tensor<1, dim> drift = force(points[q]) - gradient;
        const Tensor<1, dim> expected = (1 - a) * divergence - drift;
        // Truncation 1e-12/30 times fifth derivatives, rounding 1e-13 of 1/step.
        BOOST_TEST((convections[q] - expected).norm() <= 1e-9 * (1 + expected.norm()),
                   points[q] << ": " << convections[q] << ", expected " << expected);
        largest_divergence = std::max(largest_divergence, divergence.norm());
      }
      if (constant)
        BOOST_TEST(largest_divergence <= 1e-12); // rounding of 1/step
      else
        BOOST_TEST(largest_divergence >= 0.1); // what an error in the factor would change
    }
}

template <int dim>
Tensor<1, dim> no_force(const Point<dim>&) {
  return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(problem)

BOOST_AUTO_TEST_CASE(one_dimension) {
  const std::string loss = "x^4/4 - x^2/2" + boxes[0];
  const std::string noise = "|Noise/Type=expression|Noise/Expressions=1 + 0.4*sin(2*x)";
  const auto force = [](const Point<1>& p) { return Tensor<1, 1>({ 0.7 * std::cos(p[0]) }); };
  check<1>(loss + noise, no_force<1>);
  check<1>(loss + noise + "|Force/Expression=0.7*cos(x)", force);
  check<1>(loss + "|Noise/Diffusion=0.3", no_force<1>, true);
  check<1>(loss + "|Noise/Diffusion=0.3|Force/Expression=0.7*cos(x)", force, true);
}

BOOST_AUTO_TEST_CASE(two_dimensions) {
  const std::string loss = "x^4/4 - x^2/2 + 0.7*y^2 + 0.3*x^2*y" + boxes[1];
  const std::string force_text = "|Force/Expression=-2*y + x^2; sin(x)*y + 0.5";
  const auto force = [](const Point<2>& p) {
    return Tensor<1, 2>({ -2 * p[1] + p[0] * p[0], std::sin(p[0]) * p[1] + 0.5 });
  };
  for (const std::string noise :
       { "|Noise/Type=expression|Noise/Expressions=2 + x^2 + sin(y); 0.3*x + 0.2*y^2; 3 + cos(x)",
         "|Noise/Type=hessian aligned|Noise/Hessian=absolute|Noise/Floor=0.5|Noise/Learning rate=1",
         "|Noise/Type=hessian aligned|Noise/Hessian=two temperature|Noise/Transition width=0.2"
         "|Noise/Learning rate=1",
         "|Noise/Type=loss proportional|Noise/Floor=2|Noise/Learning rate=0.3"
         "|Noise/Injected diffusion=0.2" }) {
    check<2>(loss + noise, no_force<2>);
    check<2>(loss + noise + force_text, force);
  }
  for (const std::string noise :
       { "|Noise/Diffusion=1, 0.2; 0.2, 0.5", "|Noise/Diffusion=0.5|Noise/Injected diffusion=0.2",
         "|Noise/Type=hessian aligned|Noise/Learning rate=0.1" }) {
    check<2>(loss + noise, no_force<2>, true);
    check<2>(loss + noise + force_text, force, true);
  }
}

BOOST_AUTO_TEST_CASE(three_dimensions) {
  const std::string settings =
    "x^4/4 - x^2/2 + 0.7*y^2 + z^2 + 0.3*x*y*z" + boxes[2] +
    "|Noise/Type=expression|Noise/Expressions=4 + z + x; 0.3*x*y; 0.1*z*y; 5 + sin(y*z); 0.7*y - "
    "0.2*z; 6 + z^2";
  check<3>(settings, no_force<3>);
  check<3>(settings + "|Force/Expression=-2*y; 2*x*z; 0.3 - x", [](const Point<3>& p) {
    return Tensor<1, 3>({ -2 * p[1], 2 * p[0] * p[2], 0.3 - p[0] });
  });
}

// The volume element is no part of c: it belongs to the gauge.
BOOST_AUTO_TEST_CASE(radial) {
  const std::string settings = "r^2/2|Domain/Type=radial|Domain/Radius=2"
                               "|Domain/Effective dimension=5|Noise/Type=expression"
                               "|Noise/Expressions=0.5 + 0.3*r^2";
  check<1>(settings, no_force<1>);
  check<1>(settings + "|Force/Expression=0.2*r^3",
           [](const Point<1>& p) { return Tensor<1, 1>({ 0.2 * p[0] * p[0] * p[0] }); });
}

BOOST_AUTO_TEST_SUITE_END()
