// Critical points, exit points, levels and basins.
#include "problems/landscape/landscape.h"

#include "problems/geometry/lattice.h"

#include "tests/losses.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace fokker_planck;
using dealii::Point;
using testing::Case;
using testing::make_problem;
using testing::muller_brown;
using testing::st;
using testing::st_root;

namespace {

template <int dim>
struct Explored {
  explicit Explored(const Problem<dim>& problem_)
    : problem(problem_), gauge(problem),
      landscape(explore(problem.domain, gauge, *problem.loss, problem.start)) {}

  std::vector<CriticalPoint<dim>> all(const typename CriticalPoint<dim>::Kind kind) const {
    std::vector<CriticalPoint<dim>> points;
    for (const auto& point : landscape.critical_points)
      if (point.kind == kind) points.push_back(point);
    return points;
  }

  /// The well at a position, -2 if there is none within 1e-6.
  int well_at(const Point<dim>& position) const {
    for (std::size_t w = 0; w < landscape.wells.size(); ++w)
      if (landscape.wells[w].distance(position) < 1e-6) return static_cast<int>(w);
    return -2;
  }

  const Problem<dim> problem;
  const Gauge<dim> gauge;
  const Landscape<dim> landscape;
};

using Kind1 = CriticalPoint<1>::Kind;
using Kind2 = CriticalPoint<2>::Kind;

const std::string double_well = "x^4/4 - x^2/2";
const std::string styblinski_tang = "0.5*(x^4 - 16*x^2 + 5*x) + 0.5*(y^4 - 16*y^2 + 5*y)";

/// Minima (index 0) and saddles (index 1) by Newton's iteration from all points of a fine lattice
/// at which |grad L|^2 is not larger than at the eight neighbours.
std::vector<Point<2>> scan(const Problem<2>& problem, const int index) {
  const int n = 400;
  const Domain<2>& box = problem.domain;
  const auto points = lattice(box, n);
  std::vector<dealii::Tensor<1, 2>> gradients;
  std::vector<dealii::SymmetricTensor<2, 2>> hessians;
  problem.loss->gradients(points, gradients);
  std::vector<double> squares;
  for (const auto& gradient : gradients)
    squares.push_back(gradient.norm_square());
  std::vector<Point<2>> found;
  for (int j = 0; j <= n; ++j)
    for (int i = 0; i <= n; ++i) {
      bool lowest = true;
      for (int b = std::max(j - 1, 0); b <= std::min(j + 1, n); ++b)
        for (int a = std::max(i - 1, 0); a <= std::min(i + 1, n); ++a)
          lowest = lowest && squares[i + (n + 1) * j] <= squares[a + (n + 1) * b];
      if (!lowest) continue;
      Point<2> x = points[i + (n + 1) * j];
      double last = 1;
      for (int step = 0; step < 8; ++step) {
        std::vector<dealii::Tensor<1, 2>> g;
        problem.loss->gradients({ x }, g);
        problem.loss->hessians({ x }, hessians);
        const auto h = hessians[0];
        const double det = h[0][0] * h[1][1] - h[0][1] * h[0][1];
        const Point<2> newton((h[1][1] * g[0][0] - h[0][1] * g[0][1]) / det,
                              (h[0][0] * g[0][1] - h[0][1] * g[0][0]) / det);
        last = newton.norm();
        x -= newton;
      }
      if (!(last < 1e-10) || !box.contains(x)) continue;
      const auto h = hessians[0];
      const double det = h[0][0] * h[1][1] - h[0][1] * h[0][1];
      const int negative = det < 0 ? 1 : h[0][0] < 0 ? 2 : 0;
      const bool known = std::any_of(found.begin(), found.end(),
                                     [&](const Point<2>& p) { return p.distance(x) < 1e-6; });
      if (negative == index && !known) found.push_back(x);
    }
  return found;
}

/// Every point of the scan is in the list and nothing else is. Both are polished by Newton's
/// iteration to rounding of positions of order one divided by curvatures of order one.
void check_complete(const Explored<2>& explored) {
  for (const int index : { 0, 1 }) {
    const auto expected = scan(explored.problem, index);
    const auto listed = explored.all(index == 0 ? Kind2::minimum : Kind2::saddle);
    BOOST_TEST(listed.size() == expected.size());
    for (const auto& point : expected)
      BOOST_TEST(std::count_if(listed.begin(), listed.end(), [&](const auto& other) {
                   return other.position.distance(point) < 1e-10;
                 }) == 1);
  }
}

void check_leads_to(const CriticalPoint<2>& point, std::vector<int> expected) {
  std::vector<int> wells;
  for (const auto& end : point.leads_to)
    wells.push_back(end.well);
  std::sort(wells.begin(), wells.end());
  std::sort(expected.begin(), expected.end());
  BOOST_TEST(wells == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(landscape)

BOOST_AUTO_TEST_CASE(double_well_1d) {
  const double d = 0.05;
  const Explored<1> explored(make_problem<1>({ double_well, "0.05", "-2.5", "2", "x+" }));
  const auto& points = explored.landscape.critical_points;
  BOOST_TEST_REQUIRE(points.size() == 4);
  const auto minima = explored.all(Kind1::minimum), saddles = explored.all(Kind1::saddle),
             exits = explored.all(Kind1::exit);
  BOOST_TEST_REQUIRE(minima.size() == 2);
  BOOST_TEST_REQUIRE(saddles.size() == 1);
  BOOST_TEST_REQUIRE(exits.size() == 1);
  for (const auto& point : minima) { // Newton's iteration ends at rounding
    BOOST_TEST(std::fabs(std::fabs(point.position[0]) - 1) <= 1e-14);
    BOOST_TEST(std::fabs(point.loss + 0.25) <= 1e-14);
    BOOST_TEST(std::fabs(point.potential + 0.25 / d) <= 1e-13);
    BOOST_TEST(std::fabs(point.hessian_eigenvalues.at(0) - 2) <= 1e-13);
    BOOST_TEST(std::fabs(point.potential_eigenvalues.at(0) - 2 / d) <= 1e-12);
    BOOST_TEST(point.leads_to.empty());
  }
  BOOST_TEST(minima[0].position[0] * minima[1].position[0] < 0);
  BOOST_TEST(std::fabs(saddles[0].position[0]) <= 1e-14);
  BOOST_TEST(std::fabs(saddles[0].hessian_eigenvalues.at(0) + 1) <= 1e-13);
  BOOST_TEST_REQUIRE(saddles[0].leads_to.size() == 2);
  BOOST_TEST(saddles[0].leads_to[0].well + saddles[0].leads_to[1].well == 1); // 0 and 1
  BOOST_TEST(saddles[0].leads_to[0].well * saddles[0].leads_to[1].well == 0);
  BOOST_TEST(std::fabs(saddles[0].leads_to[0].potential + 0.25 / d) <= 1e-12);

  // L rises to 2 at x = 2; only the right valley has a way there.
  BOOST_TEST(exits[0].position[0] == 2);
  BOOST_TEST(exits[0].loss == 2);
  BOOST_TEST(exits[0].hessian_eigenvalues.empty());
  BOOST_TEST_REQUIRE(exits[0].leads_to.size() == 1);
  BOOST_TEST(exits[0].leads_to[0].well == explored.well_at(Point<1>(1)));
  BOOST_TEST(exits[0].sides == std::vector<unsigned int>{ 1 }, boost::test_tools::per_element());

  // Basins meet at the saddle, to two spacings 4.5/2000 of the lattice.
  const auto& watershed = explored.landscape.watershed;
  for (const double x : { -2.4, -1., -0.3, -0.005 })
    BOOST_TEST(watershed.basin(Point<1>(x)) == explored.well_at(Point<1>(-1)));
  for (const double x : { 0.005, 0.3, 1., 1.9 })
    BOOST_TEST(watershed.basin(Point<1>(x)) == explored.well_at(Point<1>(1)));
}

BOOST_AUTO_TEST_CASE(styblinski_tang_2d) {
  const Explored<2> explored(make_problem<2>({ styblinski_tang, "2", "-5, -5", "5, 5", "all" }));
  const double left = st_root(-2.9), top = st_root(0.16), right = st_root(2.75);
  const auto minima = explored.all(Kind2::minimum), saddles = explored.all(Kind2::saddle);
  BOOST_TEST(minima.size() == 4);
  BOOST_TEST(saddles.size() == 4);
  check_complete(explored);
  BOOST_TEST(explored.landscape.wells.size() == 4);
  BOOST_TEST(explored.well_at({ left, left }) == 0); // the deepest
  for (const auto& point : saddles) {
    const bool along_x = std::fabs(point.position[0] - top) < 0.1;
    const double other = point.position[along_x ? 1 : 0];
    const double valley = other < 0 ? left : right;
    BOOST_TEST(std::fabs(point.position[along_x ? 0 : 1] - top) <= 1e-13); // rounding of 1
    BOOST_TEST(std::fabs(other - valley) <= 1e-13);
    BOOST_TEST(std::fabs(point.loss - st(top) - st(valley)) <= 1e-12); // rounding of 100
    BOOST_TEST(std::fabs(point.hessian_eigenvalues.at(0) - (6 * top * top - 16)) <= 1e-11);
    BOOST_TEST(std::fabs(point.hessian_eigenvalues.at(1) - (6 * valley * valley - 16)) <= 1e-11);
    const auto well = [&](const double a) {
      return explored.well_at(along_x ? Point<2>(a, valley) : Point<2>(valley, a));
    };
    check_leads_to(point, { well(left), well(right) });
  }
  // L rises towards every side, with two valleys along each: eight exits and no others.
  const auto exits = explored.all(Kind2::exit);
  BOOST_TEST(exits.size() == 8);
  for (const auto& point : exits)
    BOOST_TEST(point.sides.size() == 1);
}

BOOST_AUTO_TEST_CASE(muller_brown_surface) {
  const Explored<2> explored(
    make_problem<2>({ muller_brown, "15", "-1.5, -0.3", "1.2, 2", "x- x+ y- y+" }));
  const auto minima = explored.all(Kind2::minimum), saddles = explored.all(Kind2::saddle);
  check_complete(explored);
  BOOST_TEST_REQUIRE(minima.size() == 3);
  BOOST_TEST_REQUIRE(saddles.size() == 2);
  // Published to three or four digits.
  const struct {
    CriticalPoint<2> point;
    Point<2> position;
    double loss;
  } known[] = { { minima[0], { -0.558, 1.442 }, -146.70 },
                { minima[1], { 0.623, 0.028 }, -108.17 },
                { minima[2], { -0.050, 0.467 }, -80.77 },
                { saddles[0], { 0.2124, 0.2930 }, -72.25 },
                { saddles[1], { -0.822, 0.6243 }, -40.66 } };
  for (const auto& [point, position, loss] : known) {
    BOOST_TEST(point.position.distance(position) <= 1e-3);
    BOOST_TEST(std::fabs(point.loss - loss) <= 1e-2);
    BOOST_TEST(std::fabs(point.potential - point.loss / 15) <= 1e-13);
  }
  for (int w = 0; w < 3; ++w)
    BOOST_TEST(explored.well_at(minima[w].position) == w);
  check_leads_to(saddles[0],
                 { explored.well_at(minima[1].position), explored.well_at(minima[2].position) });
  check_leads_to(saddles[1],
                 { explored.well_at(minima[0].position), explored.well_at(minima[2].position) });
}

// A box without absorbing sides is explored as any other, but nothing leads out.
BOOST_AUTO_TEST_CASE(no_absorption) {
  auto problem = make_problem<2>(Case{ "x^4/4 - x^2/2 + y^2", "0.1", "-2, -1", "1.5, 1", "x+" });
  const Gauge<2> gauge(problem);
  const Watershed<2> open(problem.domain, gauge);
  BOOST_TEST(std::isfinite(open.exit_level({ -1, 0 })));
  problem.domain.boundary.assign(4, BoundaryKind::reflecting);
  const Watershed<2> closed(problem.domain, gauge);
  BOOST_TEST(closed.exit_level({ -1, 0 }) == INFINITY);
  BOOST_TEST(closed.lowest_point().distance(open.lowest_point()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
