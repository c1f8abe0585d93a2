// Where segments leave boxes, balls, level sets and meshes.
#include "problems/formula/expression.h"
#include "problems/geometry/ball.h"
#include "problems/geometry/box.h"
#include "problems/geometry/domain.h"
#include "problems/geometry/mesh_shape.h"
#include "problems/input/domain_input.h"
#include "problems/loss/expression_loss.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

using namespace fokker_planck;
using dealii::Point;
using dealii::Tensor;

namespace {

const BoundaryKind absorbing = BoundaryKind::absorbing, reflecting = BoundaryKind::reflecting;

/// Checks position, side, fraction and normal. tolerance: of all but the side.
template <int dim>
void check(const std::optional<typename Domain<dim>::Crossing>& crossing,
           const Point<dim>& position, const unsigned int side, const double fraction,
           const Tensor<1, dim>& normal, const double tolerance) {
  BOOST_TEST_REQUIRE(crossing.has_value());
  BOOST_TEST(crossing->position.distance(position) <= tolerance);
  BOOST_TEST(crossing->side == side);
  BOOST_TEST(std::fabs(crossing->fraction - fraction) <= tolerance);
  BOOST_TEST((crossing->normal - normal).norm() <= tolerance);
}

Tensor<1, 2> direction(const double x, const double y) {
  return Point<2>(x, y) / std::hypot(x, y);
}

} // namespace

BOOST_AUTO_TEST_SUITE(first_crossing)

BOOST_AUTO_TEST_CASE(of_a_box) {
  const auto box = Domain<2>::box({ -1, 0 }, { 3, 2 });
  check<2>(box.first_crossing({ 0, 1 }, { 4, 3 }), { 2, 2 }, 3, 0.5, direction(0, 1), 0);
  check<2>(box.first_crossing({ 0, 1 }, { 12, 2 }), { 3, 1.25 }, 1, 0.25, direction(1, 0), 0);
  BOOST_TEST(!box.first_crossing({ 0, 1 }, { -0.5, 0.25 }));
  // To the boundary, along it, and from it inwards.
  BOOST_TEST(!box.first_crossing({ 0, 1 }, { 3, 2 }));
  BOOST_TEST(!box.first_crossing({ 0, 2 }, { 2, 2 }));
  BOOST_TEST(!box.first_crossing({ 3, 2 }, { -1, 1 }));
  // From the boundary outwards; along a side beyond its end; from and to corners.
  check<2>(box.first_crossing({ 0, 2 }, { 1, 4 }), { 0, 2 }, 3, 0, direction(0, 1), 0);
  check<2>(box.first_crossing({ 1, 2 }, { 5, 2 }), { 3, 2 }, 1, 0.5, direction(1, 0), 0);
  check<2>(box.first_crossing({ 3, 2 }, { 4, 1 }), { 3, 2 }, 1, 0, direction(1, 0), 0);
  check<2>(box.first_crossing({ 2, 1 }, { 4, 3 }), { 3, 2 }, 1, 0.5, direction(1, 0), 0);
  const auto cube = Domain<3>::box({ 0, 0, 0 }, { 1, 1, 1 });
  check<3>(cube.first_crossing({ 0.5, 0.5, 0.5 }, { 0.5, 0.25, -0.5 }), { 0.5, 0.375, 0 }, 4, 0.5,
           -Point<3>::unit_vector(2), 0);
  const auto interval = Domain<1>::box(Point<1>(-1.), Point<1>(1.));
  check<1>(interval.first_crossing(Point<1>(0.), Point<1>(-4.)), Point<1>(-1.), 0, 0.25,
           -Point<1>::unit_vector(0), 0);
}

// Beyond reflecting sides the segment slides along them until it meets one that absorbs.
BOOST_AUTO_TEST_CASE(absorption_in_a_box) {
  const auto box =
    Domain<2>::box({ 0, 0 }, { 2, 2 }, { reflecting, absorbing, reflecting, reflecting });
  check<2>(box.first_absorption({ 1, 1 }, { 3, 5 }), { 2, 2 }, 1, 0.5, direction(1, 0), 0);
  BOOST_TEST(!box.first_absorption({ 1, 1 }, { 1.5, 5 }));
  BOOST_TEST((box.confine({ 1.5, 5 }) == Point<2>(1.5, 2)));
  BOOST_TEST((box.confine({ 1.5, 1 }) == Point<2>(1.5, 1)));
  const auto contacts = box.contacts({ 2, 2 });
  BOOST_TEST_REQUIRE(contacts.size() == 2);
  BOOST_TEST(contacts[0].side == 1);
  BOOST_TEST(contacts[1].side == 3);
  BOOST_TEST(box.contacts({ 2, 2 }, box.absorbing_sides()).size() == 1);
  BOOST_TEST(box.contacts({ 2 - 1e-15, 1 }).empty());
}

BOOST_AUTO_TEST_CASE(of_a_ball) {
  const auto ball = std::make_shared<Ball<2>>(Point<2>(1, 0), 2.);
  const Domain<2> disc(ball, { absorbing }, { -1, -2 }, { 3, 2 });
  check<2>(disc.first_crossing({ 1, 0 }, { 1, 8 }), { 1, 2 }, 0, 0.25, direction(0, 1), 1e-11);
  // Off the centre: from (2, 0) along (1, 1), (x - 1)^2 + y^2 = 4 at 1 + t = (1 + sqrt(7))/2.
  const double t = (std::sqrt(7.) - 1) / 2;
  check<2>(disc.first_absorption({ 2, 0 }, { 4, 2 }), { 2 + t, t }, 0, t / 2, direction(1 + t, t),
           1e-11); // rounding of what counts as inside is 1e-12
  BOOST_TEST(!disc.first_crossing({ 1, 0 }, { 3, 0 })); // ends on the boundary
  BOOST_TEST(!disc.first_crossing({ 3, 0 }, { 1, 2 })); // a chord
  check<2>(disc.first_crossing({ 3, 0 }, { 3, 1 }), { 3, 0 }, 0, 0, direction(1, 0),
           1e-5); // tangent
  const Domain<3> space(std::make_shared<Ball<3>>(Point<3>(), 1.), { absorbing }, { -1, -1, -1 },
                        { 1, 1, 1 });
  check<3>(space.first_crossing({ 0, 0, 0.5 }, { 0, 0, -1.5 }), { 0, 0, -1 }, 0, 0.75,
           -Point<3>::unit_vector(2), 1e-11);
}

// {x^2/2 + 2 y^2 < 2}: an ellipse with the half axes 2 and 1.
BOOST_AUTO_TEST_CASE(of_a_level_set) {
  DomainInput input;
  input.type = "level set";
  input.box = { "-3, -3", "3, 3" };
  input.level_set = { "2" };
  const auto ellipse =
    input.make<2>(std::make_shared<ExpressionLoss<2>>("x^2/2 + 2*y^2", FormulaNames(), 1.));
  check<2>(ellipse.first_absorption({ 0, 0 }, { 0, 4 }), { 0, 1 }, 0, 0.25, direction(0, 1), 1e-11);
  const double y = std::sqrt(3.) / 2; // at x = 1; the normal is that of (x, 4 y)
  check<2>(ellipse.first_crossing({ 1, 0 }, { 1, 2 }), { 1, y }, 0, y / 2, direction(1, 4 * y),
           1e-11);
  BOOST_TEST(!ellipse.first_crossing({ 1, 0 }, { 0, 0.9 }));
}

// The neck of the keyhole ends at x = sqrt(1 - w^2) + 0.6 and |y| = w = 0.15.
BOOST_AUTO_TEST_CASE(of_a_mesh) {
  const auto shape =
    std::make_shared<MeshShape<2>>(FOKKER_PLANCK_SOURCE_DIR "/problems/keyhole.msh");
  const Domain<2> keyhole(shape, { reflecting, absorbing }, { -1, -1 }, { 1.6, 1 });
  const double end = std::sqrt(1 - 0.15 * 0.15) + 0.6;
  check<2>(keyhole.first_crossing({ 1.2, 0 }, { 1.2, 0.3 }), { 1.2, 0.15 }, 0, 0.5, direction(0, 1),
           1e-8); // what counts as inside is 1e-10 of a cell
  check<2>(keyhole.first_crossing({ end - 0.1, 0 }, { end + 0.1, 0 }), { end, 0 }, 1, 0.5,
           direction(1, 0), 1e-8);
  BOOST_TEST(!keyhole.first_crossing({ 1.2, 0 }, { 1.2, 0.15 }));    // ends on the wall
  BOOST_TEST(!keyhole.first_crossing({ 1.2, 0.15 }, { 1.4, 0.15 })); // along it
  // Along the wall and through its end; from the corner inwards.
  const auto corner = keyhole.first_crossing({ end - 0.1, 0.15 }, { end + 0.1, 0.15 });
  BOOST_TEST_REQUIRE(corner.has_value());
  BOOST_TEST(corner->position.distance({ end, 0.15 }) <= 1e-8);
  BOOST_TEST(!keyhole.first_crossing({ end, 0.15 }, { 1.2, 0 }));
  // Against the wall, and slid along it: to its inside, or to the absorbing end.
  BOOST_TEST(!keyhole.first_absorption({ 1.2, 0 }, { 1.3, 0.3 }));
  BOOST_TEST(keyhole.confine({ 1.3, 0.3 }).distance({ 1.3, 0.15 }) <= 1e-14);
  const auto slid = keyhole.first_absorption({ 1.2, 0.1 }, { end + 0.2, 0.16 });
  BOOST_TEST_REQUIRE(slid.has_value());
  BOOST_TEST(slid->side == 1U);
  BOOST_TEST(keyhole.contacts({ 1.2, 0.15 }).size() == 1);
  BOOST_TEST(keyhole.contacts({ 1.2, 0.15 }, keyhole.absorbing_sides()).empty());
}

BOOST_AUTO_TEST_CASE(kinds_of_boundary) {
  const std::vector<std::string> sides = { "1", "2", "7" };
  const auto is = [&](const std::string& text, const std::vector<BoundaryKind>& kinds) {
    return parse_boundary(text, sides) == kinds;
  };
  BOOST_TEST(is("7, 1", { absorbing, reflecting, absorbing }));
  BOOST_TEST(is("\t2 ", { reflecting, absorbing, reflecting }));
  BOOST_TEST(is("all", { absorbing, absorbing, absorbing }));
  const auto box = std::make_shared<Box<1>>(Point<1>(0.), Point<1>(1.));
  const auto make = [&](const std::vector<BoundaryKind>& kinds) {
    return Domain<1>(box, kinds, Point<1>(0.), Point<1>(1.));
  };
  BOOST_CHECK_NO_THROW(make({ absorbing, reflecting }));
  BOOST_CHECK_THROW(make({ absorbing }), std::invalid_argument);
  BOOST_CHECK_THROW(make({ BoundaryKind::periodic, BoundaryKind::periodic }),
                    std::invalid_argument);
}

// A ball as the interval of its radius.
BOOST_AUTO_TEST_CASE(radial_interval) {
  const auto ball = Domain<1>::parse_radial("2", "2.5");
  BOOST_TEST(ball.is_box());
  BOOST_TEST(ball.is_radial());
  BOOST_TEST(ball.dimension() == 2.5);
  BOOST_TEST(ball.coordinate_name(0) == "r");
  BOOST_TEST(ball.side_name(0) == "r-");
  BOOST_TEST(ball.side_name(1) == "r+");
  BOOST_TEST(!ball.absorbs(0));
  BOOST_TEST(ball.absorbs(1));
  BOOST_TEST(ball.upper[0] == 2);
  const auto interval = Domain<1>::box(Point<1>(0.), Point<1>(2.));
  BOOST_TEST(!interval.is_radial());
  BOOST_TEST(interval.dimension() == 1);
  BOOST_TEST(interval.side_name(1) == "x+");
}

BOOST_AUTO_TEST_SUITE_END()
