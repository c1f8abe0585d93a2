// Ways out of a valley: exit points, wells on reflecting sides, the exit level and the start.
#include "problems/landscape/landscape.h"

#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using dealii::Point;
using testing::make_problem;

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

const std::string double_well = "x^4/4 - x^2/2";

} // namespace

BOOST_AUTO_TEST_SUITE(exits)

// On the side x = 1: L = 1 + y^2 + y/2 with its minimum at y = -1/4 and slope 2 - 1/8 across.
BOOST_AUTO_TEST_CASE(tilted_well_on_a_slope) {
  using Kind = CriticalPoint<2>::Kind;
  const auto landscape =
    explored(make_problem<2>({ "x^2 + y^2 + 0.5*x*y", "0.1", "-3, -2", "1, 2", "x+" }));
  const auto exits = all(landscape, Kind::exit);
  BOOST_TEST_REQUIRE(exits.size() == 1);
  BOOST_TEST(exits[0].position[0] == 1);
  BOOST_TEST(std::fabs(exits[0].position[1] + 0.25) <= 1e-14); // rounding
  BOOST_TEST(std::fabs(exits[0].loss - 0.9375) <= 1e-14);
  BOOST_TEST(std::fabs(exits[0].potential - 9.375) <= 1e-13);
  BOOST_TEST(exits[0].sides == std::vector<unsigned int>{ 1 }, boost::test_tools::per_element());
  BOOST_TEST_REQUIRE(exits[0].hessian_eigenvalues.size() == 1);
  BOOST_TEST(std::fabs(exits[0].hessian_eigenvalues[0] - 2) <= 1e-14);
  BOOST_TEST_REQUIRE(exits[0].leads_to.size() == 1);
  BOOST_TEST(exits[0].leads_to[0].well == 0);
  BOOST_TEST(all(landscape, Kind::minimum).size() == 1);
  BOOST_TEST(all(landscape, Kind::saddle).empty());
  BOOST_TEST(landscape.start == 0);
}

// Where L falls towards an absorbing side there is no exit point; an exit may lie on an edge that
// reflects.
BOOST_AUTO_TEST_CASE(where_exits_lie) {
  using Kind = CriticalPoint<2>::Kind;
  const auto falling =
    explored(make_problem<2>({ "x^2 + y^2 - 4*x", "0.1", "-1, -1", "1, 1", "x+" }));
  BOOST_TEST(all(falling, Kind::exit).empty());
  const auto on_edge = all(
    explored(make_problem<2>({ "x^2 + y^2 - 4*y", "0.1", "-2, -2", "1, 1", "x+" })), Kind::exit);
  BOOST_TEST_REQUIRE(on_edge.size() == 1);
  BOOST_TEST((on_edge[0].position == Point<2>(1, 1)));
  // Two absorbing sides: the corner is no minimum within either.
  const auto corner =
    all(explored(make_problem<2>({ "x^2 + y^2", "0.1", "-2, -2", "1, 1", "x+ y+" })), Kind::exit);
  BOOST_TEST(corner.size() == 2);
  for (const auto& point : corner)
    BOOST_TEST(std::fabs(point.loss - 1) <= 1e-14); // (1, 0) and (0, 1)
}

// The minimum within a reflecting side towards which L falls is a well, but not a minimum inside.
BOOST_AUTO_TEST_CASE(well_on_a_reflecting_side) {
  const auto landscape = explored(make_problem<2>({ "x + y^2", "0.1", "-1, -1", "1, 1", "x+" }));
  BOOST_TEST_REQUIRE(landscape.wells.size() == 1);
  BOOST_TEST(landscape.wells[0].distance(Point<2>(-1, 0)) <= 1e-14); // rounding
  BOOST_TEST(landscape.start == -1);
  BOOST_TEST(std::fabs(landscape.lowest_potential + 10) <= 1e-13);
  const auto exits = all(landscape, CriticalPoint<2>::Kind::exit);
  BOOST_TEST_REQUIRE(exits.size() == 1);
  BOOST_TEST(exits[0].position.distance(Point<2>(1, 0)) <= 1e-14);
  BOOST_TEST_REQUIRE(exits[0].leads_to.size() == 1);
  BOOST_TEST(exits[0].leads_to[0].well == 0);

  const auto corner = explored(make_problem<2>({ "x + y", "0.1", "-1, -1", "1, 1", "x+" }));
  BOOST_TEST_REQUIRE(corner.wells.size() == 1);
  BOOST_TEST((corner.wells[0] == Point<2>(-1, -1)));
}

// The level is that of the highest lattice point of the best lattice path; the lattice has 2000,
// 240 or 48 intervals. Near the saddle Psi rises by at most |H| h^2/2 within a spacing h.
BOOST_AUTO_TEST_CASE(exit_level) {
  const double d = 0.05;
  const auto line = explored(make_problem<1>({ double_well, "0.05", "-2.5", "1", "x+" }));
  BOOST_TEST(std::fabs(line.exit_level) <= 0.5 / d * std::pow(3.5 / 2000, 2));
  BOOST_TEST(std::fabs(line.lowest_potential + 0.25 / d) <= 1e-13); // rounding

  const auto plane = explored(
    make_problem<2>({ double_well + " + y^2 + 0.3*x*y", "0.05", "-2.5, -2", "1, 2.1", "x+" }));
  BOOST_TEST(std::fabs(plane.exit_level) <= (2.2 * 0.5 / d) * 2 * std::pow(4.1 / 240, 2));

  const auto space = explored(make_problem<3>(
    { double_well + " + y^2 + z^2", "0.05", "-2.5, -2, -2", "0.8, 2.1, 2.1", "x+" }));
  BOOST_TEST(std::fabs(space.exit_level) <= (2 * 0.5 / d) * 3 * std::pow(4.1 / 48, 2));
  BOOST_TEST(all(space, CriticalPoint<3>::Kind::minimum).size() == 1);
  BOOST_TEST(all(space, CriticalPoint<3>::Kind::saddle).size() == 1);

  // A way out at another side is lower: over the slope at x = -1.25, not the saddle.
  const auto slope = explored(make_problem<1>({ double_well, "0.05", "-1.25", "1", "all" }));
  const double wall = (std::pow(1.25, 4) / 4 - std::pow(1.25, 2) / 2) / d;
  BOOST_TEST(std::fabs(slope.exit_level - wall) <= 1e-12); // a lattice point: rounding
}

BOOST_AUTO_TEST_CASE(basins) {
  const auto plane =
    explored(make_problem<2>({ double_well + " + y^2", "0.05", "-2.5, -2", "2.5, 2", "y+" }));
  BOOST_TEST_REQUIRE(plane.wells.size() == 2);
  const int left = plane.wells[0][0] < 0 ? 0 : 1;
  for (const double y : { -1.5, 0., 0.5 }) { // spacing 5/240 = 0.02
    BOOST_TEST(plane.watershed.basin(Point<2>(-0.05, y)) == left);
    BOOST_TEST(plane.watershed.basin(Point<2>(-1.5, y)) == left);
    BOOST_TEST(plane.watershed.basin(Point<2>(0.05, y)) == 1 - left);
    BOOST_TEST(plane.watershed.basin(Point<2>(1.5, y)) == 1 - left);
  }
  BOOST_TEST(plane.watershed.basin(Point<2>(-1, 2)) == Watershed<2>::outside);

  // Beyond the saddle everything falls to the absorbing side.
  const auto line = explored(make_problem<1>({ double_well, "0.05", "-2.5", "0.8", "x+" }));
  BOOST_TEST(line.watershed.basin(Point<1>(-0.005)) == 0); // spacing 0.0017
  BOOST_TEST(line.watershed.basin(Point<1>(0.005)) == Watershed<1>::outside);
}

BOOST_AUTO_TEST_CASE(start) {
  const std::string tilted = double_well + " + 0.1*x"; // deeper on the left
  Problem<1> problem = make_problem<1>({ tilted, "0.05", "-2.5", "2.5", "x+" });
  auto landscape = explored(problem);
  BOOST_TEST_REQUIRE(landscape.wells.size() == 2);
  BOOST_TEST(landscape.wells[0][0] < 0);
  BOOST_TEST(landscape.start == 0); // minima are listed by ascending loss
  for (const double x : { 0.3, 0.9, 2.4 }) {
    problem.start = Point<1>(x);
    landscape = explored(problem);
    BOOST_TEST(landscape.wells[0][0] > 0);
    BOOST_TEST(landscape.wells[1][0] < 0);
    BOOST_TEST(landscape.start == 1);
    BOOST_TEST(landscape.critical_points[landscape.start].position[0] == landscape.wells[0][0]);
    BOOST_TEST(landscape.lowest_potential ==
               landscape.critical_points[0].potential); // of all wells
  }
  problem.start = Point<1>(-0.2);
  BOOST_TEST(explored(problem).wells[0][0] < 0);
}

BOOST_AUTO_TEST_SUITE_END()
