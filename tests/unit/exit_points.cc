// Where the boundary of a shape is hit: values, weights and order of the samples.
#include "postprocess/fields/boundary_curves.h"
#include "postprocess/fields/slice_outline.h"

#include "problems/base/text.h"
#include "tests/solve.h"

#include <deal.II/base/quadrature_lib.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;

namespace {

/// A solved problem and the samples of the density of exit points.
template <int dim>
struct Solved {
  Solved(const std::string& settings, const double tolerance, const unsigned int degree_)
    : problem(make_problem<dim>(Settings{ settings })), degree(degree_) {
    const auto adaptive = solve_to(problem, tolerance, degree);
    BOOST_TEST(adaptive.converged);
    const auto& solution = adaptive.solution;
    exit_probability = solution.exit_probability;
    faces = sample_boundary(*adaptive.discretization, solution,
                            boundary_rule(adaptive.discretization->get_element().degree));
  }

  /// Area of a side, and share of it in the outflow.
  struct Total {
    double area = 0, probability = 0;
  };
  Total total(const unsigned int side) const {
    Total total;
    for (const auto& face : faces)
      if (face.side == side)
        for (const auto& sample : face.samples) {
          total.area += sample.weight;
          total.probability += sample.weight * sample.exit_density;
        }
    return total;
  }

  Problem<dim> problem;
  unsigned int degree;
  std::vector<double> exit_probability;
  std::vector<SampledFace<dim>> faces;
};

/// The largest relative deviation of the exit density from a constant.
template <int dim>
double deviation(const Solved<dim>& solved, const double expected) {
  double largest = 0;
  for (const auto& face : solved.faces)
    for (const auto& sample : face.samples)
      largest = std::max(largest, std::fabs(sample.exit_density / expected - 1));
  BOOST_TEST_MESSAGE("exit density " << expected << ": largest relative error " << largest);
  return largest;
}

const dealii::QGauss<1> polygon_rule(3);

/// The polygon through points, one face per edge.
BoundaryCurve polygon(const std::vector<Point<2>>& points, const std::vector<unsigned int>& sides) {
  BoundaryCurve faces;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point<2> a = points[i], b = points[(i + 1) % points.size()];
    SampledFace<2> face{ sides[i], { { a, b } }, {} };
    for (unsigned int q = 0; q < polygon_rule.size(); ++q)
      face.samples.push_back(
        { a + polygon_rule.point(q)[0] * (b - a), polygon_rule.weight(q) * a.distance(b), 1. });
    faces.push_back(face);
  }
  return faces;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exit_points)

// Brownian motion leaves through all points of the boundary alike. The density is of order k, its
// integral is exact up to the representation of the boundary.
BOOST_AUTO_TEST_CASE(uniform) {
  const Solved<2> disc("Loss/Expression=0|Noise/Diffusion=1|Domain/Type=ball|Domain/Radius=1",
                       1e-12, 8);
  BOOST_TEST(deviation(disc, 1 / (2 * M_PI)) <= 1e-7);
  BOOST_TEST(std::fabs(disc.total(0).probability - 1) <= 1e-12);
  BOOST_TEST(std::fabs(disc.total(0).area / (2 * M_PI) - 1) <= 1e-10);

  const Solved<3> ball("Dimension=3|Loss/Expression=0|Noise/Diffusion=1|Domain/Type=ball|"
                       "Domain/Radius=1",
                       1e-6, 4);
  BOOST_TEST(deviation(ball, 1 / (4 * M_PI)) <= 2e-3); // the error of the rate is of order 2k: 1e-6
  BOOST_TEST(std::fabs(ball.total(0).probability - 1) <= 1e-6);
  BOOST_TEST(std::fabs(ball.total(0).area / (4 * M_PI) - 1) <= 1e-8);
}

BOOST_AUTO_TEST_CASE(drift_to_one_side) {
  const Solved<2> solved("Loss/Expression=(x - 0.25)^2/2 + (y + 0.1)^2|Noise/Diffusion=0.05|"
                         "Domain/Type=ball|Domain/Radius=1",
                         1e-10, 8);
  const auto total = solved.total(0);
  BOOST_TEST_MESSAGE("sum of the exit density - 1: " << total.probability - 1);
  BOOST_TEST(std::fabs(total.probability - 1) <= 1e-12);

  const Point<2> center(0.25, -0.1);
  const auto samples =
    samples_along(pieces_of_side(connect(solved.faces), 0), center, boundary_rule(solved.degree));
  double before = 0, angle = -M_PI, probability = 0;
  for (const auto& sample : samples) {
    BOOST_TEST(sample.arc_length > before);
    BOOST_TEST(sample.angle > angle);
    before = sample.arc_length;
    angle = sample.angle;
    // The origin is on the left of the centre: where y = -0.1.
    const double expected =
      std::atan2(sample.sample.position[1], sample.sample.position[0]) + M_PI - std::asin(0.1);
    const double turn = std::remainder(sample.arc_length - expected, 2 * M_PI);
    BOOST_TEST(std::fabs(turn) <= 1e-4); // the origin is interpolated between two samples
    if (sample.sample.position[0] > 0)
      probability += sample.sample.weight * sample.sample.exit_density;
  }
  BOOST_TEST(before < 2 * M_PI);
  BOOST_TEST(probability > 0.99); // the side that is nearer
}

// The end of the neck absorbs, alone and all of it.
BOOST_AUTO_TEST_CASE(keyhole) {
  const Solved<2> solved(
    "Loss/Expression=0|Noise/Diffusion=1|Domain/Type=gmsh|Domain/Absorbing=2|Domain/Mesh=" +
      std::string(FOKKER_PLANCK_SOURCE_DIR "/problems/keyhole.msh"),
    1e-6, 4);
  // The fluxes add up to the rate but for rounding in the solve (found: 2.4e-12).
  BOOST_TEST(std::fabs(solved.total(1).probability - 1) <= 1e-11);
  BOOST_TEST(std::fabs(solved.total(1).area - 0.3) <= 1e-12);
  BOOST_TEST(solved.total(0).probability == 0); // reflecting

  const auto curves = connect(solved.faces);
  BOOST_TEST_REQUIRE(curves.size() == 1);
  BOOST_TEST(curves[0].size() == solved.faces.size());
  BOOST_TEST(pieces_of_side(curves, 0).size() == 1);
  const auto door = pieces_of_side(curves, 1);
  BOOST_TEST_REQUIRE(door.size() == 1);
  BOOST_TEST(door[0].front().ends[0].distance(Point<2>(std::sqrt(1 - 0.0225) + 0.6, -0.15)) <=
             1e-12);
  for (const auto& [sample, arc_length, angle] :
       samples_along(door, Point<2>(), boundary_rule(solved.degree)))
    BOOST_TEST(std::fabs(sample.position[1] + 0.15 - arc_length) <= 1e-12); // upwards
}

// A square with a square hole; two opposite edges of the outer one are one side, the hole another.
BOOST_AUTO_TEST_CASE(several_curves) {
  const auto outer = polygon({ { -2, -2 }, { 2, -2 }, { 2, 2 }, { -2, 2 } }, { 0, 1, 0, 1 });
  const auto hole = polygon({ { -1, -1 }, { -1, 1 }, { 1, 1 }, { 1, -1 } }, { 2, 2, 2, 2 });
  BoundaryCurve faces{ hole[2], outer[1], outer[3], hole[0], hole[1], outer[2], hole[3], outer[0] };
  const auto curves = connect(faces);
  BOOST_TEST_REQUIRE(curves.size() == 2);
  for (int i = 0; i < 4; ++i) {
    BOOST_TEST(curves[0][i].ends[0].distance(outer[i].ends[0]) == 0);
    BOOST_TEST(curves[1][i].ends[0].distance(hole[i].ends[0]) == 0);
  }

  const auto left_and_right = pieces_of_side(curves, 1);
  BOOST_TEST_REQUIRE(left_and_right.size() == 2);
  const auto along = samples_along(left_and_right, Point<2>(), polygon_rule);
  BOOST_TEST_REQUIRE(along.size() == 6);
  for (int i = 0; i < 6; ++i)
    BOOST_TEST(std::fabs(along[i].arc_length - 4 * (i / 3 + polygon_rule.point(i % 3)[0])) <=
               1e-13);
  BOOST_TEST(along[1].angle == 0);
  BOOST_TEST(std::fabs(along[4].angle) == M_PI);

  // Counter-clockwise, although the domain is then to the right.
  const auto around = samples_along(pieces_of_side(curves, 2), Point<2>(), polygon_rule);
  BOOST_TEST_REQUIRE(around.size() == 12);
  for (std::size_t i = 1; i < around.size(); ++i) {
    BOOST_TEST(around[i].angle > around[i - 1].angle);
    BOOST_TEST(around[i].arc_length > around[i - 1].arc_length);
  }
  BOOST_TEST(std::fabs(around.back().arc_length - 8) <= 1e-13); // (-1, 0)
}

// A plane cuts a ball in a circle.
BOOST_AUTO_TEST_CASE(slice_of_ball) {
  const auto problem = make_problem<3>(
    Settings{ "Dimension=3|Loss/Expression=0|Noise/Diffusion=1|Domain/Type=ball|Domain/Radius=1" });
  const auto mesh = make_mesh<3>(problem.domain, { { 4, 4, 4 } }, MPI_COMM_SELF);
  const Gauge<3> gauge(problem);
  const Discretization<3> discretization(
    problem, mesh, 1, explore(problem.domain, gauge, *problem.loss, problem.start));
  for (const unsigned int fixed : { 0, 1, 2 })
    for (const double at : { 0., 0.6 }) { // through vertices, and not
      std::istringstream table(slice_outline(problem.domain, discretization, fixed, at));
      std::string line;
      std::getline(table, line);
      BOOST_TEST(line == "curve,side,x,y,z");
      std::vector<Point<3>> ends;
      while (std::getline(table, line)) {
        const auto fields = split(line, ',');
        BOOST_TEST_REQUIRE(fields.size() == 5);
        BOOST_TEST(fields[0] == std::to_string(ends.size() / 2));
        BOOST_TEST(fields[1] == "boundary");
        ends.emplace_back(std::stod(fields[2]), std::stod(fields[3]), std::stod(fields[4]));
        BOOST_TEST(std::fabs(ends.back()[fixed] - at) <= 1e-14);
        BOOST_TEST(std::fabs(ends.back().norm() - 1) <= 5e-3); // triangles of size 0.1
      }
      double length = 0;
      for (std::size_t i = 0; i + 1 < ends.size(); i += 2)
        length += ends[i].distance(ends[i + 1]);
      const double circle = 2 * M_PI * std::sqrt(1 - at * at);
      BOOST_TEST(std::fabs(length / circle - 1) <= 5e-3);
    }
}

BOOST_AUTO_TEST_SUITE_END()
