// Lowest paths to sides and other valleys.
#include "problems/landscape/minimum_energy_path.h"

#include "problems/landscape/pass_network.h"

#include "test_shapes.h"
#include "tests/losses.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace fokker_planck;
using dealii::Point;
using dealii::Tensor;
using testing::Case;
using testing::make_problem;
using testing::muller_brown;
using testing::st;
using testing::st_root;

namespace {

template <int dim>
struct Paths {
  explicit Paths(const Problem<dim>& problem_, const double spacing = 1. / 400)
    : problem(problem_), gauge(problem),
      landscape(explore(problem.domain, gauge, *problem.loss, problem.start)),
      paths(minimum_energy_paths<dim>(problem.domain, gauge, *problem.loss, landscape,
                                      gauge.detailed_balance() ? problem.diffusion.get() : nullptr,
                                      spacing)) {}

  const CriticalPoint<dim>& highest(const MinimumEnergyPath<dim>& path) const {
    return landscape.critical_points.at(path.pieces.at(path.highest).critical_point);
  }

  /// All paths to a side, by its name.
  std::vector<MinimumEnergyPath<dim>> to_side(const std::string& name) const {
    std::vector<MinimumEnergyPath<dim>> found;
    for (const auto& path : paths)
      if (path.side >= 0 && problem.domain.side_name(path.side) == name) found.push_back(path);
    return found;
  }

  /// All paths to the well at a position.
  std::vector<MinimumEnergyPath<dim>> to_well(const Point<dim>& position) const {
    std::vector<MinimumEnergyPath<dim>> found;
    for (const auto& path : paths)
      if (path.well >= 0 && landscape.wells[path.well].distance(position) < 1e-3)
        found.push_back(path);
    return found;
  }

  const Problem<dim> problem;
  const Gauge<dim> gauge;
  const Landscape<dim> landscape;
  const std::vector<MinimumEnergyPath<dim>> paths;
};

/// What holds for every path: it joins the ends it names, rises to each pass and falls behind it,
/// and stays below the barrier.
template <int dim>
void check_consistent(const Paths<dim>& found) {
  const auto& landscape = found.landscape;
  for (const auto& path : found.paths) {
    const auto& points = path.points;
    BOOST_TEST_REQUIRE(!path.pieces.empty());
    BOOST_TEST((path.well >= 0) != (path.side >= 0));
    BOOST_TEST(points.front().position.distance(landscape.wells[0]) == 0);
    if (path.well >= 0)
      BOOST_TEST(points.back().position.distance(landscape.wells[path.well]) == 0);
    else
      BOOST_TEST(points.back().position.distance(
                   found.problem.domain.project(points.back().position, path.side).position) <=
                 0.01 * found.problem.domain.diameter());
    BOOST_TEST(path.pieces.front().from == 0);
    BOOST_TEST(path.pieces.back().to == path.well);
    for (const auto& piece : path.pieces) {
      BOOST_TEST(points[piece.begin].position.distance(landscape.wells[piece.from]) == 0);
      BOOST_TEST(points[piece.top].potential == piece.potential);
      const double rounding = 1e-12 * (1 + std::fabs(piece.potential));
      for (std::size_t k = piece.begin + 1; k <= piece.end; ++k) {
        const double rise = points[k].potential - points[k - 1].potential;
        BOOST_TEST_REQUIRE((k <= piece.top ? rise : -rise) >= -rounding);
        BOOST_TEST_REQUIRE(points[k].arc_length > points[k - 1].arc_length);
      }
    }
  }
}

/// The largest sine of the angle between a path and the flow D grad Psi at the middle of its
/// segments, except near wells and passes, where the flow vanishes.
template <int dim>
double largest_sine(const Paths<dim>& found, const MinimumEnergyPath<dim>& path) {
  double largest = 0;
  const double diameter = found.problem.domain.diameter();
  for (std::size_t k = 1; k < path.points.size(); ++k) {
    const auto& a = path.points[k - 1].position;
    const auto& b = path.points[k].position;
    const Point<dim> middle = a + 0.5 * (b - a);
    const auto is_near = [&](const Point<dim>& point) {
      return point.distance(middle) < 0.03 * diameter;
    };
    const auto& wells = found.landscape.wells;
    if (std::any_of(wells.begin(), wells.end(), is_near) ||
        std::any_of(path.pieces.begin(), path.pieces.end(),
                    [&](const auto& piece) { return is_near(path.points[piece.top].position); }))
      continue;
    std::vector<Tensor<1, dim>> gradient;
    std::vector<dealii::SymmetricTensor<2, dim>> diffusion;
    found.gauge.gradients({ middle }, gradient);
    found.problem.diffusion->tensors({ middle }, diffusion);
    const Tensor<1, dim> flow = diffusion[0] * gradient[0];
    const double cosine = std::fabs(flow * (b - a)) / (flow.norm() * (b - a).norm());
    largest = std::max(largest, std::sqrt(std::max(0., 1 - cosine * cosine)));
  }
  return largest;
}

} // namespace

BOOST_AUTO_TEST_SUITE(minimum_energy_path)

// Nodes 0, 1, 2 are wells, 3 and 4 sides.
BOOST_AUTO_TEST_CASE(network) {
  using Ways = std::vector<std::vector<int>>;
  const PassNetwork network(3, 5,
                            { { { 0, 1 }, 1 },     // 0
                              { { 1, 0 }, 1 },     // 1: parallel
                              { { 1, 2 }, 0.5 },   // 2
                              { { 2, 3 }, 1 },     // 3: as high as the first
                              { { 0, 3 }, 2 },     // 4
                              { { 0, 3 }, 0.25 } } // 5: below everything
  );
  BOOST_TEST(network.level(1) == 1);
  BOOST_TEST(network.level(2) == 1);
  BOOST_TEST(network.level(3) == 0.25);
  BOOST_TEST(network.level(4) == INFINITY);
  BOOST_TEST((network.lowest_ways(1, 1e-6) == Ways{ { 0 }, { 1 } })); // not through the side
  BOOST_TEST((network.lowest_ways(2, 1e-6) == Ways{ { 0, 2 }, { 1, 2 } }));
  BOOST_TEST((network.lowest_ways(3, 1e-6) == Ways{ { 5 } }));
  BOOST_TEST(network.lowest_ways(4, 1e-6).empty());

  // Levels are equal up to the tolerance, also in sequence.
  const PassNetwork steps(
    3, 4, { { { 0, 1 }, 1 }, { { 1, 2 }, 1 }, { { 2, 3 }, 0.5 }, { { 1, 3 }, 1 + 1e-9 } });
  BOOST_TEST((steps.lowest_ways(3, 1e-6) == Ways{ { 0, 1, 2 }, { 0, 3 } }));
  BOOST_TEST((steps.lowest_ways(2, 1e-6) == Ways{ { 0, 1 } }));
}

BOOST_AUTO_TEST_CASE(one_dimension) {
  const Paths<1> found(make_problem<1>({ "x^4/4 - x^2/2", "0.05", "-2.5", "2", "x- x+" }));
  check_consistent(found);
  BOOST_TEST_REQUIRE(found.paths.size() == 3);
  const auto& wells = found.landscape.wells;
  const auto across = found.to_well(wells[1]);
  BOOST_TEST_REQUIRE(across.size() == 1);
  BOOST_TEST(std::fabs(across[0].barrier - 0.25 / 0.05) <= 1e-12);
  BOOST_TEST(std::fabs(across[0].loss_barrier - 0.25) <= 1e-13);
  BOOST_TEST(std::fabs(across[0].length() - 2) <= 1e-12);
  const auto right = found.to_side("x+");
  BOOST_TEST_REQUIRE(right.size() == 1);
  BOOST_TEST(std::fabs(right[0].loss_barrier - 2.25) <= 1e-13);
  BOOST_TEST(right[0].points.back().position[0] == 2);
  BOOST_TEST(right[0].pieces.size() == (wells[0][0] > 0 ? 1 : 2));
}

BOOST_AUTO_TEST_CASE(muller_brown_valleys) {
  const Paths<2> found(
    make_problem<2>({ muller_brown, "15", "-1.5, -0.3", "1.2, 2", "x- x+ y- y+" }));
  check_consistent(found);
  const auto middle = found.to_well({ -0.050, 0.467 }), far = found.to_well({ 0.623, 0.028 });
  BOOST_TEST_REQUIRE(middle.size() == 1);
  BOOST_TEST_REQUIRE(far.size() == 1);
  BOOST_TEST(middle[0].pieces.size() == 1);
  BOOST_TEST_REQUIRE(far[0].pieces.size() == 2); // over two saddles in sequence
  BOOST_TEST(far[0].highest == 0);
  BOOST_TEST(far[0].barrier == middle[0].barrier);
  BOOST_TEST(found.highest(far[0]).position.distance(Point<2>(-0.822, 0.6243)) <= 1e-3);
  BOOST_TEST(std::fabs(far[0].loss_barrier - 106.0356) <= 1e-3); // published levels: 4 digits
  for (const auto& path : found.paths)
    BOOST_TEST(path.n_copies == 1);
}

BOOST_AUTO_TEST_CASE(tangency) {
  std::vector<double> sines;
  for (const double spacing : { 1. / 50, 1. / 100, 1. / 200, 1. / 400 }) {
    const Paths<2> found(
      make_problem<2>({ muller_brown, "15", "-1.5, -0.3", "1.2, 2", "x- x+ y- y+" }), spacing);
    sines.push_back(largest_sine(found, found.to_well({ 0.623, 0.028 }).at(0)));
    BOOST_TEST_MESSAGE("spacing " << spacing << ": largest sine " << sines.back());
  }
  BOOST_TEST(sines[3] < 0.01);
  BOOST_TEST(sines[3] < 0.3 * sines[1]);
}

// A tensor D bends the paths: they follow D grad Psi, with grad Psi = D^-1 grad L here.
BOOST_AUTO_TEST_CASE(tensor) {
  const Paths<2> found(testing::make_problem_in<2>(testing::ball<2>({ -0.5, 0.4 }, 1.3),
                                                   "x^2/2 + y^2", "0.06, 0; 0, 0.1"));
  BOOST_TEST(found.gauge.detailed_balance());
  check_consistent(found);
  BOOST_TEST_REQUIRE(found.paths.size() == 1);
  const auto& path = found.paths[0];
  BOOST_TEST(largest_sine(found, path) < 0.01);
  // dx/dt = -x, dy/dt = -2 y: y is proportional to x^2.
  const auto& exit = path.points.back().position;
  BOOST_TEST_REQUIRE(std::fabs(exit[1]) > 0.01);
  for (const auto& point : path.points)
    BOOST_TEST(std::fabs(point.position[1] - exit[1] * std::pow(point.position[0] / exit[0], 2)) <=
               1e-5);
}

BOOST_AUTO_TEST_CASE(styblinski_tang) {
  const std::string x = "0.5*(x^4 - 16*x^2 + 5*x)", y = "0.5*(y^4 - 16*y^2 + 5*y)",
                    z = "0.5*(z^4 - 16*z^2 + 5*z)";
  const Paths<2> plane(
    make_problem<2>({ x + "+" + y, "2", "-5, -5", "0.156731, 0.156731", "x+ y+" }));
  check_consistent(plane);
  BOOST_TEST_REQUIRE(plane.paths.size() == 2);
  const Paths<3> space(make_problem<3>(
    { x + "+" + y + "+" + z, "2", "-5, -5, -5", "0.156731, 0.156731, 0.156731", "x+ y+ z+" }));
  check_consistent(space);
  BOOST_TEST_REQUIRE(space.paths.size() == 3);
  const double barrier = st(st_root(0.16)) - st(st_root(-2.9));
  for (const auto& path : plane.paths) {
    BOOST_TEST(path.n_copies == 2);
    BOOST_TEST(std::fabs(path.loss_barrier - barrier) <= 1e-8);
    BOOST_TEST(std::fabs(path.length() - (st_root(0.16) - st_root(-2.9))) <= 1e-9); // straight
  }
  for (const auto& path : space.paths) {
    BOOST_TEST(path.n_copies == 3);
    BOOST_TEST(std::fabs(path.loss_barrier - barrier) <= 1e-8);
  }

  // To the well in the opposite corner lead two ways over two saddles each, the lower one first.
  const Paths<2> whole(make_problem<2>({ x + "+" + y, "2", "-5, -5", "5, 5", "all" }));
  check_consistent(whole);
  const auto ways = whole.to_well({ 2.7468, 2.7468 });
  BOOST_TEST_REQUIRE(ways.size() == 2);
  for (const auto& way : ways) {
    BOOST_TEST(way.n_copies == 2);
    BOOST_TEST(way.pieces.size() == 2);
    BOOST_TEST(way.highest == 1);
  }
}

// The levels are those of flooding a fine lattice (see tests/data).
template <int dim>
void check_barriers(const std::vector<std::map<std::string, std::string>>& rows) {
  const auto& first = rows[0];
  const Case text = { first.at("expression"), first.at("diffusion"), first.at("lower"),
                      first.at("upper"), first.at("absorbing") };
  const testing::Settings settings = { testing::to_settings(text).text +
                                       "|Domain/Start=" + first.at("start") };
  const Paths<dim> found(make_problem<dim>(settings));
  check_consistent(found);
  for (const auto& row : rows) {
    Point<dim> bottom;
    if (row.at("target") == "valley")
      for (int i = 0; i < dim; ++i)
        bottom[i] = std::stod(row.at(std::string(1, "xyz"[i])));
    const auto paths =
      row.at("target") == "valley" ? found.to_well(bottom) : found.to_side(row.at("target"));
    BOOST_TEST(!paths.empty(), "no path to " << row.at("target") << " " << bottom);
    const double barrier = std::stod(row.at("barrier"));
    for (const auto& path : paths)
      BOOST_TEST(std::fabs(path.loss_barrier - barrier) <= 1e-8 * (1 + barrier),
                 "barrier to " << row.at("target") << " " << bottom << ": " << path.loss_barrier
                               << ", expected " << barrier);
  }
}

BOOST_AUTO_TEST_CASE(lowest_barriers) {
  std::vector<std::vector<std::map<std::string, std::string>>> problems;
  for (const auto& row : testing::read_table("lowest_barriers.csv")) {
    const auto belongs = [&](const std::string& column) {
      return !problems.empty() && problems.back()[0].at(column) == row.at(column);
    };
    if (!belongs("expression") || !belongs("lower")) problems.emplace_back();
    problems.back().push_back(row);
  }
  BOOST_TEST(problems.size() == 14);
  for (const auto& rows : problems)
    BOOST_TEST_CONTEXT(rows[0].at("case") << " in (" << rows[0].at("lower") << ")") {
      const auto n_commas = std::count(rows[0].at("lower").begin(), rows[0].at("lower").end(), ',');
      if (n_commas == 0)
        check_barriers<1>(rows);
      else if (n_commas == 1)
        check_barriers<2>(rows);
      else
        check_barriers<3>(rows);
    }
}

// u -> -u and v -> -v leave the Maier-Stein loss as it is: two ways up the two sides.
BOOST_AUTO_TEST_CASE(maier_stein) {
  const std::string loss = "x^4/4 - x^2/2 + y^2/2 + x^2*y^2/2";
  const Paths<2> found(make_problem<2>({ loss, "0.01", "-2, -0.4", "0.5, 0.4", "x+ y- y+" }));
  check_consistent(found);
  BOOST_TEST_REQUIRE(found.paths.size() == 3);
  for (const std::string side : { "y-", "y+" }) {
    const auto ways = found.to_side(side);
    BOOST_TEST_REQUIRE(ways.size() == 1);
    BOOST_TEST(ways[0].n_copies == 2);
    // Along y = 0.4 the minimum is at x^2 = 1 - y^2 = 0.84.
    BOOST_TEST(std::fabs(ways[0].loss_barrier - (0.25 - 0.84 * 0.84 / 4 + 0.08)) <= 1e-12);
  }
  const auto out = found.to_side("x+");
  BOOST_TEST_REQUIRE(out.size() == 1);
  BOOST_TEST(std::fabs(out[0].loss_barrier - 0.25) <= 1e-12);
  BOOST_TEST(out[0].n_copies == 1);
}

// L = (r^2 - 1)^2 + 0.3 y^2: a maximum in the middle, wells at (-1, 0) and (1, 0), and two saddles
// above and below, where 4 y^2 = 4 - 0.6.
BOOST_AUTO_TEST_CASE(two_ways_around_a_maximum) {
  const std::string loss = "(x^2 + y^2 - 1)^2 + 0.3*y^2";
  const Paths<2> found(make_problem<2>({ loss, "0.02", "-2, -2", "2, 2", "x+" }));
  check_consistent(found);
  const auto ways = found.to_well(-1. * found.landscape.wells[0]);
  BOOST_TEST_REQUIRE(ways.size() == 2);
  const double y2 = 0.85, barrier = 0.0225 + 0.3 * y2;
  for (const auto& way : ways) {
    BOOST_TEST(way.n_copies == 2);
    BOOST_TEST(std::fabs(way.loss_barrier - barrier) <= 1e-12);
    BOOST_TEST(std::fabs(std::fabs(found.highest(way).position[1]) - std::sqrt(y2)) <= 1e-12);
    BOOST_TEST(largest_sine(found, way) < 0.01);
  }
  BOOST_TEST(found.highest(ways[0]).position[1] * found.highest(ways[1]).position[1] < 0);
}

// By symmetry the way down from an exit point may end at a saddle: then both wells below it have
// this way out.
BOOST_AUTO_TEST_CASE(over_a_saddle_to_an_exit) {
  const std::string loss = "x^4/4 - x^2/2 + y^2/2 + x^2*y^2/2";
  const Paths<2> found(make_problem<2>({ loss, "0.01", "-2, -1.2", "2, 1.2", "y+" }));
  check_consistent(found);
  const auto ways = found.to_side("y+");
  BOOST_TEST_REQUIRE(ways.size() == 1);
  BOOST_TEST(std::fabs(ways[0].loss_barrier - 0.97) <= 1e-12);
  BOOST_TEST(std::fabs(ways[0].length() - 2.2) <= 1e-3); // 1 up to the saddle, 1.2 to the exit
}

BOOST_AUTO_TEST_CASE(curved_boundary) {
  // From the exit of a disc, where the slope is steep, down to the minimum.
  const Paths<2> found(testing::make_problem_in<2>(
    testing::ball<2>({ -0.1, 0.05 }, 1.3), "0.5*x^2 + 1.5*y^2 + 0.4*x*y + 0.1*x^3", "0.05"));
  check_consistent(found);
  BOOST_TEST_REQUIRE(found.paths.size() == 1);
  const auto& path = found.paths[0];
  BOOST_TEST(found.highest(path).position.distance(path.points.back().position) == 0);
  BOOST_TEST(largest_sine(found, path) < 0.01);

  // Two valleys in a disc.
  const Paths<2> wells(testing::make_problem_in<2>(testing::ball<2>({ 0.1, 0 }, 1.7),
                                                   "x^4/4 - x^2/2 + 0.02*x + y^2/2", "0.02"));
  check_consistent(wells);
  BOOST_TEST(wells.to_well(wells.landscape.wells.at(1)).size() == 1);

  // L is constant along the boundary: no pass is isolated, but the barrier is known.
  const Paths<2> round(
    testing::make_problem_in<2>(testing::ball<2>({ 0, 0 }, 1.5), "(x^2 + y^2)/2", "0.05"));
  BOOST_TEST_REQUIRE(round.paths.size() == 1);
  BOOST_TEST(round.paths[0].pieces[0].critical_point == -1);
  BOOST_TEST(std::fabs(round.paths[0].loss_barrier - 1.125) <= 1e-12);
  BOOST_TEST(std::fabs(round.paths[0].length() - 1.5) <= 1e-9);
}

// Where the domain ends at a reflecting side before the saddle, the lowest way leads along that
// side: L = x^4/4 - x^2/2 + y/4 falls towards y = 0, with a saddle along it at x = 0.
BOOST_AUTO_TEST_CASE(along_a_reflecting_side) {
  const Paths<2> found(
    make_problem<2>({ "x^4/4 - x^2/2 + y/4 + 0.01*x", "0.02", "-2, 0", "2, 2", "x+" }));
  BOOST_TEST_REQUIRE(found.landscape.wells.size() == 2);
  const auto ways = found.to_well(found.landscape.wells[1]);
  BOOST_TEST_REQUIRE(ways.size() == 1);
  const double top = 0.010001000300120, left = -1.004962, right = 0.994962; // x^3 - x + 0.01 = 0
  const auto loss = [](const double x) { return x * x * x * x / 4 - x * x / 2 + 0.01 * x; };
  BOOST_TEST(ways[0].pieces.at(0).critical_point == -1);
  BOOST_TEST(std::fabs(ways[0].loss_barrier - (loss(top) - loss(left))) <= 1e-10);
  BOOST_TEST(std::fabs(ways[0].length() - (right - left)) <= 1e-4);
  for (const auto& point : ways[0].points)
    BOOST_TEST_REQUIRE(point.position[1] == 0);
}

BOOST_AUTO_TEST_SUITE_END()
