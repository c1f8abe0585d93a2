// The reference potential Psi: detailed balance, derivatives and errors.
#include "solver/potential/gauge.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"
#include "problems/diffusion/constant_diffusion.h"
#include "problems/geometry/lattice.h"
#include "problems/loss/expression_loss.h"
#include "tests/solve.h"

#include "tests/finite_differences.h"
#include "tests/random_points.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

using fokker_planck::testing::difference;
using fokker_planck::testing::random_points;

namespace {

struct Row {
  std::string loss, diffusion;
  bool balanced;
};

template <int dim>
Problem<dim> make(const Row& row) {
  const std::string lower[] = { "-1.7", "-1.7, -1.2", "-1.7, -1.2, -1" };
  const std::string upper[] = { "1.1", "1.1, 1.5", "1.1, 1.5, 2" };
  return testing::make_problem<dim>(
    { row.loss, row.diffusion, lower[dim - 1], upper[dim - 1], "x+" });
}

/// A separable loss and a diagonal D, both turned by the same angle in the plane.
Problem<2> rotated(const double degrees, const double coupling) {
  const double c = std::cos(degrees * M_PI / 180), s = std::sin(degrees * M_PI / 180);
  const double d1 = 0.7, d2 = 0.2;
  Problem<2> problem = make<2>({ "0", "1", true });
  problem.loss = std::make_shared<ExpressionLoss<2>>(
    "(c*x + s*y)^4/4 - (c*x + s*y)^2/2 + (c*y - s*x)^2 + e*(c*x + s*y)*(c*y - s*x)",
    FormulaNames{ { { "c", c }, { "s", s }, { "e", coupling } } }, 1);
  const std::string off = format_number(c * s * (d1 - d2));
  problem.diffusion = std::make_shared<ConstantDiffusion<2>>(
    format_number(c * c * d1 + s * s * d2) + "," + off + ";" + off + "," +
    format_number(s * s * d1 + c * c * d2));
  return problem;
}

/// w = grad L - D grad Psi, zero where detailed balance holds.
template <int dim>
void check_mismatch(const Problem<dim>& problem, const bool balanced) {
  const Gauge<dim> gauge(problem);
  BOOST_TEST(gauge.detailed_balance() == balanced);
  const auto points = random_points(problem.domain, 50);
  std::vector<Tensor<1, dim>> loss, psi, mismatches;
  std::vector<SymmetricTensor<2, dim>> diffusion;
  problem.loss->gradients(points, loss);
  problem.diffusion->tensors(points, diffusion);
  gauge.gradients(points, psi);
  gauge.mismatches(points, diffusion, mismatches);
  double largest = 0;
  for (std::size_t q = 0; q < points.size(); ++q) {
    const Tensor<1, dim> difference = loss[q] - diffusion[q] * psi[q];
    largest = std::max(largest, difference.norm());
    if (balanced)
      BOOST_TEST(mismatches[q].norm() == 0);
    else // the same formula: a few roundings
      BOOST_TEST((mismatches[q] - difference).norm() <= 1e-14 * (1 + loss[q].norm()));
  }
  if (balanced)
    BOOST_TEST(largest <= 1e-12); // rounding of terms up to 50, with rounded projectors
  else
    BOOST_TEST(largest >= 1e-2); // far above rounding: the losses are coupled by 0.3 and more
}

template <int dim>
void check_derivatives(const Problem<dim>& problem) {
  const Gauge<dim> gauge(problem);
  const auto points = random_points(problem.domain, 20);
  std::vector<Tensor<1, dim>> gradients;
  std::vector<SymmetricTensor<2, dim>> hessians;
  gauge.gradients(points, gradients);
  gauge.hessians(points, hessians);
  for (std::size_t q = 0; q < points.size(); ++q)
    for (int i = 0; i < dim; ++i) {
      const auto f = [&](const Point<dim>& x) {
        std::vector<double> values;
        gauge.values({ x }, values);
        return values.at(0);
      };
      const auto g = [&](const Point<dim>& x) {
        std::vector<Tensor<1, dim>> values;
        gauge.gradients({ x }, values);
        return values.at(0);
      };
      // Truncation 1e-12/30 times fifth derivatives, rounding 1e-13, of quantities up to 1e3.
      BOOST_TEST(std::fabs(gradients[q][i] - difference<dim>(f, points[q], i)) <= 1e-9);
      const auto column = difference<dim>(g, points[q], i);
      for (int j = 0; j < dim; ++j)
        BOOST_TEST(std::fabs(hessians[q][i][j] - column[j]) <= 1e-9);
    }
}

const std::string separable = "x^4/4 - x^2/2 + y^2", coupled = separable + " + 0.3*x*y";
const std::string in_space = separable + " + cos(z)";

const Row plane[] = { { separable, "0.4", true },
                      { coupled, "0.4", true },
                      { coupled, "0.4, 0; 0, 0.4", true },
                      { separable, "0.4, 0; 0, 0.1", true },
                      { coupled, "0.4, 0; 0, 0.1", false },
                      { separable, "0.4, 0.1; 0.1, 0.3", false },
                      { separable + " + 1e-7*x^2*y", "0.4, 0; 0, 0.1", false },
                      { "0", "0.4, 0.1; 0.1, 0.3", true } };
const Row space[] = { { in_space + " + x*y*z", "0.5", true },
                      { in_space, "0.5, 0, 0; 0, 0.2, 0; 0, 0, 0.3", true },
                      { in_space + " + 0.3*x*y", "0.5, 0, 0; 0, 0.5, 0; 0, 0, 0.3", true },
                      { in_space + " + 0.3*x*z", "0.5, 0, 0; 0, 0.5, 0; 0, 0, 0.3", false },
                      { in_space + " + 0.3*y*z", "0.5, 0, 0; 0, 0.2, 0; 0, 0, 0.3", false } };

} // namespace

BOOST_AUTO_TEST_SUITE(gauge)

BOOST_AUTO_TEST_CASE(detailed_balance) {
  check_mismatch(make<1>({ "x^4/4 - x^2/2", "0.1", true }), true);
  for (const Row& row : plane)
    BOOST_TEST_CONTEXT(row.loss << " | " << row.diffusion) {
      if (row.loss.find("1e-7") == std::string::npos)
        check_mismatch(make<2>(row), row.balanced);
      else // a coupling of relative size 1e-7 is seen
        BOOST_TEST(Gauge<2>(make<2>(row)).detailed_balance() == row.balanced);
    }
  for (const Row& row : space)
    BOOST_TEST_CONTEXT(row.loss << " | " << row.diffusion)
      check_mismatch(make<3>(row), row.balanced);
  for (const double degrees : { 30., -75., 45. }) {
    check_mismatch(rotated(degrees, 0), true);
    check_mismatch(rotated(degrees, 0.3), false);
  }
}

BOOST_AUTO_TEST_CASE(derivatives) {
  check_derivatives(make<1>({ "x^4/4 - x^2/2", "0.1", true }));
  for (const Row& row : plane)
    BOOST_TEST_CONTEXT(row.loss << " | " << row.diffusion) check_derivatives(make<2>(row));
  for (const Row& row : space)
    BOOST_TEST_CONTEXT(row.loss << " | " << row.diffusion) check_derivatives(make<3>(row));
  check_derivatives(rotated(30, 0));
  check_derivatives(rotated(30, 0.3));
}

// Psi itself: L/D for scalar D, L over the harmonic mean of the eigenvalues without balance.
BOOST_AUTO_TEST_CASE(values) {
  const struct {
    Row row;
    double divisor;
  } cases[] = { { plane[1], 0.4 }, { plane[4], 2 / (1 / 0.4 + 1 / 0.1) } };
  for (const auto& [row, divisor] : cases) {
    const auto problem = make<2>(row);
    const auto points = random_points(problem.domain, 20);
    std::vector<double> losses, potentials;
    problem.loss->values(points, losses);
    Gauge<2>(problem).values(points, potentials);
    for (std::size_t q = 0; q < points.size(); ++q)
      BOOST_TEST(std::fabs(potentials[q] - losses[q] / divisor) <= 1e-13); // rounding of up to 40
  }
}

BOOST_AUTO_TEST_CASE(loss_is_not_finite) {
  const auto problem = make<2>({ "log(x) + y^2", "1", true });
  std::vector<double> values;
  BOOST_CHECK_EXCEPTION(Gauge<2>(problem).values({ { 0.5, 0 }, { -0.25, 1.5 } }, values),
                        InputError, [](const InputError& error) {
                          const std::string text = error.what();
                          BOOST_TEST_INFO(text);
                          return text.find("Loss/Expression: ") == 0 &&
                                 text.find("(-0.25, 1.5)") != std::string::npos &&
                                 text.find("finite") != std::string::npos;
                        });
  Gauge<2>(problem).values({ { 0.5, 0 } }, values);
  BOOST_TEST(std::fabs(values.at(0) - std::log(0.5)) <= 1e-15); // one rounding
}

BOOST_AUTO_TEST_CASE(lattice_points) {
  const auto box = Domain<2>::parse("-1, 0.1", "2, 0.7", "all");
  const auto points = lattice(box, 3);
  BOOST_TEST_REQUIRE(points.size() == 16);
  BOOST_TEST((points.front() == box.lower));
  BOOST_TEST((points.back() == box.upper));                          // exactly on the side
  BOOST_TEST(points[1 + 4 * 2].distance(Point<2>(0, 0.5)) <= 1e-15); // one rounding
}

BOOST_AUTO_TEST_SUITE_END()
