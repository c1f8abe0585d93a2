// Critical points, levels and basins in domains that are no boxes.
#include "problems/landscape/descent.h"
#include "problems/landscape/landscape.h"
#include "problems/landscape/valley.h"

#include "test_shapes.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace fokker_planck;
using dealii::Point;
using testing::ball;
using testing::l_shape;
using testing::make_problem_in;

namespace {

template <int dim>
Landscape<dim> explored(const Problem<dim>& problem) {
  return explore(problem.domain, Gauge<dim>(problem), *problem.loss, problem.start);
}

template <int dim>
std::vector<CriticalPoint<dim>> all(const Landscape<dim>& landscape,
                                    const typename CriticalPoint<dim>::Kind kind) {
  std::vector<CriticalPoint<dim>> points;
  for (const auto& point : landscape.critical_points)
    if (point.kind == kind) points.push_back(point);
  return points;
}

using Kind2 = CriticalPoint<2>::Kind;
using Kind3 = CriticalPoint<3>::Kind;

/// Angles of the minima of a function of the angle, by bisection of its derivative (central
/// differences of order four) in the brackets of a scan.
std::vector<double> minima_over_angles(const std::function<double(double)>& f) {
  const auto derivative = [&](const double t) {
    const double h = 1e-3;
    return (8 * (f(t + h) - f(t - h)) - (f(t + 2 * h) - f(t - 2 * h))) / (12 * h);
  };
  std::vector<double> angles;
  const int n = 2000;
  for (int k = 0; k < n; ++k) {
    double a = 2 * M_PI * (k + 0.1) / n, b = 2 * M_PI * (k + 1.1) / n;
    if (!(derivative(a) < 0 && derivative(b) >= 0)) continue;
    for (int i = 0; i < 60; ++i)
      (derivative(0.5 * (a + b)) < 0 ? a : b) = 0.5 * (a + b);
    angles.push_back(0.5 * (a + b));
  }
  return angles;
}

/// The ellipse x^2/a^2 + y^2/b^2 <= 1, that is x = a u, y = b v with (u, v) in the unit disc.
/// Points are projected along rays, which is not the nearest way to the boundary.
class Ellipse : public testing::RoundShape<2> {
public:
  Ellipse(const double a_, const double b_) : RoundShape<2>({ 0, 0 }, 1), a(a_), b(b_) {}

  bool contains(const Point<2>& point) const override {
    return RoundShape<2>::contains({ point[0] / a, point[1] / b });
  }

  BoundaryPoint project(const Point<2>& point) const override {
    BoundaryPoint result = RoundShape<2>::project({ point[0] / a, point[1] / b });
    result.position = { a * result.position[0], b * result.position[1] };
    const Point<2> gradient(result.position[0] / (a * a), result.position[1] / (b * b));
    result.normal = gradient / gradient.norm();
    const Point<2> tangent(-result.normal[1], result.normal[0]);
    const double second = tangent[0] * tangent[0] / (a * a) + tangent[1] * tangent[1] / (b * b);
    result.curvature = second / gradient.norm() * symmetrize(outer_product(tangent, tangent));
    return result;
  }

  Point<2> to_physical(const Point<2>& reference) const override {
    const Point<2> point = RoundShape<2>::to_physical(reference);
    return { a * point[0], b * point[1] };
  }

private:
  double a, b;
};

double second_derivative(const std::function<double(double)>& f, const double t) {
  const double h = 1e-2;
  return (16 * (f(t + h) + f(t - h)) - (f(t + 2 * h) + f(t - 2 * h)) - 30 * f(t)) / (12 * h * h);
}

} // namespace

BOOST_AUTO_TEST_SUITE(landscape_in_shapes)

// L = |x - c|^2/2 is constant along the boundary: no point of it is an exit point.
BOOST_AUTO_TEST_CASE(rotational_symmetry) {
  const double d = 0.05, radius = 1.5;
  const auto disc = explored(
    make_problem_in<2>(ball<2>({ 0.3, -0.2 }, radius), "((x-0.3)^2 + (y+0.2)^2)/2", "0.05"));
  BOOST_TEST_REQUIRE(disc.critical_points.size() == 1);
  BOOST_TEST((disc.critical_points[0].kind == Kind2::minimum));
  BOOST_TEST(disc.wells[0].distance(Point<2>(0.3, -0.2)) <= 1e-14);
  BOOST_TEST(disc.critical_points[0].sides.empty());
  // The vertices of the mesh lie on the boundary to rounding.
  BOOST_TEST(std::fabs(disc.exit_level - radius * radius / (2 * d)) <= 1e-12);
  BOOST_TEST(disc.watershed.is_constant_along(0));
  for (const double angle : { 0., 1., 2., 4. }) {
    const dealii::Tensor<1, 2> normal = Point<2>(std::cos(angle), std::sin(angle));
    BOOST_TEST(disc.watershed.basin(disc.wells[0] + radius * normal) == Watershed<2>::outside);
    BOOST_TEST(disc.watershed.basin(disc.wells[0] + 0.95 * radius * normal) == 0);
  }

  const auto space =
    explored(make_problem_in<3>(ball<3>({ 0, 0.1, 0 }, 1), "(x^2 + (y-0.1)^2 + z^2)/2", "0.05"));
  BOOST_TEST(space.critical_points.size() == 1);
  BOOST_TEST(std::fabs(space.exit_level - 0.5 / d) <= 1e-12);

  // A circle of lowest points on the sphere: none of them is isolated.
  const auto circle =
    explored(make_problem_in<3>(ball<3>({ 0, 0, 0 }, 1), "(x^2 + y^2)/2 + z^2", "0.05"));
  BOOST_TEST(all(circle, Kind3::exit).empty());
  BOOST_TEST(!circle.watershed.is_constant_along(0));
}

BOOST_AUTO_TEST_CASE(exits_of_a_disc) {
  const auto loss = [](const double x, const double y) {
    const double u = x - 0.2, v = y - 0.1;
    return 0.5 * u * u + 1.5 * v * v + 0.4 * u * v + 0.1 * u * u * u;
  };
  const double radius = 1.3, d = 0.05;
  const auto along_boundary = [&](const double angle) {
    return loss(-0.1 + radius * std::cos(angle), 0.05 + radius * std::sin(angle));
  };
  const auto landscape = explored(make_problem_in<2>(
    ball<2>({ -0.1, 0.05 }, radius),
    "0.5*(x-0.2)^2 + 1.5*(y-0.1)^2 + 0.4*(x-0.2)*(y-0.1) + 0.1*(x-0.2)^3", "0.05"));
  const auto exits = all(landscape, Kind2::exit);
  const auto expected = minima_over_angles(along_boundary);
  BOOST_TEST(expected.size() == 2);
  BOOST_TEST_REQUIRE(exits.size() == expected.size());
  for (const double angle : expected) {
    const Point<2> position(-0.1 + radius * std::cos(angle), 0.05 + radius * std::sin(angle));
    const auto found =
      std::min_element(exits.begin(), exits.end(), [&](const auto& a, const auto& b) {
        return a.position.distance(position) < b.position.distance(position);
      });
    BOOST_TEST(found->position.distance(position) <= 1e-10); // differences: 1e-12, rounding 1e-13
    BOOST_TEST(std::fabs(found->loss - along_boundary(angle)) <= 1e-13);
    BOOST_TEST(std::fabs(found->potential - along_boundary(angle) / d) <= 1e-12);
    BOOST_TEST(found->sides == std::vector<unsigned int>{ 0 }, boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(found->hessian_eigenvalues.size() == 1);
    const double curvature = second_derivative(along_boundary, angle) / (radius * radius);
    BOOST_TEST(std::fabs(found->hessian_eigenvalues[0] - curvature) <= 1e-7); // differences
    BOOST_TEST(std::fabs(found->potential_eigenvalues[0] - curvature / d) <= 1e-6);
    BOOST_TEST_REQUIRE(found->leads_to.size() == 1);
    BOOST_TEST(found->leads_to[0].well == 0);
  }
  BOOST_TEST(landscape.exit_level >= exits[0].potential);
  BOOST_TEST(landscape.exit_level <= exits[0].potential * (1 + 1e-3)); // of a graph
}

BOOST_AUTO_TEST_CASE(exits_of_an_ellipse) {
  const double a = 2, b = 0.7, d = 0.02;
  const auto ellipse =
    testing::make_domain<2>(std::make_shared<Ellipse>(a, b), { true }, { -a, -b }, { a, b });
  const auto level_set = explored(make_problem_in<2>(ellipse, "x^2/4 + y^2/0.49", "0.02"));
  BOOST_TEST(all(level_set, Kind2::exit).empty());
  BOOST_TEST(std::fabs(level_set.exit_level - 1 / d) <= 1e-11);

  const auto along_boundary = [&](const double t) {
    const double x = a * std::cos(t), y = b * std::sin(t);
    return 0.5 * x * x + y * y + 0.5 * x * y + 0.1 * x * x * x;
  };
  const auto expected = minima_over_angles(along_boundary);
  const auto exits =
    all(explored(make_problem_in<2>(ellipse, "0.5*x^2 + y^2 + 0.5*x*y + 0.1*x^3", "0.02")),
        Kind2::exit);
  BOOST_TEST(expected.size() == 2);
  BOOST_TEST_REQUIRE(exits.size() == expected.size());
  for (const double t : expected) {
    const Point<2> position(a * std::cos(t), b * std::sin(t));
    const double speed = std::hypot(a * std::sin(t), b * std::cos(t));
    const auto found = std::find_if(exits.begin(), exits.end(), [&](const auto& exit) {
      return exit.position.distance(position) < 1e-9; // differences
    });
    BOOST_TEST_REQUIRE((found != exits.end()));
    BOOST_TEST(std::fabs(found->hessian_eigenvalues.at(0) -
                         second_derivative(along_boundary, t) / (speed * speed)) <= 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(exits_of_a_ball) {
  const Point<3> center(0.5, -1, 2);
  const auto landscape = explored(
    make_problem_in<3>(ball<3>(center, 0.5), "((x-0.5)^2 + 3*(y+1)^2 + 6*(z-2)^2)/2", "0.01"));
  BOOST_TEST(all(landscape, Kind3::minimum).size() == 1);
  BOOST_TEST(all(landscape, Kind3::saddle).empty());
  const auto exits = all(landscape, Kind3::exit);
  BOOST_TEST_REQUIRE(exits.size() == 2);
  for (const auto& point : exits) {
    BOOST_TEST(std::fabs(std::fabs(point.position[0] - 0.5) - 0.5) <= 1e-14);
    BOOST_TEST(std::fabs(point.position[1] + 1) <= 1e-12);
    BOOST_TEST(std::fabs(point.position[2] - 2) <= 1e-12);
    BOOST_TEST_REQUIRE(point.hessian_eigenvalues.size() == 2); // less slope/radius = 1
    BOOST_TEST(std::fabs(point.hessian_eigenvalues[0] - 2) <= 1e-12);
    BOOST_TEST(std::fabs(point.hessian_eigenvalues[1] - 5) <= 1e-12);
    BOOST_TEST(std::fabs(point.potential_eigenvalues[0] - 200) <= 1e-10);
    BOOST_TEST(std::fabs(point.potential_eigenvalues[1] - 500) <= 1e-10);
    BOOST_TEST(point.leads_to.at(0).well == 0);
  }
  BOOST_TEST(exits[0].position.distance(exits[1].position) > 0.9);
}

BOOST_AUTO_TEST_CASE(double_well_in_a_disc) {
  const auto landscape = explored(
    make_problem_in<2>(ball<2>({ 0.1, 0 }, 1.7), "x^4/4 - x^2/2 + 0.02*x + y^2/2", "0.02"));
  const auto minima = all(landscape, Kind2::minimum), saddles = all(landscape, Kind2::saddle);
  BOOST_TEST_REQUIRE(minima.size() == 2);
  BOOST_TEST_REQUIRE(saddles.size() == 1);
  BOOST_TEST(landscape.wells.size() == 2);
  for (const auto& point : { minima[0], minima[1], saddles[0] }) {
    const double x = point.position[0];
    BOOST_TEST(std::fabs(x * x * x - x + 0.02) <= 1e-14);
    BOOST_TEST(std::fabs(point.position[1]) <= 1e-14);
  }
  BOOST_TEST(landscape.wells[0].distance(minima[0].position) == 0);
  BOOST_TEST_REQUIRE(saddles[0].leads_to.size() == 2);
  BOOST_TEST(saddles[0].leads_to[0].well + saddles[0].leads_to[1].well == 1);
  for (const double y : { -0.6, 0., 0.6 })
    for (const double shift : { -0.06, 0.06 }) // spacing 3.4/240
      BOOST_TEST(landscape.watershed.basin({ saddles[0].position[0] + shift, y }) ==
                 (shift < 0 ? 0 : 1));
  // On the circle: below and above the ridge of the saddle there are no minima of L.
  for (const auto& exit : all(landscape, Kind2::exit))
    BOOST_TEST(exit.leads_to.at(0).well == (exit.position[0] < saddles[0].position[0] ? 0 : 1));
}

// Where the boundary reflects, the lowest point of a slope is a well on it.
BOOST_AUTO_TEST_CASE(reflecting_disc) {
  auto problem = make_problem_in<2>(ball<2>({ 0, 0 }, 1, false), "x + 0.3*y^2", "0.1");
  const Gauge<2> gauge(problem);
  const Watershed<2> watershed(problem.domain, gauge);
  CriticalPointSearch<2> search(problem.domain, gauge, *problem.loss);
  BOOST_TEST(search.find(watershed).empty());
  BOOST_TEST_REQUIRE(search.reflecting_minima().size() == 1);
  BOOST_TEST(search.reflecting_minima()[0].distance(Point<2>(-1, 0)) <= 1e-12);
  for (const Point<2>& start : { Point<2>(0.9, 0.1), Point<2>(0, -1), Point<2>(0, 0) }) {
    const auto end = Descent<2>(problem.domain, gauge).follow(start);
    BOOST_TEST(!end.absorbed);
    BOOST_TEST(end.point.distance(Point<2>(-1, 0)) <= 1e-4); // it is flat there
  }
}

// The loss may be singular where the box around the shape is not covered by it.
BOOST_AUTO_TEST_CASE(singular_outside) {
  const std::string loss = "x^2 + 2*y^2 - 0.1*log(1.1 - x^2 - y^2)";
  const auto problem = make_problem_in<2>(ball<2>({ 0, 0 }, 1), loss, "0.05");
  const auto landscape = explored(problem);
  BOOST_TEST(all(landscape, Kind2::minimum).size() == 1);
  BOOST_TEST(all(landscape, Kind2::saddle).empty());
  const auto exits = all(landscape, Kind2::exit);
  BOOST_TEST_REQUIRE(exits.size() == 2);
  for (const auto& exit : exits) {
    BOOST_TEST(std::fabs(std::fabs(exit.position[0]) - 1) <= 1e-14);
    // H_yy = 4 + 0.2/0.1, slope 2 + 0.2/0.1.
    BOOST_TEST(std::fabs(exit.hessian_eigenvalues.at(0) - 2) <= 1e-12);
  }
  const auto valley = find_valley(problem.domain, *problem.loss, problem.start, 0.05);
  BOOST_TEST(valley.is_minimum);
  BOOST_TEST_REQUIRE(valley.exits.size() == 2);
  for (const auto& exit : valley.exits)
    BOOST_TEST(std::fabs(exit.direction * exit.position - 1) <= 1e-12); // the outward normal
  BOOST_CHECK_NO_THROW(check_positive_hessian(valley, problem.domain, *problem.loss, ""));
}

BOOST_AUTO_TEST_CASE(graph_of_an_l) {
  const Graph<2> graph(l_shape());
  unsigned int n_corners = 0;
  for (std::size_t index = 0; index < graph.size(); ++index) {
    const Point<2>& point = graph.points()[index];
    BOOST_TEST_REQUIRE(l_shape().contains(point));
    BOOST_TEST_REQUIRE(graph.nearest(point) == index);
    n_corners += graph.sides(index) == 3;
    BOOST_TEST_REQUIRE(graph.is_absorbing(index) == (point[0] == 1));
  }
  BOOST_TEST(n_corners == 2); // (1, -1) and (1, 0)
  BOOST_TEST(graph.size() > 20000);
}

BOOST_AUTO_TEST_CASE(exit_of_an_l) {
  const auto landscape = explored(make_problem_in<2>(l_shape(), "(x+0.5)^2 + (y+0.45)^2", "0.05"));
  BOOST_TEST(all(landscape, Kind2::minimum).size() == 1);
  const auto exits = all(landscape, Kind2::exit);
  BOOST_TEST_REQUIRE(exits.size() == 1);
  BOOST_TEST(exits[0].position.distance(Point<2>(1, -0.45)) <= 1e-12);
  BOOST_TEST(std::fabs(exits[0].hessian_eigenvalues.at(0) - 2) <= 1e-12);
  BOOST_TEST(exits[0].sides == std::vector<unsigned int>{ 0 }, boost::test_tools::per_element());
  BOOST_TEST(landscape.wells.size() == 1);
  BOOST_TEST(std::fabs(landscape.exit_level - 2.25 / 0.05) <= 1e-3 * 45);
}

namespace {

/// A box is explored as a shape as it is as a box.
template <int dim>
void check_box_as_shape(const testing::Case& text) {
  auto problem = testing::make_problem<dim>(text);
  const auto box = explored(problem);
  problem.domain.shape = std::make_shared<testing::BoxShape<dim>>(problem.domain);
  const auto shape = explored(problem);
  BOOST_TEST(!box.critical_points.empty());
  BOOST_TEST(shape.critical_points.size() == box.critical_points.size());
  for (const auto& expected : box.critical_points)
    BOOST_TEST_CONTEXT(to_string<dim>(expected.kind) << " at " << expected.position) {
      // Along an edge only values are compared: to the root of rounding.
      const double tolerance = expected.sides.size() > 1 ? 1e-6 : 1e-9;
      const auto found = std::find_if(
        shape.critical_points.begin(), shape.critical_points.end(), [&](const auto& point) {
          return point.kind == expected.kind &&
                 point.position.distance(expected.position) < tolerance;
        });
      BOOST_TEST_REQUIRE((found != shape.critical_points.end()));
      BOOST_TEST(found->sides == expected.sides, boost::test_tools::per_element());
      BOOST_TEST(std::fabs(found->loss - expected.loss) <= 1e-8);
      BOOST_TEST(found->leads_to.size() == expected.leads_to.size());
      for (std::size_t k = 0; k < found->leads_to.size(); ++k)
        BOOST_TEST((found->leads_to[k].well < 0) == (expected.leads_to[k].well < 0));
      if (expected.sides.size() < 2)
        for (std::size_t k = 0; k < expected.hessian_eigenvalues.size(); ++k)
          BOOST_TEST(
            std::fabs(found->hessian_eigenvalues.at(k) - expected.hessian_eigenvalues[k]) <= 1e-10);
    }
  BOOST_TEST(shape.wells.size() == box.wells.size());
  for (const auto& well : box.wells)
    BOOST_TEST(std::any_of(shape.wells.begin(), shape.wells.end(),
                           [&](const auto& other) { return other.distance(well) < 1e-9; }));
  BOOST_TEST(std::fabs(shape.exit_level - box.exit_level) <= 0.02 * std::fabs(box.exit_level));
}

} // namespace

BOOST_AUTO_TEST_CASE(boxes_as_shapes) {
  const std::string styblinski_tang = "0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)";
  check_box_as_shape<2>({ styblinski_tang, "2", "-5, -5", "5, 5", "all" });
  check_box_as_shape<2>({ styblinski_tang, "2", "-5, -5", "1, 0.5", "x+ y-" });
  check_box_as_shape<2>({ "x^2 + y^2 - 4*y", "0.1", "-2, -2", "1, 1", "x+" });
  check_box_as_shape<2>({ "x + y^2", "0.1", "-1, -1", "1, 1", "x+" });
  check_box_as_shape<2>({ "x^2 + y^2 + 0.5*x*y", "0.1", "-3, -2", "1, 2", "x+ y+" });
  const std::string space = "x^4/4 - x^2/2 + y^2 + z^2*(1 + 0.2*x)";
  check_box_as_shape<3>({ space, "0.05", "-2, -1, -1", "1.7, 1.2, 1.1", "all" });
  check_box_as_shape<3>({ space + "-3*y", "0.05", "-2, -1, -1", "1.7, 1.2, 1.1", "x+" });
  check_box_as_shape<3>({ "x^2 - 3*y + z^2 - 3*z", "0.1", "-1, -1, -1", "1, 1, 1", "x+ x-" });
}

// L falls upwards: the well lies on the top wall, the exit where the door meets the ceiling, and
// the corner that points inwards is no well.
BOOST_AUTO_TEST_CASE(walls_of_an_l) {
  const auto problem = make_problem_in<2>(l_shape(), "(x+0.6)^2 - y", "0.05");
  const Gauge<2> gauge(problem);
  const auto landscape = explore(problem.domain, gauge, *problem.loss, problem.start);
  BOOST_TEST_REQUIRE(landscape.wells.size() == 1);
  BOOST_TEST(landscape.wells[0].distance(Point<2>(-0.6, 1)) <= 1e-12);
  const auto exits = all(landscape, Kind2::exit);
  BOOST_TEST_REQUIRE(exits.size() == 1);
  BOOST_TEST(exits[0].position.distance(Point<2>(1, 0)) <= 1e-9);
  const std::vector<unsigned int> both = { 0, 1 };
  BOOST_TEST(exits[0].sides == both, boost::test_tools::per_element());
  BOOST_TEST(exits[0].leads_to.at(0).well == 0);
  // Along the ceiling and around the corner.
  const auto end = Descent<2>(problem.domain, gauge).follow({ 0.9, -0.3 });
  BOOST_TEST(!end.absorbed);
  BOOST_TEST(end.point.distance(Point<2>(-0.6, 1)) <= 1e-6);

  const auto corner = explored(make_problem_in<2>(l_shape(), "x + 0.5*y", "0.05"));
  BOOST_TEST_REQUIRE(corner.wells.size() == 1);
  BOOST_TEST(corner.wells[0].distance(Point<2>(-1, -1)) <= 1e-9);

  // Out of the door.
  const auto slope = make_problem_in<2>(l_shape(), "-x - 0.1*y", "0.05");
  const auto out = Descent<2>(slope.domain, Gauge<2>(slope)).follow({ -0.9, 0.9 });
  BOOST_TEST(!out.absorbed); // held back by the wall x = 0
  BOOST_TEST(out.point.distance(Point<2>(0, 1)) <= 1e-6);
  BOOST_TEST(Descent<2>(slope.domain, Gauge<2>(slope)).follow({ -0.9, -0.5 }).absorbed);
}

BOOST_AUTO_TEST_SUITE_END()
