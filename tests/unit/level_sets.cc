// Level sets: volume, boundary, and what is refused.
#include "problems/base/input_error.h"
#include "problems/input/domain_input.h"
#include "problems/loss/expression_loss.h"

#include "shape_checks.h"
#include "tests/losses.h"

#include <deal.II/base/numbers.h>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;
using dealii::numbers::PI;

namespace {

const std::vector<double> depths{ 0.3, 0.1, 0.02 };

struct Input {
  std::string loss, lower, upper, level, start = {};
};

template <int dim>
Problem<dim> make(const Input& input) {
  Problem<dim> problem;
  problem.loss = std::make_shared<ExpressionLoss<dim>>(input.loss, FormulaNames(), 1.);
  DomainInput domain;
  domain.type = "level set";
  domain.box = { input.lower, input.upper };
  domain.level_set.level = input.level;
  domain.start = input.start;
  problem.domain = domain.make<dim>(problem.loss);
  problem.start = domain.make_start<dim>(problem.domain);
  return problem;
}

template <int dim>
void check_volume(const Input& input, const unsigned int n, const double volume,
                  const double tolerance) {
  BOOST_TEST_CONTEXT(input.loss << ", level " << input.level) {
    const auto problem = make<dim>(input);
    const auto& shape = *problem.domain.shape;
    dealii::parallel::distributed::Triangulation<dim> mesh(MPI_COMM_SELF);
    shape.make_coarse_mesh(mesh, n, depths);
    refine_locally(mesh);
    const auto measures = measure(shape, mesh, 10);
    BOOST_TEST_MESSAGE(shape.description()
                       << ": volume " << measures.volume << ", expected " << volume
                       << ", relative error " << measures.volume / volume - 1 << ", least Jacobian "
                       << measures.least_jacobian);
    BOOST_TEST(measures.volume == volume, boost::test_tools::tolerance(tolerance));
    BOOST_TEST(measures.least_jacobian > 0);
    if (input.level != "saddle") BOOST_TEST(measures.normal_error < std::sqrt(tolerance));
  }
}

template <int dim>
void check_error(const Input& input, const std::string& beginning, const std::string& part) {
  BOOST_TEST_CONTEXT(input.loss << ", level " << input.level)
    BOOST_CHECK_EXCEPTION(make<dim>(input), InputError, [&](const InputError& error) {
      const std::string text = error.what();
      BOOST_TEST_MESSAGE(text);
      return text.find(beginning) == 0 && text.find(part) != std::string::npos;
    });
}

const std::string double_well = "x^4/4 - x^2/2 + y^2"; // saddle at 0, minima -1/4 at x = -1 and 1

/// The area of the part x < 0 of {double well < -(1-f)/4}, from 2 sqrt(level - x^4/4 + x^2/2); the
/// substitution x^2 = 1 + f^(1/2) cos(t) makes it periodic.
double area_of_well(const double f) {
  constexpr unsigned int n = 2000;
  const double r = std::sqrt(f);
  double sum = 0;
  for (unsigned int i = 0; i < n; ++i) {
    const double t = PI * (i + 0.5) / n;
    sum += r * std::sin(t) * std::sin(t) * r / (2 * std::sqrt(1 + r * std::cos(t)));
  }
  return sum * PI / n;
}

/// The same in 3-D with z^2 (1 + x/4) added: ellipses of area pi (f - (x^2 - 1)^2)/4/(1 +
/// x/4)^(1/2).
double volume_of_well(const double f) {
  constexpr unsigned int n = 200000;
  const double r = std::sqrt(f);
  double sum = 0;
  for (unsigned int i = 0; i < n; ++i) {
    const double t = PI * (i + 0.5) / n, x = -std::sqrt(1 + r * std::cos(t));
    sum += std::pow(r * std::sin(t), 3) / (-8 * x * std::sqrt(1 + x / 4));
  }
  return sum * PI * PI / n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(level_sets)

BOOST_AUTO_TEST_CASE(ellipse) {
  // x^T H x/2 < 1.5 with det H = 4 * 1 - 1
  check_volume<2>({ "2*(x-1)^2 + (x-1)*y + y^2/2 + 7", "-3, -4", "5, 4", "8.5" }, 2,
                  PI * 3 / std::sqrt(3.), 1e-12);
  check_volume<3>({ "2*x^2 + x*y + y^2/2 + 8*z^2", "-3, -4, -2", "3, 4, 2", "1.5" }, 2,
                  4 * PI / 3 * std::pow(3., 1.5) / std::sqrt(48.), 1e-11);
}

BOOST_AUTO_TEST_CASE(below_a_saddle) {
  check_volume<2>({ double_well, "-2, -2", "2, 2", "0.5 saddle", "-1, 0" }, 4, area_of_well(0.5),
                  1e-12);
  check_volume<2>({ double_well, "-2, -2", "2, 2", "0.9*saddle", "-1, 0" }, 8, area_of_well(0.9),
                  1e-12);
  // a corner at the saddle, where the mesh has a vertex; the area is 4/3 sqrt(1/2)
  check_volume<2>({ double_well, "-2, -2.1", "2.2, 2", "saddle", "-1, 0" }, 4,
                  4. / 3 * std::sqrt(0.5), 1e-12);
}

BOOST_AUTO_TEST_CASE(below_a_saddle_3d) {
  const std::string loss = double_well + " + z^2*(1 + x/4)";
  const std::string lower = "-2, -2, -2", upper = "2, 2, 2", start = "-1, 0, 0";
  check_volume<3>({ loss, lower, upper, "0.5 saddle", start }, 2, volume_of_well(0.5), 1e-9);
  check_volume<3>({ loss, lower, upper, "0.9 saddle", start }, 2, volume_of_well(0.9), 1e-6);
  check_volume<3>({ loss, lower, upper, "saddle", start }, 2, volume_of_well(1), 1e-5);
}

/// Far from any quadratic, with other minima around.
BOOST_AUTO_TEST_CASE(mueller_brown) {
  const std::string& loss = testing::muller_brown;
  for (const std::string level : { "0.5 saddle", "0.9 saddle" }) {
    const auto domain = make<2>({ loss, "-1.7, -0.5", "1.3, 2.2", level }).domain;
    dealii::parallel::distributed::Triangulation<2> mesh(MPI_COMM_SELF);
    domain.shape->make_coarse_mesh(mesh, 8, depths);
    const auto measures = measure(*domain.shape, mesh, 10);
    const auto finer = measure(*domain.shape, mesh, 12);
    BOOST_TEST_MESSAGE(domain.shape->description()
                       << ": volume " << finer.volume << ", change "
                       << measures.volume / finer.volume - 1 << ", least Jacobian "
                       << measures.least_jacobian << ", error of normals " << finer.normal_error);
    BOOST_TEST(measures.volume == finer.volume, boost::test_tools::tolerance(1e-10));
    BOOST_TEST(measures.least_jacobian > 0);
    BOOST_TEST(finer.normal_error < 1e-6);
  }
  // The valley is bent: the saddle is out of sight.
  check_error<2>({ loss, "-1.7, -0.5", "1.3, 2.2", "saddle" }, "Domain/Level: got 'saddle', but ",
                 "is not star-shaped about the minimum (-0.558224, 1.44173)");
}

BOOST_AUTO_TEST_CASE(flat_minimum) {
  // the Hessian at the minimum is no guide to the shape
  check_volume<2>({ "x^4 + y^4", "-2, -3", "2, 2", "1" }, 6,
                  4 * std::pow(std::tgamma(1.25), 2) / std::tgamma(1.5), 1e-10);
}

BOOST_AUTO_TEST_CASE(boundary) {
  const auto two = make<2>({ double_well, "-2, -2", "2, 2", "0.8 saddle", "-1, 0" });
  dealii::parallel::distributed::Triangulation<2> mesh_2d(MPI_COMM_SELF);
  two.domain.shape->make_coarse_mesh(mesh_2d, 4, depths);
  check_boundary(*two.domain.shape, mesh_2d, 1.);

  const auto three = make<3>(
    { double_well + " + z^2*(1 + x/4)", "-2, -2, -2", "2, 2, 2", "0.5 saddle", "-1, 0, 0" });
  dealii::parallel::distributed::Triangulation<3> mesh_3d(MPI_COMM_SELF);
  three.domain.shape->make_coarse_mesh(mesh_3d, 2, depths);
  check_boundary(*three.domain.shape, mesh_3d, 1.);
}

BOOST_AUTO_TEST_CASE(bounding_box) {
  const auto domain = make<2>({ double_well, "-2, -2", "2, 2", "0.5 saddle", "-1, 0" }).domain;
  const double r = std::sqrt(0.5);
  BOOST_TEST(domain.lower[0] == -std::sqrt(1 + r), boost::test_tools::tolerance(1e-13));
  BOOST_TEST(domain.upper[0] == -std::sqrt(1 - r), boost::test_tools::tolerance(1e-13));
  BOOST_TEST(domain.upper[1] == std::sqrt(0.125), boost::test_tools::tolerance(1e-13));
  BOOST_TEST(domain.lower[1] == -std::sqrt(0.125), boost::test_tools::tolerance(1e-13));
  BOOST_TEST(domain.n_sides() == 1);
  BOOST_TEST(domain.absorbs(0));
  BOOST_TEST(domain.side_name(0) == "boundary");
  BOOST_TEST(domain.shape->description().find("the level set L < -0.125 around (-1") == 0);
}

BOOST_AUTO_TEST_CASE(interval) {
  const std::string loss = "x^4/4 - x^2/2";
  const auto domain = make<1>({ loss, "-2", "2", "saddle", "-1" }).domain;
  BOOST_TEST(domain.is_box());
  BOOST_TEST(domain.lower[0] == -std::sqrt(2.), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(std::fabs(domain.upper[0]) < 1e-14);
  BOOST_TEST(domain.absorbs(0));
  BOOST_TEST(domain.absorbs(1));
  const auto half = make<1>({ loss, "-2", "2", "-0.125", "-1" }).domain;
  BOOST_TEST(half.upper[0] == -std::sqrt(1 - std::sqrt(0.5)), boost::test_tools::tolerance(1e-14));
  const auto three = make<1>({ "0.5 + x^2", "-2", "2.1", "3 minimum" }).domain;
  BOOST_TEST(three.upper[0] == 1, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(wrong_input) {
  const auto refuse = [](const std::string& level, const std::string& part,
                         const std::string& loss = double_well,
                         const std::string& start = "-1, 0") {
    check_error<2>({ loss, "-2, -2", "2, 2", level, start },
                   "Domain/Level: got '" + level + "', but ", part);
  };
  for (const std::string garbage : { "", "high", "0.9 saddles", "saddle 0.9", "x saddle", "minimum",
                                     "* saddle", "0.9 * * saddle", "nan", "1e400", "-1.2.3" })
    refuse(garbage, "a number is needed, or saddle, a fraction of the barrier such as 0.9 saddle");
  refuse("0 saddle", "between 0 and 1");
  refuse("1.1 saddle", "between 0 and 1");
  refuse("1 minimum", "must be > 1");
  refuse("2 minimum", "needs a positive loss there, not L = -0.25");
  refuse("-0.25", "must lie above the minimum L = -0.25");
  refuse("-1", "must lie above the minimum L = -0.25");
  refuse("saddle", "no saddle was found that leads out of the valley", "x^2 + y^2", "");
  refuse("8", "reaches beyond Domain/Lower, Upper at (");
  refuse("8", "the lowest saddle is at L = ");
  refuse("5", "no saddle was found", "x^2 + y^2", "");
  refuse("0.01", "is not star-shaped about the minimum (-1, 0)");
  refuse("1", "no minimum of the loss was found", "x + y", "");
  check_error<2>({ "(1 - x)^2 + 20*(y - x^2)^2", "-2, -2", "3, 5", "1" },
                 "Domain/Level: got '1', but ", "is not star-shaped about the minimum (1, 1)");
  check_error<2>({ double_well, "-2, -2", "2, 2", "-0.2", "-0.2, 0" },
                 "Domain/Start: got '-0.2, 0', but ",
                 "must lie inside the domain, the level set L < -0.2 around (-1, 0)");
  check_error<2>({ double_well, "-2, -2", "2, 2", "-0.2", "-3, 0" },
                 "Domain/Start: got '-3, 0', but ", "must lie inside");
  check_error<2>({ double_well, "", "2, 2", "-0.2" }, "Domain/Lower: got '', but ", "numbers");
}

BOOST_AUTO_TEST_SUITE_END()
