// Losses given as formulas: derivatives against finite differences, and the scale k.
#include "problems/base/input_error.h"
#include "problems/input/registry.h"

#include "tests/finite_differences.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace fokker_planck;
using dealii::Point;

using fokker_planck::testing::difference;

namespace {

const std::string muller_brown = "A1*exp(a1*(x - x1)^2 + b1*(x - x1)*(y - y1) + c1*(y - y1)^2)"
                                 " + A2*exp(a2*(x - x2)^2 + b2*(x - x2)*(y - y2) + c2*(y - y2)^2)"
                                 " + A3*exp(a3*(x - x3)^2 + b3*(x - x3)*(y - y3) + c3*(y - y3)^2)"
                                 " + A4*exp(a4*(x - x4)^2 + b4*(x - x4)*(y - y4) + c4*(y - y4)^2)";
const std::string muller_brown_constants = "A1=-200, a1=-1,   b1=0,   c1=-10,  x1=1,    y1=0,"
                                           "A2=-100, a2=-1,   b2=0,   c2=-10,  x2=0,    y2=0.5,"
                                           "A3=-170, a3=-6.5, b3=11,  c3=-6.5, x3=-0.5, y3=1.5,"
                                           "A4=15,   a4=0.7,  b4=0.6, c4=0.7,  x4=-1,   y4=1";

template <int dim>
std::vector<Point<dim>> random_points(const std::size_t n) {
  std::mt19937 generator(7);
  std::uniform_real_distribution<double> uniform(-1.2, 1.2);
  std::vector<Point<dim>> points(n);
  for (auto& point : points)
    for (int i = 0; i < dim; ++i)
      point[i] = uniform(generator);
  return points;
}

template <int dim>
double value(const Loss<dim>& loss, const Point<dim>& point) {
  std::vector<double> values;
  loss.values({ point }, values);
  return values.at(0);
}

template <int dim>
dealii::Tensor<1, dim> gradient(const Loss<dim>& loss, const Point<dim>& point) {
  std::vector<dealii::Tensor<1, dim>> gradients;
  loss.gradients({ point }, gradients);
  return gradients.at(0);
}

/// The gradient against differences of values, the Hessian against differences of gradients.
template <int dim>
void check_derivatives(const std::string& text, const Constants& constants = {}) {
  BOOST_TEST_CONTEXT(text) {
    FormulaNames names;
    names.constants = constants;
    for (const double k : { 1., 0.3 }) {
      const auto loss = std::make_shared<ExpressionLoss<dim>>(text, names, k);
      const auto points = random_points<dim>(25);
      std::vector<dealii::Tensor<1, dim>> gradients;
      std::vector<dealii::SymmetricTensor<2, dim>> hessians;
      loss->gradients(points, gradients);
      loss->hessians(points, hessians);
      BOOST_TEST_REQUIRE(gradients.size() == points.size());
      BOOST_TEST_REQUIRE(hessians.size() == points.size());
      for (std::size_t q = 0; q < points.size(); ++q)
        for (int i = 0; i < dim; ++i) {
          // Rounding 1e-13, truncation 1e-12/30 times the fifth derivative, of which the Gaussians
          // of the Mueller-Brown surface (variance 0.05) have up to 1e5 times the value.
          const double size = 1 + std::fabs(value(*loss, points[q])) + gradients[q].norm();
          const auto f = [&](const Point<dim>& x) { return value(*loss, x); };
          BOOST_TEST(std::fabs(gradients[q][i] - difference<dim>(f, points[q], i)) <= 1e-8 * size);
          for (int j = 0; j < dim; ++j) {
            const auto g = [&](const Point<dim>& x) { return gradient(*loss, x)[j]; };
            BOOST_TEST(std::fabs(hessians[q][i][j] - difference<dim>(g, points[q], i)) <=
                       1e-8 * (size + hessians[q].norm()));
          }
        }
    }
  }
}

/// The third derivatives against differences of Hessians, and their symmetry.
template <int dim>
void check_third_derivatives(const std::string& text, const Constants& constants = {}) {
  BOOST_TEST_CONTEXT(text) {
    FormulaNames names;
    names.constants = constants;
    for (const double k : { 1., 0.3 }) {
      const auto loss = std::make_shared<ExpressionLoss<dim>>(text, names, k);
      const auto points = random_points<dim>(25);
      std::vector<typename Loss<dim>::ThirdDerivatives> third(3); // the wrong size
      loss->third_derivatives(points, third);
      BOOST_TEST_REQUIRE(third.size() == points.size());
      const auto hessian = [&](const Point<dim>& x) {
        std::vector<dealii::SymmetricTensor<2, dim>> hessians;
        loss->hessians({ x }, hessians);
        return hessians.at(0);
      };
      double largest = 0;
      for (std::size_t q = 0; q < points.size(); ++q)
        for (int l = 0; l < dim; ++l) {
          const dealii::SymmetricTensor<2, dim> expected = difference<dim>(hessian, points[q], l);
          // As for the lower derivatives, two orders higher: 1e7 times the value at the worst.
          const double size = 1 + std::fabs(value(*loss, points[q])) + hessian(points[q]).norm();
          BOOST_TEST((third[q][l] - expected).norm() <= 1e-8 * (size + expected.norm()));
          largest = std::max(largest, expected.norm());
          for (int i = 0; i < dim; ++i)
            for (int j = 0; j < dim; ++j) {
              BOOST_TEST(third[q][l][i][j] == third[q][i][l][j]);
              BOOST_TEST(third[q][l][i][j] == third[q][j][i][l]);
            }
        }
      BOOST_TEST(largest >= 0.1); // not zero against zero
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(losses)

BOOST_AUTO_TEST_CASE(derivatives) {
  check_derivatives<1>("0");
  check_derivatives<1>("0.5*(x^4 - 16*x^2 + 5*x)");
  check_derivatives<1>("a*cos(3*x) + exp(-x^2)", { { "a", 0.7 } });
  check_derivatives<2>("x^4/4 - x^2/2 + y^2/2 + c*x*y", { { "c", 0.3 } });
  check_derivatives<2>("log(1 + x^2 + y^2)*sin(x - 2*y)");
  check_derivatives<2>(muller_brown, parse_constants("key", muller_brown_constants));
  check_derivatives<3>("0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)"
                       " + 0.5*(z^4 - 16*z^2 + 5*z)");
  check_derivatives<3>("x*y^2*z^3 + sqrt(4 + x*z) - atan2(y, 3 + z)");
}

BOOST_AUTO_TEST_CASE(third_derivatives) {
  check_third_derivatives<1>("0.5*(x^4 - 16*x^2 + 5*x)");
  check_third_derivatives<1>("a*cos(3*x) + exp(-x^2)", { { "a", 0.7 } });
  check_third_derivatives<2>("x^4/4 - x^2/2 + y^2/2 + c*x*y^2", { { "c", 0.3 } });
  check_third_derivatives<2>("log(1 + x^2 + y^2)*sin(x - 2*y)");
  check_third_derivatives<2>(muller_brown, parse_constants("key", muller_brown_constants));
  check_third_derivatives<3>("x*y^2*z^3 + sqrt(4 + x*z) - atan2(y, 3 + z)");
}

// Every entry of a cubic in its place: L = sum over i <= j <= k of c_ijk theta_i theta_j theta_k,
// with c_ijk = 1 ... 10, and the factors 6, 2 and 1 of the derivatives.
BOOST_AUTO_TEST_CASE(third_derivatives_of_a_cubic) {
  const auto loss = std::make_shared<ExpressionLoss<3>>(
    "x^3 + 2*x^2*y + 3*x^2*z + 4*x*y^2 + 5*x*y*z + 6*x*z^2 + 7*y^3 + "
    "8*y^2*z + 9*y*z^2 + 10*z^3",
    FormulaNames(), 4); // k = 4: 8 times the derivatives
  std::vector<Loss<3>::ThirdDerivatives> third;
  loss->third_derivatives(random_points<3>(3), third);
  const double expected[3][3][3] = { { { 6, 4, 6 }, { 4, 8, 5 }, { 6, 5, 12 } },
                                     { { 4, 8, 5 }, { 8, 42, 16 }, { 5, 16, 18 } },
                                     { { 6, 5, 12 }, { 5, 16, 18 }, { 12, 18, 60 } } };
  for (const auto& derivatives : third)
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        for (int k = 0; k < 3; ++k) // a few roundings of terms up to 480
          BOOST_TEST(std::fabs(derivatives[i][j][k] - 8 * expected[i][j][k]) <= 1e-12);
}

// The surface of problems/muller_brown.prm, against its sum written out.
BOOST_AUTO_TEST_CASE(muller_brown_values) {
  const auto loss = std::make_shared<ExpressionLoss<2>>(
    muller_brown, FormulaNames{ parse_constants("key", muller_brown_constants) }, 1.);
  const double terms[4][6] = { { -200, -1, 0, -10, 1, 0 },
                               { -100, -1, 0, -10, 0, 0.5 },
                               { -170, -6.5, 11, -6.5, -0.5, 1.5 },
                               { 15, 0.7, 0.6, 0.7, -1, 1 } };
  for (const auto& point : random_points<2>(50)) {
    double sum = 0, size = 0;
    for (const auto& [factor, a, b, c, x, y] : terms) {
      const double dx = point[0] - x, dy = point[1] - y;
      const double term = factor * std::exp(a * dx * dx + b * dx * dy + c * dy * dy);
      sum += term;
      size += std::fabs(term) * (1 + 30 * point.square()); // exponents of up to 60 are rounded too
    }
    BOOST_TEST(std::fabs(value(*loss, point) - sum) <= 1e-14 * (1 + size));
  }
}

// L(theta) = f(sqrt(k) theta).
BOOST_AUTO_TEST_CASE(scale) {
  const std::string text = "x^4/4 - x^2/2 + y^2/2 + 0.3*x*y + exp(x*y)";
  const auto plain = std::make_shared<ExpressionLoss<2>>(text, FormulaNames(), 1);
  for (const double k : { 1., 4., 0.37, 1e-6 }) {
    const auto scaled = std::make_shared<ExpressionLoss<2>>(text, FormulaNames(), k);
    for (const auto& point : random_points<2>(10)) {
      const Point<2> image(std::sqrt(k) * point);
      const double expected = value(*plain, image);
      // A few roundings.
      BOOST_TEST(std::fabs(value(*scaled, point) - expected) <= 1e-14 * (1 + std::fabs(expected)));
    }
  }
}

BOOST_AUTO_TEST_CASE(wrong_input) {
  BOOST_CHECK_THROW(std::make_shared<ExpressionLoss<1>>("x +", FormulaNames(), 1), InputError);
  BOOST_CHECK_THROW(std::make_shared<ExpressionLoss<2>>("x + z", FormulaNames(), 1), InputError);
  LossInput unknown;
  unknown.type = "sum";
  BOOST_CHECK_EXCEPTION(unknown.make<1>({}), InputError, [](const InputError& e) {
    return std::string(e.what()) == "Loss/Type: got 'sum', but one of expression|dataset is needed";
  });
}

BOOST_AUTO_TEST_SUITE_END()
