// The domain: sides, geometry and input.
#include "problems/geometry/domain.h"

#include "problems/base/input_error.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using dealii::Point;

namespace {

template <int dim>
void check_error(const std::string& lower, const std::string& upper, const std::string& absorbing,
                 const std::string& beginning, const std::string& part) {
  BOOST_TEST_CONTEXT(lower << " | " << upper << " | " << absorbing)
    BOOST_CHECK_EXCEPTION(
      Domain<dim>::parse(lower, upper, absorbing), InputError, [&](const InputError& error) {
        const std::string text = error.what();
        BOOST_TEST_INFO(text);
        return text.find(beginning) == 0 && text.find(part) != std::string::npos;
      });
}

} // namespace

BOOST_AUTO_TEST_SUITE(box)

BOOST_AUTO_TEST_CASE(sides) {
  const char* names[] = { "x-", "x+", "y-", "y+", "z-", "z+" };
  const auto domain = Domain<3>::parse("-1, -2, -3", "4, 5, 6", "x+ z-");
  const double coordinates[] = { -1, 4, -2, 5, -3, 6 };
  for (unsigned int side = 0; side < 6; ++side) {
    BOOST_TEST(domain.side_name(side) == names[side]);
    BOOST_TEST(Domain<3>::direction(side) == side / 2);
    BOOST_TEST(Domain<3>::outward(side) == (names[side][1] == '+' ? 1. : -1.));
    BOOST_TEST(domain.coordinate(side) == coordinates[side]);
    BOOST_TEST(domain.absorbs(side) == (side == 1 || side == 4));
  }
}

BOOST_AUTO_TEST_CASE(geometry) {
  const auto domain = Domain<2>::parse("-1, 2", "2, 6", "all");
  BOOST_TEST(domain.length(0) == 3);
  BOOST_TEST(domain.length(1) == 4);
  BOOST_TEST(domain.diameter() == 5); // 3-4-5 triangle: exact
  BOOST_TEST((domain.center() == Point<2>(0.5, 4)));
  BOOST_TEST(domain.contains(Point<2>(2, 2)));
  BOOST_TEST(!domain.contains(Point<2>(2.01, 3)));
  BOOST_TEST(domain.contains(Point<2>(2.01, 3), 0.02));
  BOOST_TEST(!domain.contains(Point<2>(0, 1.9), 0.02));
  BOOST_TEST(!domain.contains(Point<2>(std::nan(""), 3)));
  BOOST_TEST((domain.clamp(Point<2>(-7, 7)) == Point<2>(-1, 6)));
  BOOST_TEST((domain.clamp(Point<2>(1, 3)) == Point<2>(1, 3)));
}

BOOST_AUTO_TEST_CASE(good_input) {
  const auto domain = Domain<2>::parse(" -1.5e1 ,+.5", "2., 3\t", "  y-,x+ \t x+ ");
  BOOST_TEST((domain.lower == Point<2>(-15, 0.5)));
  BOOST_TEST((domain.upper == Point<2>(2, 3)));
  for (unsigned int side = 0; side < 4; ++side)
    BOOST_TEST(domain.absorbs(side) == (side == 1 || side == 2));
  BOOST_TEST(domain.absorbing_sides() == 6U);
  for (unsigned int side = 0; side < 4; ++side)
    BOOST_TEST(Domain<2>::parse("0, 0", "1, 1", "all").absorbs(side));
}

BOOST_AUTO_TEST_CASE(wrong_input) {
  const std::string needed = "comma-separated number";
  check_error<2>("0", "1, 1", "all", "Domain/Lower: got '0', but ", needed);
  check_error<2>("0, 0, 0", "1, 1", "all", "Domain/Lower: got '0, 0, 0', but ", needed);
  check_error<1>("", "1", "all", "Domain/Lower: got '', but ", needed);
  check_error<1>("0", "", "all", "Domain/Upper: got '', but ", needed);
  for (const std::string number :
       { "one", "1e999", "nan", "inf", "0x1", "1 2", "1e", "--1", "+-1" })
    check_error<1>("-5", number, "all", "Domain/Upper: got '" + number + "', but ",
                   "finite number");
  check_error<2>("0, ", "1, 1", "all", "Domain/Lower: got '0,', but ", "finite number");
  const std::string exceed = "each component must exceed that of Domain/Lower";
  check_error<2>("0, 1", "1, 1", "all", "Domain/Upper: got '1, 1', but ", exceed);
  check_error<2>("2, 0", "1, 1", "all", "Domain/Upper: got '1, 1', but ", exceed);
  check_error<1>("0", "1", "y-", "Domain/Absorbing: got 'y-', but ", "'y-' is not a side");
  check_error<2>("0, 0", "1, 1", "x+ right", "Domain/Absorbing: got 'x+ right', but ",
                 "'right' is not a side: all or any of x- x+ y- y+ (");
  check_error<2>("0, 0", "1, 1", "X+", "Domain/Absorbing: got 'X+', but ", "'X+' is not a side");
  for (const std::string none : { "none", "", "  " })
    check_error<1>("0", "1", none, "Domain/Absorbing: got '" + none + "', but ",
                   "at least one absorbing side: all or any of x- x+ (");
  check_error<2>("0, 0", "1, 1", "none x+", "Domain/Absorbing: ", "'none' is not a side");
  check_error<2>("0, 0", "1, 1", "all x+", "Domain/Absorbing: ", "all excludes everything else");
  check_error<2>("0, 0", "1, 1", "x+ all", "Domain/Absorbing: ", "all excludes everything else");
  check_error<1>("0", "1", "periodic", "Domain/Absorbing: ", "'periodic' is not a side");
}

BOOST_AUTO_TEST_SUITE_END()
