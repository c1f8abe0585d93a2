// The noise models: tensors against formulas written out here, divergences against differences.
#include "tests/unit/noise_cases.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;
using dealii::Tensor;

namespace {

template <int dim>
Matrix<dim> hessian(const Problem<dim>& problem, const Point<dim>& point) {
  std::vector<Matrix<dim>> hessians;
  problem.loss->hessians({ point }, hessians);
  return hessians.at(0);
}

template <int dim>
double loss(const Problem<dim>& problem, const Point<dim>& point) {
  std::vector<double> losses;
  problem.loss->values({ point }, losses);
  return losses.at(0);
}

template <int dim>
void check_frozen() {
  const auto problem = make<dim>(well_with<dim>(frozen + "|Noise/Learning rate=0.02"));
  BOOST_TEST(problem.diffusion->is_constant());
  const Matrix<dim> expected = 0.01 * well_hessian<dim>(2);
  for (const auto& point : random_points(problem.domain, 5)) {
    // The minimum is found to rounding; the third derivative there is -6.
    BOOST_TEST((tensor(problem, point) - expected).norm() <= 1e-13 * expected.norm());
    BOOST_TEST(divergence(problem, point).norm() == 0);
  }
}

/// D is positive definite and (D / (eta_B/2))^2 = H^2 + eps^2, which defines it.
template <int dim>
void check_absolute(const Problem<dim>& problem, const std::vector<Point<dim>>& points,
                    const double half_scale, const double floor) {
  for (const auto& point : points) {
    const Matrix<dim> d = tensor(problem, point);
    const Tensor<2, dim> f(d / half_scale), h(hessian(problem, point));
    const Tensor<2, dim> expected =
      h * h + floor * floor * Tensor<2, dim>(dealii::unit_symmetric_tensor<dim>());
    BOOST_TEST((f * f - expected).norm() <= 1e-14 * expected.norm()); // rounded eigenvectors
    BOOST_TEST(d[0][0] > 0); // the leading minors (Sylvester)
    if constexpr (dim > 1) BOOST_TEST(d[0][0] * d[1][1] > d[0][1] * d[0][1]);
    if constexpr (dim > 2) BOOST_TEST(determinant(d) > 0);
    if constexpr (dim == 2)
      BOOST_TEST((d - half_scale * absolute(hessian(problem, point), floor)).norm() <=
                 1e-14 * d.norm()); // a dozen roundings
  }
}

template <int dim>
void check_absolute_model() {
  const auto problem = make<dim>(
    well_with<dim>(absolute_type + "|Noise/Learning rate=0.02|Noise/Floor=0.5",
                   dim == 1   ? " + 0.1*x^3"
                   : dim == 2 ? " + 0.1*x^3 + 0.3*x*y^2 - 0.1*y^3"
                              : " + 0.1*x^3 + 0.3*x*y^2 - 0.1*y^3 + 0.2*x*y*z + 0.1*z^2*y"));
  BOOST_TEST(!problem.diffusion->is_constant());
  const auto points = random_points(problem.domain, 30);
  check_absolute(problem, points, 0.01, 0.5);
  // Truncation 1e-12/30 times the fifth derivative of (h^2 + 1/4)^(1/2), up to 2e5 D.
  check_divergences(problem, points, 1e-8, 0.01);
}

template <int dim>
void check_two_temperature() {
  const double s = 0.4, width = 0.03;
  const auto problem = make<dim>(
    well_with<dim>(two_temperature + "|Noise/Learning rate=0.02|Noise/Path parameter s=0.4"
                                     "|Noise/Transition width=0.03"));
  BOOST_TEST(!problem.diffusion->is_constant());
  Matrix<dim> at_saddle;
  if constexpr (dim == 1)
    at_saddle[0][0] = 1;
  else if constexpr (dim == 2)
    at_saddle = absolute(well_hessian<2>(-1));
  else {
    // |H| = H sign(H), the sign by Newton's iteration X <- (X + X^-1)/2 from H (Higham).
    const Tensor<2, dim> h(well_hessian<dim>(-1));
    Tensor<2, dim> sign = h;
    for (int i = 0; i < 20; ++i)
      sign = 0.5 * (sign + invert(sign));
    at_saddle = symmetrize(h * sign);
  }
  const Matrix<dim> inverse_a = invert(well_hessian<dim>(2)), inverse_b = invert(at_saddle);
  auto points = random_points(problem.domain, 20);
  for (int i = 0; i < 20; ++i) { // across the transition: L_s = -0.15 at x = -0.606
    Point<dim> point;
    point[0] = -0.68 + 0.007 * i;
    if (dim > 1) point[1] = 0.4 * point[0] + 0.02;
    points.push_back(point);
  }
  int n_between = 0;
  for (const auto& point : points) {
    const double level = -0.25 + s * 0.25;
    const double sigma = 0.5 * (1 + std::erf((loss(problem, point) - level) / width));
    n_between += sigma > 0.1 && sigma < 0.9;
    const Matrix<dim> expected = 0.01 * invert((1 - sigma) * inverse_a + sigma * inverse_b);
    // The level is as good as the minimum and the saddle, whose loss is stationary; 1 + erf cancels
    // in the tail.
    BOOST_TEST((tensor(problem, point) - expected).norm() <= 1e-13 * expected.norm(), point);
  }
  BOOST_TEST(n_between >= 5);
  // Truncation 1e-12/30 times fifth derivatives of an error function of width 0.1 and more.
  check_divergences(problem, points, 1e-6, 0.01);
}

template <int dim>
void check_proportional() {
  const auto problem =
    make<dim>(well_with<dim>(proportional + "|Noise/Learning rate=0.02|Noise/Floor=0.4"));
  BOOST_TEST(!problem.diffusion->is_constant());
  const auto points = random_points(problem.domain, 20);
  for (const auto& point : points) {
    const Matrix<dim> expected = 0.02 * (loss(problem, point) + 0.4) * well_hessian<dim>(2);
    BOOST_TEST((tensor(problem, point) - expected).norm() <= 1e-13 * expected.norm());
  }
  check_divergences(problem, points, 1e-11, 0.01); // a quartic: rounding 1e-13 of 1/step
}

} // namespace

BOOST_AUTO_TEST_SUITE(noise_models)

BOOST_AUTO_TEST_CASE(frozen_hessian) {
  check_frozen<1>();
  check_frozen<2>();
  check_frozen<3>();
}

BOOST_AUTO_TEST_CASE(absolute_hessian) {
  check_absolute_model<1>();
  check_absolute_model<2>();
  check_absolute_model<3>();
}

// H = I at the origin, where its eigenvalues cross, and 1e-9 apart beside it. There F = (1 +
// eps^2)^(1/2) I and dF = dH / (1 + eps^2)^(1/2).
BOOST_AUTO_TEST_CASE(crossing_eigenvalues) {
  const double floor = 0.75, f = 1.25; // (1 + floor^2)^(1/2)
  const std::string noise = absolute_type + "|Noise/Learning rate=2|Noise/Floor=0.75";
  {
    const auto problem = make<2>("Loss/Expression=x^2/2 + y^2/2 + x*y^2 + x^3/2"
                                 "|Domain/Lower=-0.2, -0.2|Domain/Upper=0.2, 0.2" +
                                 noise);
    // H = ((1 + 3x, 2y), (2y, 1 + 2x))
    const std::vector<Point<2>> points = { { 0, 0 },         { 1e-9, 0 },     { -1e-9, 0 },
                                           { 0, 2.5e-10 },   { 0, -2.5e-10 }, { 1e-9, 1e-9 },
                                           { 1e-16, 1e-16 }, { 1e-5, 2e-6 },  { 1e-3, 1e-3 } };
    check_absolute(problem, points, 1., floor);
    check_divergences(problem, points, 1e-9, 1); // truncation 1e-12/30 of fifth derivatives
    BOOST_TEST((tensor(problem, points[0]) - f * identity<2>()).norm() <= 1e-15); // one rounding
    for (int q = 0; q < 7; ++q) // grad (tr H) = (5, 0); the points are within 2e-9 of the origin
      BOOST_TEST((divergence(problem, points[q]) - Tensor<1, 2>({ 5 / f, 0 })).norm() <= 1e-7);
  }
  {
    const auto problem = make<3>("Loss/Expression=(x^2 + y^2 + z^2)/2 + x*y*z + x^3/6 + y*z^2"
                                 "|Domain/Lower=-0.2, -0.2, -0.2|Domain/Upper=0.2, 0.2, 0.2" +
                                 noise);
    const std::vector<Point<3>> points = { { 0, 0, 0 },         { 1e-9, 0, 0 },
                                           { 0, -1e-9, 0 },     { 1e-9, 1e-9, 1e-9 },
                                           { 0, 5e-10, -3e-9 }, { 1e-3, 1e-3, 1e-3 },
                                           { 0, 0, 1e-2 },      { -1e-2, -1e-2, 0 } };
    check_absolute(problem, points, 1., floor);
    check_divergences(problem, points, 1e-9, 1);                                  // as above
    BOOST_TEST((tensor(problem, points[0]) - f * identity<3>()).norm() <= 1e-15); // one rounding
    for (int q = 0; q < 5; ++q) // grad (tr H) = (1, 2, 0); within 4e-9 of the origin
      BOOST_TEST((divergence(problem, points[q]) - Tensor<1, 3>({ 1 / f, 2 / f, 0 })).norm() <=
                 1e-7);
  }
  { // two eigenvalues far from zero and equal on the whole line x = y, where L_xx = L_yy
    const auto problem = make<2>(
      "Loss/Expression=x^4 + y^4 + x^2 + y^2|Domain/Lower=-1, -1|Domain/Upper=1, 1" + noise);
    const std::vector<Point<2>> points = { { 0.5, 0.5 },  { 0.5, 0.5 + 4e-11 }, { -0.3, -0.3 },
                                           { -0.3, 0.3 }, { 0.7 + 1e-12, 0.7 }, { 0, 0 } };
    check_absolute(problem, points, 1., floor);
    check_divergences(problem, points, 1e-9, 1); // as above
    for (const auto& p : points)
      for (int i = 0; i < 2; ++i) {
        const double h = 12 * p[i] * p[i] + 2; // D is diagonal
        const double expected = h * 24 * p[i] / std::hypot(h, floor);
        BOOST_TEST(std::fabs(divergence(problem, p)[i] - expected) <= 1e-13); // of terms of 20
      }
  }
}

// Where H is positive definite and there is no floor, D = eta_B/2 H and div D = eta_B/2 grad (tr
// H).
BOOST_AUTO_TEST_CASE(positive_hessian_without_floor) {
  const auto problem =
    make<2>("Loss/Expression=x^2/2 + y^2/2 + x*y^2|Domain/Lower=-0.3, -0.3|Domain/Upper=0.3, 0.3" +
            absolute_type + "|Noise/Learning rate=0.5");
  auto points = random_points(problem.domain, 20);
  points.push_back({ 0, 0 });
  points.push_back({ 5e-10, 0 });
  for (const auto& point : points) {
    Matrix<2> expected;
    expected[0][0] = 0.25;
    expected[0][1] = 0.25 * 2 * point[1];
    expected[1][1] = 0.25 * (1 + 2 * point[0]);
    BOOST_TEST((tensor(problem, point) - expected).norm() <= 1e-15); // rounded eigenvectors
    BOOST_TEST((divergence(problem, point) - Tensor<1, 2>({ 0.5, 0 })).norm() <= 1e-15);
  }
}

// One eigenvalue positive, one negative in the whole domain: |H| is smooth without a floor.
BOOST_AUTO_TEST_CASE(indefinite_hessian_without_floor) {
  const auto problem =
    make<2>("Loss/Expression=x^2 - y^2 + 0.3*x*y^2 + 0.2*x^3 + 0.5*x*y|Domain/Lower=-0.4, -0.4"
            "|Domain/Upper=0.4, 0.4|Domain/Absorbing=x+" +
            absolute_type + "|Noise/Learning rate=0.5");
  const auto points = random_points(problem.domain, 20);
  check_absolute(problem, points, 0.25, 0.);
  check_divergences(problem, points, 1e-11, 0.05); // rounding 1e-13 of 1/step
}

BOOST_AUTO_TEST_CASE(two_temperatures) {
  check_two_temperature<1>();
  check_two_temperature<2>();
  check_two_temperature<3>();
}

BOOST_AUTO_TEST_CASE(loss_proportional) {
  // The loss must be positive: the wells have a depth of -1/4, the floor is 0.4.
  check_proportional<1>();
  check_proportional<2>();
  check_proportional<3>();
}

BOOST_AUTO_TEST_SUITE_END()
