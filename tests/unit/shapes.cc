// Lattices, searches, potentials and formulas in domains that are no boxes.
#include "postprocess/formulas/formulas.h"
#include "problems/base/input_error.h"
#include "problems/diffusion/positive_definite.h"
#include "problems/geometry/lattice.h"
#include "problems/landscape/compass_search.h"
#include "solver/potential/integrated_potential.h"

#include "test_shapes.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace fokker_planck;
using dealii::Point;
using testing::ball;
using testing::l_shape;
using testing::make_problem_in;

namespace {

template <int dim>
std::vector<Formula> formulas(const Problem<dim>& problem) {
  const Gauge<dim> gauge(problem);
  return escape_formulas(problem, gauge,
                         explore(problem.domain, gauge, *problem.loss, problem.start));
}

const Formula& boundary_exit(const std::vector<Formula>& all) {
  return *std::find_if(all.begin(), all.end(),
                       [](const Formula& formula) { return formula.name == "boundary exit"; });
}

/// The logarithm of int n.D grad Psi exp(-Psi) dS / int exp(-Psi) dx in the disc around zero, the
/// leading order of the rate before the integrals are expanded around the exit points. By the
/// rectangle rule.
double log_flux_over_mass(const Problem<2>& problem, const Gauge<2>& gauge, const double radius) {
  std::vector<double> psi;
  std::vector<dealii::Tensor<1, 2>> gradients;
  std::vector<dealii::SymmetricTensor<2, 2>> tensors;
  std::vector<Point<2>> points;
  const int n = 20000;
  for (int k = 0; k < n; ++k)
    points.emplace_back(radius * std::cos(2 * M_PI * k / n), radius * std::sin(2 * M_PI * k / n));
  gauge.values(points, psi);
  gauge.gradients(points, gradients);
  problem.diffusion->tensors(points, tensors);
  const double lowest = *std::min_element(psi.begin(), psi.end());
  double flux = 0;
  for (int k = 0; k < n; ++k)
    flux += std::exp(lowest - psi[k]) * (points[k] / radius * (tensors[k] * gradients[k])) * 2 *
            M_PI * radius / n;
  const auto inside = lattice(problem.domain, 1200);
  gauge.values(inside, psi);
  double mass = 0;
  for (const double value : psi)
    mass += std::exp(-value) * std::pow(2 * radius / 1200, 2);
  return std::log(flux / mass) - lowest;
}

} // namespace

BOOST_AUTO_TEST_SUITE(shapes)

BOOST_AUTO_TEST_CASE(boundary_of_domains) {
  const auto box = Domain<2>::box({ -1, 2 }, { 3, 4 });
  const auto around = box.boundary_around({ 0, 3.5 });
  BOOST_TEST_REQUIRE(around.size() == 4);
  BOOST_TEST((around[0].position == Point<2>(-1, 3.5)));
  BOOST_TEST((around[3].position == Point<2>(0, 4)));
  BOOST_TEST((around[0].normal == -Point<2>::unit_vector(0)));
  BOOST_TEST((around[3].normal == Point<2>::unit_vector(1)));
  BOOST_TEST(around[0].curvature.norm() == 0);
  const auto disc = ball<2>({ 1, 0 }, 2);
  BOOST_TEST_REQUIRE(disc.boundary_around({ 1.5, 0 }).size() == 1);
  BOOST_TEST(disc.project({ 1.5, 0 }, 0).position.distance(Point<2>(3, 0)) <= 1e-15);
  BOOST_TEST(disc.contains({ 2.9, 0 }));
  BOOST_TEST(!disc.contains({ 2.9, 1 }));
  BOOST_TEST(!disc.contains({ 3.2, 0 }, 0.1));
  BOOST_TEST(disc.contains({ 3.2, 0 }, 0.3));
  BOOST_TEST(disc.contains({ 1 + 1.5, 1.5 }, 0.13)); // sqrt(4.5) - 2 = 0.121
  BOOST_TEST(!disc.contains({ 1 + 1.5, 1.5 }, 0.11));
}

BOOST_AUTO_TEST_CASE(lattices) {
  for (const unsigned int n : { 8U, 40U }) {
    const auto points = lattice(l_shape(), n);
    BOOST_TEST(points.size() == (n + 1) * (n + 1) - n / 2 * (n / 2)); // all edges belong to it
    for (const auto& point : points)
      BOOST_TEST_REQUIRE(l_shape().contains(point));
  }
  BOOST_TEST(covering_lattice(l_shape(), 8).size() == 81);
  // A ball in a box that is much too large is found, too.
  auto small = ball<3>({ 0, 0, 0 }, 0.25);
  small.lower = { -1, -1, -1 };
  small.upper = { 1, 1, 1 };
  BOOST_TEST(lattice(small, 8).size() > 200);
  BOOST_TEST((inner_point(small) == Point<3>(0, 0, 0)));
  BOOST_TEST((inner_point(ball<2>({ 3, 4 }, 1)).distance({ 3, 4 }) <= 1e-14));
  // The largest circle in the L touches the outer walls and the corner.
  const double c = 1 - std::sqrt(2.);
  BOOST_TEST(inner_point(l_shape()).distance({ c, c }) <= 0.05); // spacing
}

// The lowest value along the boundary, between the points of the lattice; outside, where the
// function is lower, it is not evaluated.
BOOST_AUTO_TEST_CASE(lowest_values) {
  const auto disc = ball<2>({ 0, 0 }, 1);
  const auto f = [&](const std::vector<Point<2>>& points) {
    std::vector<double> values;
    for (const auto& point : points) {
      BOOST_TEST_REQUIRE(point.norm() <= 1 + 1e-14);
      values.push_back(-point[0] - 0.5 * point[1]);
    }
    return values;
  };
  const auto lowest = find_lowest<2>(disc, f, [](const std::vector<double>&) { return -INFINITY; });
  BOOST_TEST(std::fabs(lowest.value + std::sqrt(1.25)) <= 1e-10);
  const auto pole_at = [](const double x) {
    return [x](const std::vector<Point<2>>& points) {
      std::vector<double> values;
      for (const auto& point : points)
        values.push_back(1 / point.distance_square({ x, 0.1 }));
      return values;
    };
  };
  BOOST_TEST(!find_pole<2>(disc, pole_at(1.01)));
  BOOST_TEST(find_pole<2>(disc, pole_at(0.913)).has_value());
}

BOOST_AUTO_TEST_CASE(positive_definite_in_a_disc) {
  const auto diffusion = [](const std::string& d) {
    return testing::make_problem<2>(
             testing::Settings{ "Loss/Expression=x^2+y^2|Domain/Lower=0, 0|Domain/Upper=.1, "
                                ".1|Domain/Absorbing=all|Noise/Type=expression|"
                                "Noise/Expressions=" +
                                d })
      .diffusion;
  };
  const auto disc = ball<2>({ 0, 0 }, 1);
  BOOST_CHECK_NO_THROW(check_positive_definite(*diffusion("1.001 - x^2 - y^2"), disc));
  BOOST_CHECK_NO_THROW(check_positive_definite(*diffusion("1 + log(1.001 - x^2 - y^2)/10"), disc));
  BOOST_CHECK_THROW(check_positive_definite(*diffusion("0.999 - x^2 - y^2"), disc), InputError);
  BOOST_CHECK_THROW(check_positive_definite(*diffusion("1.2 - x - 0.7*y"), disc), InputError);
}

// f = -grad(0.1 x^2 y) is part of the potential; a rotation is not.
BOOST_AUTO_TEST_CASE(integrated_potentials) {
  for (const auto& domain : { ball<2>({ 0.2, 0.1 }, 1), l_shape() }) {
    const auto problem = make_problem_in<2>(domain, "x^2 + y^2 - 0.1*log(3.2 - x^2 - y^2)", "0.5",
                                            "-0.2*x*y; -0.1*x^2");
    const IntegratedPotential<2> potential(problem);
    BOOST_TEST(potential.exists());
    BOOST_TEST(Gauge<2>(problem).detailed_balance());
    const std::vector<Point<2>> points = { { -0.3, 0.4 }, { 0.1, -0.6 }, { -0.2, 0.9 } };
    std::vector<double> values;
    std::vector<dealii::SymmetricTensor<2, 2>> hessians;
    potential.values(points, values);
    potential.hessians(points, hessians);
    const auto exact = [](const Point<2>& p) {
      const double square = p.norm_square();
      return (square - 0.1 * std::log(3.2 - square) + 0.1 * p[0] * p[0] * p[1]) / 0.5;
    };
    for (std::size_t q = 0; q < points.size(); ++q) {
      BOOST_TEST(std::fabs(values[q] - values[0] - exact(points[q]) + exact(points[0])) <= 1e-12);
      const double rest = 3.2 - points[q].norm_square();
      const double xx =
        2 + 0.2 / rest + 0.4 * points[q][0] * points[q][0] / (rest * rest) + 0.2 * points[q][1];
      BOOST_TEST(std::fabs(hessians[q][0][0] - xx / 0.5) <= 1e-9); // differences
    }
    const auto rotation = make_problem_in<2>(domain, "x^2 + y^2", "0.5", "-1e-6*y; 1e-6*x");
    BOOST_TEST(!IntegratedPotential<2>(rotation).exists());
    BOOST_TEST(!Gauge<2>(rotation).detailed_balance());
  }
  // A vortex around a point outside is a gradient in the L, which does not go around it; around a
  // point inside it is none, although its curl vanishes everywhere else.
  const std::string vortex = "-(y-0.5)/((x-0.5)^2 + (y-0.5)^2); (x-0.5)/((x-0.5)^2 + (y-0.5)^2)";
  BOOST_TEST(
    IntegratedPotential<2>(make_problem_in<2>(l_shape(), "x^2 + y^2", "0.5", vortex)).exists());
  const std::string inside =
    "-(y+0.45)/((x-0.53)^2 + (y+0.45)^2); (x-0.53)/((x-0.53)^2 + (y+0.45)^2)";
  BOOST_TEST(
    !IntegratedPotential<2>(make_problem_in<2>(l_shape(), "x^2 + y^2", "0.5", inside)).exists());
}

// L = (x^2 + 4 y^2)/2: exits (+-1, 0) with slope 1 and Hessian 4 - 1 along the circle; together
// 2/sqrt(2 pi) sqrt(4/(3 D)) exp(-1/(2 D)).
BOOST_AUTO_TEST_CASE(boundary_exit_of_a_disc) {
  for (const double d : { 0.02, 0.002 }) {
    const auto problem =
      make_problem_in<2>(ball<2>({ 0, 0 }, 1), "(x^2 + 4*y^2)/2", std::to_string(d));
    const auto all = formulas(problem);
    const Formula& formula = boundary_exit(all);
    BOOST_TEST(formula.applicable, formula.reason);
    BOOST_TEST(formula.reason.find("2 parallel ways") != std::string::npos);
    const double expected = std::log(2 / std::sqrt(2 * M_PI) * std::sqrt(4 / (3 * d))) - 0.5 / d;
    BOOST_TEST(std::fabs(formula.log_rate - expected) <= 1e-11); // rounding of exponents of 250
    for (const Formula& other : all)
      if (&other != &formula) BOOST_TEST(other.applicable == (other.name == "parallel paths"));
    const double integrals = log_flux_over_mass(problem, Gauge<2>(problem), 1);
    testing::log_comparison("disc, D = " + std::to_string(d), formula.log_rate, integrals);
    BOOST_TEST(std::fabs(formula.log_rate - integrals) <= 2 * d); // the next order
  }
  // Different noise along x and y: Psi = x^2/(2 D_x) + 2 y^2/D_y.
  const auto problem =
    make_problem_in<2>(ball<2>({ 0, 0 }, 1), "(x^2 + 4*y^2)/2", "0.002, 0; 0, 0.003");
  const auto all = formulas(problem);
  const Formula& formula = boundary_exit(all);
  BOOST_TEST(formula.applicable, formula.reason);
  const double integrals = log_flux_over_mass(problem, Gauge<2>(problem), 1);
  testing::log_comparison("disc, tensor", formula.log_rate, integrals);
  BOOST_TEST(std::fabs(formula.log_rate - integrals) <= 2 * 0.003);
}

BOOST_AUTO_TEST_CASE(boundary_exit_of_a_ball) {
  const double d = 0.01; // Hessian 3 - 1 and 6 - 1 along the sphere, slope 1
  const auto all =
    formulas(make_problem_in<3>(ball<3>({ 0, 0, 0 }, 1), "(x^2 + 3*y^2 + 6*z^2)/2", "0.01"));
  const Formula& formula = boundary_exit(all);
  BOOST_TEST(formula.applicable, formula.reason);
  const double expected = std::log(2 / std::sqrt(2 * M_PI) * std::sqrt(18 / (10 * d))) - 0.5 / d;
  BOOST_TEST(std::fabs(formula.log_rate - expected) <= 1e-12);
}

BOOST_AUTO_TEST_CASE(formulas_that_do_not_apply) {
  const auto disc = ball<2>({ 0, 0 }, 1);
  const auto round = formulas(make_problem_in<2>(disc, "(x^2 + y^2)/2", "0.02"));
  BOOST_TEST(!boundary_exit(round).applicable);
  BOOST_TEST(boundary_exit(round).reason ==
             "the loss is constant along the boundary: there is no isolated exit point");
  // Almost so: the exits are as wide as the disc.
  const auto wide = formulas(make_problem_in<2>(disc, "(x^2 + 1.02*y^2)/2", "0.02"));
  BOOST_TEST(!boundary_exit(wide).applicable);
  BOOST_TEST(boundary_exit(wide).reason.find("not isolated") != std::string::npos);
  const auto circle =
    formulas(make_problem_in<3>(ball<3>({ 0, 0, 0 }, 1), "(x^2 + y^2)/2 + z^2", "0.02"));
  BOOST_TEST(!boundary_exit(circle).applicable);
  BOOST_TEST(boundary_exit(circle).reason.find("no isolated exit point") != std::string::npos);
  // The door of the L ends 0.45 beside the exit; its width is sqrt(D/2).
  for (const char* const d : { "0.05", "0.12" }) {
    const auto door = formulas(make_problem_in<2>(l_shape(), "(x+0.5)^2 + (y+0.45)^2", d));
    const bool is_narrow = std::string(d) == "0.12";
    BOOST_TEST(boundary_exit(door).applicable == !is_narrow, boundary_exit(door).reason);
    BOOST_TEST(is_narrow ==
               (boundary_exit(door).reason.find("corner or an edge") != std::string::npos));
  }
  const auto corner = formulas(make_problem_in<2>(l_shape(), "(x+0.5)^2 + (y-0.5)^2", "0.02"));
  BOOST_TEST(!boundary_exit(corner).applicable);
  BOOST_TEST(boundary_exit(corner).reason.find("edge of the domain") != std::string::npos);
}

// The boundary of the disc around (-1, 0) passes through the saddle at zero, or lies beyond it.
BOOST_AUTO_TEST_CASE(saddles_of_a_disc) {
  const double d = 0.002, kramers = std::log(std::sqrt(2.) / (2 * M_PI)) - 0.25 / d;
  const std::string loss = "x^4/4 - x^2/2 + y^2";
  for (const double beyond : { 0., 0.8 }) {
    const auto all = formulas(make_problem_in<2>(ball<2>({ -1, 0 }, 1 + beyond), loss, "0.002"));
    for (const Formula& formula : all) {
      const bool applies =
        formula.name == (beyond > 0 ? "Eyring-Kramers" : "Eyring-Kramers at the saddle");
      BOOST_TEST_CONTEXT(formula.name << ": " << formula.reason) {
        BOOST_TEST(formula.applicable == applies);
        if (applies)
          BOOST_TEST(std::fabs(formula.log_rate - kramers - (beyond > 0 ? 0 : std::log(2.))) <=
                     1e-12);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
