// The check that D is positive definite in the whole domain, also between the points of a lattice.
#include "problems/diffusion/positive_definite.h"

#include "problems/base/input_error.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <sstream>

using namespace fokker_planck;
using dealii::Point;

using fokker_planck::testing::Settings;

namespace {

template <int dim>
Problem<dim> make(const std::string& expressions) {
  const std::string lower[] = { "-1", "-1, -1.1", "-1, -1.1, -0.9" };
  const std::string upper[] = { "1.05", "1.05, 1.2", "1.05, 1.2, 1" };
  return testing::make_problem<dim>(Settings{
    "Loss/Expression=x^2|Domain/Lower=" + lower[dim - 1] + "|Domain/Upper=" + upper[dim - 1] +
    "|Noise/Type=expression|Noise/Expressions=" + expressions });
}

/// What a message says: the point, and the eigenvalue (NaN for "not finite").
template <int dim>
struct Refusal {
  Point<dim> point;
  double eigenvalue = std::numeric_limits<double>::quiet_NaN();
};

template <int dim>
Refusal<dim> refusal(const std::string& expressions) {
  Refusal<dim> result;
  try {
    make<dim>(expressions);
    BOOST_ERROR("not refused: " << expressions);
  } catch (const InputError& error) {
    const std::string message = error.what();
    BOOST_TEST(message.find("Noise/Expressions: got '" + expressions + "', but D ") == 0, message);
    const std::string eigenvalue = "but D has the eigenvalue ", finite = "but D is not finite";
    const auto found = message.find(eigenvalue);
    if (found != std::string::npos) {
      result.eigenvalue = std::stod(message.substr(found + eigenvalue.size()));
      BOOST_TEST(message.find("positive definite in the whole domain") != std::string::npos);
    } else
      BOOST_TEST(message.find(finite) != std::string::npos, message);
    const auto at = message.find(" at (");
    BOOST_TEST_REQUIRE(at != std::string::npos, message);
    std::istringstream coordinates(message.substr(at + 5));
    for (int i = 0; i < dim; ++i) {
      BOOST_TEST_REQUIRE(static_cast<bool>(coordinates >> result.point[i]), message);
      coordinates.get(); // ',' or ')'
    }
  }
  return result;
}

/// Refused at this point, with an eigenvalue that is zero up to 1e-12 of the largest norm of D.
template <int dim>
void check_zero_at(const std::string& expressions, const Point<dim>& expected,
                   const double largest) {
  BOOST_TEST_CONTEXT(expressions) {
    const auto [point, eigenvalue] = refusal<dim>(expressions);
    // Quadratic zeros: (1e-12 largest)^(1/2).
    BOOST_TEST(point.distance(expected) <= 2e-6 * std::sqrt(largest), point);
    BOOST_TEST(eigenvalue <= 1e-12 * largest);
  }
}

template <int dim>
void check_accepted(const std::string& expressions) {
  BOOST_TEST_CONTEXT(expressions) BOOST_CHECK_NO_THROW(make<dim>(expressions));
}

} // namespace

BOOST_AUTO_TEST_SUITE(positive_definite)

BOOST_AUTO_TEST_CASE(zero_between_lattice_points) {
  check_zero_at<1>("(x - 0.123456789)^2", Point<1>(0.123456789), 2);
  check_zero_at<2>("(x - 0.123456)^2 + (y + 0.654321)^2", Point<2>(0.123456, -0.654321), 7);
  check_zero_at<3>("(x - 0.1234)^2 + (y + 0.4321)^2 + (z - 0.3333)^2",
                   Point<3>(0.1234, -0.4321, 0.3333), 10);
  // Not along the axes.
  check_zero_at<2>("(x - 0.12 + y - 0.34)^2 + 0.1*(y - 0.34 - x + 0.12)^2", Point<2>(0.12, 0.34),
                   8);
  // A kink.
  check_zero_at<2>("sqrt((x - 0.123456)^2 + (y + 0.654321)^2)", Point<2>(0.123456, -0.654321), 3);
  // One eigenvalue of two.
  check_zero_at<2>("1; x - 0.1234; (x - 0.1234)^2 + (x - 0.4321)^2 + (y - 0.2222)^2",
                   Point<2>(0.4321, 0.2222), 10);
}

// More zeros than are followed; and more than eight shallow minima beside one that reaches zero.
BOOST_AUTO_TEST_CASE(many_minima) {
  const auto [point, eigenvalue] = refusal<1>("1 - cos(40*(x - 0.0123))");
  const double period = M_PI / 20, phase = (point[0] - 0.0123) / period;
  BOOST_TEST(std::fabs(phase - std::round(phase)) * period <= 1e-6); // (2e-12/800)^(1/2)
  BOOST_TEST(eigenvalue <= 1e-11);
  check_zero_at<1>("1.0001 - cos(60*(x - 0.0123)) - 0.0001*exp(-(x - 0.0123)^2/0.01)",
                   Point<1>(0.0123), 2);
}

BOOST_AUTO_TEST_CASE(negative_between_lattice_points) {
  const struct {
    std::string expression;
    double depth;
  } rows[] = { { "(x - 0.123456)^2 - 1e-9", 1e-9 },
               { "(x - 0.123456)^2 - 1e-7", 1e-7 },
               { "0.1 - 0.2*exp(-1e5*(x - 0.123456)^2)", 0.1 } };
  for (const auto& [expression, depth] : rows) {
    const auto [point, eigenvalue] = refusal<1>(expression);
    BOOST_TEST(std::fabs(point[0] - 0.123456) <= 3e-3); // the widest half width, of the Gaussian
    BOOST_TEST(eigenvalue <= 1e-11);
    BOOST_TEST(eigenvalue >= -depth * (1 + 1e-12)); // a few roundings
  }
  const auto [point, eigenvalue] = refusal<2>("(x - 0.123456)^2 + (y - 0.3)^2 - 1e-8");
  BOOST_TEST(point.distance(Point<2>(0.123456, 0.3)) <= 1.01e-4); // half width, and 1e-12
  BOOST_TEST((eigenvalue <= 1e-11 && eigenvalue >= -1.001e-8));
}

BOOST_AUTO_TEST_CASE(curves_in_the_plane) {
  const struct {
    std::string expressions;
    double (*distance)(const Point<2>&); // from the curve, up to a factor
  } rows[] = { { "(x^2 + y^2 - 0.5)^2", [](const Point<2>& p) { return p.square() - 0.5; } },
               { "(y - 0.3*x - 0.1234)^2",
                 [](const Point<2>& p) { return p[1] - 0.3 * p[0] - 0.1234; } },
               { "(y - x^2 + 0.3)^2", [](const Point<2>& p) { return p[1] - p[0] * p[0] + 0.3; } },
               { "abs(x*y - 0.1)", [](const Point<2>& p) { return p[0] * p[1] - 0.1; } },
               { "1; x; x^2 + (y - 0.7*x)^2", [](const Point<2>& p) { return p[1] - 0.7 * p[0]; } },
               { "1 + y^2; 0; (x - 0.3*sin(3*y))^2",
                 [](const Point<2>& p) { return p[0] - 0.3 * std::sin(3 * p[1]); } } };
  for (const auto& row : rows)
    BOOST_TEST_CONTEXT(row.expressions) {
      const auto [point, eigenvalue] = refusal<2>(row.expressions);
      BOOST_TEST(std::fabs(row.distance(point)) <= 1e-5, point); // (1e-12 largest)^(1/2)
      BOOST_TEST(eigenvalue <= 1e-11);
    }
}

// Indefinite in a whole region, as D = eta_B/2 H between valley and saddle.
BOOST_AUTO_TEST_CASE(negative_region) {
  const auto line = refusal<1>("x");
  BOOST_TEST((line.point[0] <= 0 && line.eigenvalue == line.point[0]));
  const auto plane = refusal<2>("1; 1.5*x; 1"); // eigenvalues 1 +- 1.5 |x|
  const double expected = 1 - 1.5 * std::fabs(plane.point[0]);
  BOOST_TEST(expected < 0);
  BOOST_TEST(std::fabs(plane.eigenvalue - expected) <= 1e-14); // a few roundings
}

BOOST_AUTO_TEST_CASE(not_finite) {
  const auto region = refusal<1>("sqrt(x + 0.5)");
  BOOST_TEST((std::isnan(region.eigenvalue) && region.point[0] < -0.5));
  const auto corner = refusal<2>("1 + sqrt(3.2 - (x + 1) - (y + 1.1))");
  BOOST_TEST((std::isnan(corner.eigenvalue) && corner.point[0] + corner.point[1] + 2.1 > 3.2));
  const auto off_diagonal = refusal<2>("1; 0.1*log(x + 0.9); 1");
  BOOST_TEST((std::isnan(off_diagonal.eigenvalue) && off_diagonal.point[0] <= -0.9));
  // Between the points of a lattice.
  const auto narrow = refusal<1>("0.5 + sqrt((x - 0.123456)^2 - 1e-9)");
  BOOST_TEST((std::isnan(narrow.eigenvalue) && std::fabs(narrow.point[0] - 0.123456) <= 3.2e-5));
}

// No false alarm where D is small but positive.
BOOST_AUTO_TEST_CASE(positive) {
  check_accepted<1>("1e-9 + (x - 0.123456)^2");
  check_accepted<1>("exp(10.1*x)"); // 1e-9 between the ends
  check_accepted<1>("1e-9*exp(-10.1*x)");
  check_accepted<1>("1e-300");
  check_accepted<2>("1e-9 + (y - 0.3*x - 0.1234)^2");
  check_accepted<2>("1e-9 + (x^2 + y^2 - 0.5)^2");
  check_accepted<2>("exp(10*x); 0; exp(10*y)");
  check_accepted<2>("1; 0; 1e-9");
  check_accepted<2>("1; 0.99999999; 1"); // eigenvalues 1e-8 and 2
  check_accepted<3>("1e-9 + (x - 0.1234)^2 + (y + 0.4321)^2 + (z - 0.3333)^2");
}

// Nearly or exactly equal eigenvalues and small off-diagonal entries, where closed forms of the
// eigenvalues lose half of the digits or fail.
BOOST_AUTO_TEST_CASE(positive_with_equal_eigenvalues) {
  check_accepted<2>("0.3; 1e-10; 0.3");
  check_accepted<2>("0.7 + 0.3*x; 1e-12; (0.7 + 0.3*x)*(1 + 1e-10)");
  check_accepted<2>("0.7 + 0.3*x; 1e-17*y; (0.7 + 0.3*x)*(1 + 1e-10)");
  check_accepted<3>("0.7 + 0.3*x; 1e-9*y; 1e-9*x; 0.7 + 0.3*x; 1e-9*z; 0.7 + 0.3*x");
  // n n^T + 1e-9 I, n = (1, 2, 3)/14^(1/2): eigenvalues 1e-9 (twice) and 1
  check_accepted<3>("1/14 + 1e-9; 2/14; 3/14; 4/14 + 1e-9; 6/14; 9/14 + 1e-9");
  // I - n n^T + 1e-9 I: eigenvalues 1e-9 and 1 (twice)
  check_accepted<3>("13/14 + 1e-9; -2/14; -3/14; 10/14 + 1e-9; -6/14; 5/14 + 1e-9");
}

// Below 1e-12 of the largest eigenvalue counts as zero.
BOOST_AUTO_TEST_CASE(least_ratio) {
  check_accepted<1>("1e-11 + (x - 0.123456789)^2");
  check_zero_at<1>("1e-14 + (x - 0.123456789)^2", Point<1>(0.123456789), 2);
}

// The points a solver has evaluated anyway.
BOOST_AUTO_TEST_CASE(given_points) {
  const auto problem = make<2>("2 + x; 0; 3 - y");
  const std::vector<Point<2>> points = { { 0, 0 }, { 0.5, -0.25 } };
  std::vector<dealii::SymmetricTensor<2, 2>> tensors;
  problem.diffusion->tensors(points, tensors);
  BOOST_CHECK_NO_THROW(check_positive_definite(*problem.diffusion, points, tensors));
  const auto refused = [&](const std::string& part) {
    BOOST_CHECK_EXCEPTION(check_positive_definite(*problem.diffusion, points, tensors), InputError,
                          [&](const InputError& error) {
                            const std::string message = error.what();
                            BOOST_TEST_INFO(message);
                            return message.find(part) != std::string::npos &&
                                   message.find("(0.5, -0.25)") != std::string::npos;
                          });
  };
  tensors[1][1][1] = 0;
  refused("has the eigenvalue 0 at");
  tensors[1][1][1] = -2;
  refused("has the eigenvalue -2 at");
  tensors[1][0][1] = NAN;
  refused("D is not finite at");
}

BOOST_AUTO_TEST_SUITE_END()
