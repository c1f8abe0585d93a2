// Cases and checks shared by tests: noise models, and Psi and the gauge for such noise.
#pragma once

#include "solver/gauge.h"
#include "tests/solve.h"

#include "tests/finite_differences.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace fokker_planck::testing {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

template <int dim>
using Matrix = SymmetricTensor<2, dim>;

template <int dim>
using Function = std::function<double(const Point<dim>&)>;

template <int dim>
Problem<dim> make(const std::string& settings) {
  return make_problem<dim>(Settings{ settings });
}

inline const std::string expression = "|Noise/Type=expression|Noise/Expressions=";

template <int dim>
std::vector<Point<dim>> random_points(const Box<dim>& box, const std::size_t n) {
  std::mt19937 generator(11);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<Point<dim>> points(n);
  for (auto& point : points)
    for (int i = 0; i < dim; ++i)
      point[i] = box.lower[i] + box.length(i) * uniform(generator);
  return points;
}

template <int dim>
Matrix<dim> tensor(const Problem<dim>& problem, const Point<dim>& point) {
  std::vector<Matrix<dim>> tensors(5); // the wrong size: it must be resized
  problem.diffusion->tensors({ point }, tensors);
  BOOST_TEST_REQUIRE(tensors.size() == 1);
  return tensors[0];
}

template <int dim>
Tensor<1, dim> divergence(const Problem<dim>& problem, const Point<dim>& point) {
  std::vector<Tensor<1, dim>> divergences(5);
  problem.diffusion->divergences({ point }, divergences);
  BOOST_TEST_REQUIRE(divergences.size() == 1);
  return divergences[0];
}

template <int dim>
Matrix<dim> identity() {
  return dealii::unit_symmetric_tensor<dim>();
}

/// |A| for 2 x 2 matrices and a floor: the root of R = A^2 + eps^2 is (R + d I)/sqrt(tr R + 2d), d
/// = sqrt(det R) (Cayley, Hamilton).
inline Matrix<2> absolute(const Matrix<2>& a, const double floor = 0) {
  Matrix<2> r;
  r[0][0] = a[0][0] * a[0][0] + a[0][1] * a[0][1] + floor * floor;
  r[1][1] = a[1][1] * a[1][1] + a[0][1] * a[0][1] + floor * floor;
  r[0][1] = a[0][1] * (a[0][0] + a[1][1]);
  const double d = std::sqrt(r[0][0] * r[1][1] - r[0][1] * r[0][1]);
  return (r + d * identity<2>()) / std::sqrt(r[0][0] + r[1][1] + 2 * d);
}

/// div D against differences of D, to a tolerance relative to D and its derivatives. The second
/// argument is the largest |div D| over the points, so that a test of zeros is noticed.
template <int dim>
void check_divergences(const Problem<dim>& problem, const std::vector<Point<dim>>& points,
                       const double tolerance, const double at_least) {
  double largest = 0;
  std::vector<Tensor<1, dim>> together;
  problem.diffusion->divergences(points, together);
  BOOST_TEST_REQUIRE(together.size() == points.size());
  for (std::size_t q = 0; q < points.size(); ++q) {
    const Point<dim>& point = points[q];
    const auto d = [&](const Point<dim>& x) { return tensor(problem, x); };
    Tensor<1, dim> expected;
    double size = d(point).norm();
    for (int j = 0; j < dim; ++j) {
      const Matrix<dim> derivative = difference<dim>(d, point, j);
      size += derivative.norm();
      for (int i = 0; i < dim; ++i)
        expected[i] += derivative[i][j];
    }
    const Tensor<1, dim> computed = divergence(problem, point);
    BOOST_TEST((computed == together[q]));
    BOOST_TEST((computed - expected).norm() <= tolerance * size,
               point << ": computed " << computed << ", differences " << expected);
    largest = std::max(largest, computed.norm());
  }
  BOOST_TEST(largest >= at_least);
}

/// Double wells along x with a coupling that turns the Hessian: minima at x = -1, 1, saddle at 0.
inline const std::string wells[] = { "x^4/4 - x^2/2", "x^4/4 - x^2/2 + 1.5*(y - 0.4*x)^2",
                                     "x^4/4 - x^2/2 + 1.5*(y - 0.4*x)^2 + 2*(z + 0.2*x)^2" };
inline const std::string boxes[] = { "|Domain/Lower=-1.6|Domain/Upper=1.4|Domain/Start=-1",
                                     "|Domain/Lower=-1.6, -1.3|Domain/Upper=1.4, 1.2"
                                     "|Domain/Start=-1, -0.4",
                                     "|Domain/Lower=-1.6, -1.3, -0.8|Domain/Upper=1.4, 1.2, 0.9"
                                     "|Domain/Start=-1, -0.4, 0.2" };

template <int dim>
std::string well_with(const std::string& noise, const std::string& added = "") {
  return "Loss/Expression=" + wells[dim - 1] + added + boxes[dim - 1] + noise;
}

/// The Hessian of wells[dim - 1] where the quartic has the second derivative h.
template <int dim>
Matrix<dim> well_hessian(const double h) {
  Matrix<dim> result;
  result[0][0] = h;
  if constexpr (dim > 1) {
    result[0][0] += 3 * 0.16;
    result[0][1] = -3 * 0.4;
    result[1][1] = 3;
  }
  if constexpr (dim > 2) {
    result[0][0] += 4 * 0.04;
    result[0][2] = 4 * 0.2;
    result[2][2] = 4;
  }
  return result;
}

inline const std::string frozen = "|Noise/Type=hessian aligned|Noise/Hessian=frozen";
inline const std::string absolute_type = "|Noise/Type=hessian aligned|Noise/Hessian=absolute";
inline const std::string two_temperature =
  "|Noise/Type=hessian aligned|Noise/Hessian=two temperature";
inline const std::string proportional = "|Noise/Type=loss proportional";

/// Random points, the corners and the centre.
template <int dim>
std::vector<Point<dim>> probes(const Box<dim>& box) {
  std::vector<Point<dim>> points = { box.lower, box.center(), box.upper };
  std::mt19937 generator(23);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int k = 0; k < 40; ++k) {
    Point<dim> point;
    for (int i = 0; i < dim; ++i)
      point[i] = box.lower[i] + box.length(i) * uniform(generator);
    points.push_back(point);
  }
  return points;
}

/// Compares Psi with a function, up to a constant. The tolerance is relative to the range of Psi.
template <int dim>
void check_values(const ScalarField<dim>& potential, const std::vector<Point<dim>>& points,
                  const Function<dim>& expected, const double tolerance) {
  std::vector<double> values(1);
  potential.values(points, values);
  BOOST_TEST_REQUIRE(values.size() == points.size());
  double lowest = expected(points[0]), highest = lowest, worst = 0;
  for (std::size_t q = 0; q < points.size(); ++q) {
    const double rise = expected(points[q]) - expected(points[0]);
    lowest = std::min(lowest, expected(points[q]));
    highest = std::max(highest, expected(points[q]));
    worst = std::max(worst, std::fabs(values[q] - values[0] - rise));
  }
  BOOST_TEST(highest > lowest);
  BOOST_TEST(worst <= tolerance * (highest - lowest));
}

/// Compares grad Psi with differences of the expected Psi, to a tolerance relative to 1 + |grad
/// Psi|.
template <int dim>
void check_gradients(const ScalarField<dim>& potential, const std::vector<Point<dim>>& points,
                     const Function<dim>& expected, const double tolerance) {
  std::vector<Tensor<1, dim>> gradients(1);
  potential.gradients(points, gradients);
  BOOST_TEST_REQUIRE(gradients.size() == points.size());
  for (std::size_t q = 0; q < points.size(); ++q)
    for (int i = 0; i < dim; ++i) {
      const double slope = difference<dim>(expected, points[q], i);
      BOOST_TEST(std::fabs(gradients[q][i] - slope) <= tolerance * (1 + std::fabs(slope)),
                 points[q]);
    }
}

/// Compares the Hessian with differences of the gradient.
template <int dim>
void check_hessians(const ScalarField<dim>& potential, const std::vector<Point<dim>>& points,
                    const double tolerance) {
  std::vector<SymmetricTensor<2, dim>> hessians(1);
  potential.hessians(points, hessians);
  BOOST_TEST_REQUIRE(hessians.size() == points.size());
  const auto gradient = [&](const Point<dim>& x) {
    std::vector<Tensor<1, dim>> gradients;
    potential.gradients({ x }, gradients);
    return gradients.at(0);
  };
  for (std::size_t q = 0; q < points.size(); ++q)
    for (int i = 0; i < dim; ++i) {
      const Tensor<1, dim> column = difference<dim>(gradient, points[q], i);
      for (int j = 0; j < dim; ++j)
        BOOST_TEST(std::fabs(hessians[q][i][j] - column[j]) <= tolerance * (1 + hessians[q].norm()),
                   points[q]);
    }
}

/// Points at which the gauge must satisfy D grad Psi + w = c, to rounding; where it holds detailed
/// balance w must be zero.
template <int dim>
void check_gauge(const Problem<dim>& problem, const bool balanced,
                 const std::vector<Point<dim>>& points) {
  for (const double scale : { 1., 0.5, 0. }) {
    const Gauge<dim> gauge(problem, scale);
    BOOST_TEST(gauge.detailed_balance() == balanced);
    BOOST_TEST(gauge.is_exact() == (balanced && scale == 1));
    std::vector<Tensor<1, dim>> convections, gradients, mismatches;
    std::vector<SymmetricTensor<2, dim>> tensors;
    problem.convections(points, convections);
    problem.diffusion->tensors(points, tensors);
    gauge.gradients(points, gradients);
    gauge.mismatches(points, tensors, mismatches);
    double largest = 0, size = 0;
    for (std::size_t q = 0; q < points.size(); ++q) {
      if (problem.domain.radial) // the volume element is no part of c
        gradients[q][0] += (problem.domain.dimension() - 1) / points[q][0];
      const Tensor<1, dim> expected = convections[q] - tensors[q] * gradients[q];
      // A few roundings of c and D grad Psi; 1e-10 is what separates a potential from a guess.
      const double tolerance = balanced && scale == 1 ? 1e-10 : 1e-13;
      BOOST_TEST((mismatches[q] - expected).norm() <= tolerance * (1 + convections[q].norm()),
                 points[q] << ": w = " << mismatches[q] << ", expected " << expected);
      if (balanced) // exact up to the scale: w = (1 - scale) c
        BOOST_TEST((mismatches[q] - (1 - scale) * convections[q]).norm() <=
                   1e-10 * (1 + convections[q].norm())); // likewise
      largest = std::max(largest, mismatches[q].norm());
      size = std::max(size, convections[q].norm());
    }
    if (!balanced) BOOST_TEST(largest >= 1e-3 * size); // the couplings are stronger than that
  }
}

} // namespace fokker_planck::testing
