// Balls: volume and area, Jacobians, boundary.
#include "problems/geometry/ball.h"

#include "shape_checks.h"

#include <deal.II/base/numbers.h>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;
using dealii::numbers::PI;

namespace {

const std::vector<double> depths{ 0.3, 0.1, 0.02 };

template <int dim>
Point<dim> off_centre() {
  Point<dim> center;
  for (int i = 0; i < dim; ++i)
    center[i] = 1. - 0.7 * i;
  return center;
}

template <int dim>
void check_ball(const double volume, const double area) {
  constexpr double R = 1.5;
  const Ball<dim> ball(off_centre<dim>(), R);
  dealii::parallel::distributed::Triangulation<dim> mesh(MPI_COMM_SELF);
  ball.make_coarse_mesh(mesh, 2, depths);
  const unsigned int block = dim == 2 ? 4 : 8, layer = dim == 2 ? 8 : 24;
  BOOST_TEST(mesh.n_active_cells() == block + 5 * layer);

  for (const bool refined : { false, true }) {
    if (refined) {
      refine_locally(mesh);
      BOOST_TEST(mesh.has_hanging_nodes());
    }
    const auto measures = measure(ball, mesh, 10);
    BOOST_TEST_MESSAGE(
      "ball in " << dim << "-D, refined " << refined << ": volume " << measures.volume
                 << ", expected " << volume * std::pow(R, dim) << ", relative error "
                 << measures.volume / (volume * std::pow(R, dim)) - 1 << "; area " << measures.area
                 << ", relative error " << measures.area / (area * std::pow(R, dim - 1)) - 1
                 << "; least Jacobian " << measures.least_jacobian);
    // A mesh with hanging nodes has small gaps between polynomials of different cells.
    BOOST_TEST(measures.volume == volume * std::pow(R, dim), boost::test_tools::tolerance(1e-10));
    BOOST_TEST(measures.area == area * std::pow(R, dim - 1), boost::test_tools::tolerance(1e-10));
    BOOST_TEST(measures.least_jacobian > 0);
    BOOST_TEST(measures.normal_error < 1e-7);
  }
  check_boundary(ball, mesh, R);
}

} // namespace

BOOST_AUTO_TEST_SUITE(star_shapes)

BOOST_AUTO_TEST_CASE(ball_2d) {
  check_ball<2>(PI, 2 * PI);
}

BOOST_AUTO_TEST_CASE(ball_3d) {
  check_ball<3>(4 * PI / 3, 4 * PI);
}

BOOST_AUTO_TEST_CASE(map_is_continuous) {
  const Ball<2> ball(Point<2>(0, 0), 2);
  const double h = 1e-9;
  for (const double s : { 1. / 3, 0.65, 0.8 })
    for (double t = -1; t <= 1; t += 0.25) {
      const auto before = ball.to_physical(Point<2>(s - h, t * (s - h)));
      const auto behind = ball.to_physical(Point<2>(s + h, t * (s + h)));
      BOOST_TEST(before.distance(behind) < 20 * h);
      // across the border between two sectors
      BOOST_TEST(
        ball.to_physical(Point<2>(s, s - h)).distance(ball.to_physical(Point<2>(s - h, s))) <
        20 * h);
    }
}

BOOST_AUTO_TEST_CASE(inside_and_outside) {
  const Ball<3> ball(Point<3>(1, 0, 0), 2);
  BOOST_TEST(ball.contains(Point<3>(1, 0, 0)));
  BOOST_TEST(ball.contains(Point<3>(3, 0, 0)));
  BOOST_TEST(ball.contains(Point<3>(1, 1.999, 0)));
  BOOST_TEST(!ball.contains(Point<3>(1, 1.5, 1.5)));
  BOOST_TEST(!ball.contains(Point<3>(1, std::nan(""), 0)));
  const auto nearest = ball.project(Point<3>(1, 5, 0));
  BOOST_TEST(nearest.position.distance(Point<3>(1, 2, 0)) < 1e-14);
  BOOST_TEST(nearest.normal[1] == 1, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(nearest.curvature[0][0] == 0.5, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(ball.project(Point<3>(1, 0, 0)).position.distance(Point<3>(1, 0, 0)) == 2,
             boost::test_tools::tolerance(1e-14));
  BOOST_TEST(ball.description() == "the ball of radius 2 around (1, 0, 0)");
}

BOOST_AUTO_TEST_SUITE_END()
