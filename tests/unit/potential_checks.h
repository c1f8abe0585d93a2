// Checks of Psi and of the gauge against formulas and finite differences.
#pragma once

#include "solver/potential/gauge.h"
#include "tests/unit/noise_cases.h"

#include <functional>

namespace fokker_planck::testing {

template <int dim>
using Function = std::function<double(const Point<dim>&)>;

/// Random points, the corners and the centre.
template <int dim>
std::vector<Point<dim>> probes(const Domain<dim>& box) {
  auto points = random_points(box, 40);
  points.insert(points.end(), { box.lower, box.center(), box.upper });
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
    BOOST_TEST(gauge.is_reversible() == (balanced && scale == 1));
    std::vector<Tensor<1, dim>> convections, gradients, mismatches;
    std::vector<SymmetricTensor<2, dim>> tensors;
    problem.convections(points, convections);
    problem.diffusion->tensors(points, tensors);
    gauge.gradients(points, gradients);
    gauge.mismatches(points, tensors, mismatches);
    double largest = 0, size = 0;
    for (std::size_t q = 0; q < points.size(); ++q) {
      if (problem.domain.is_radial()) // the volume element is no part of c
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
