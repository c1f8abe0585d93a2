// Noise models as tests use them, with their tensors written out.
#pragma once

#include "postprocess/results/quantities.h"
#include "tests/solve.h"

#include "tests/finite_differences.h"
#include "tests/random_points.h"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace fokker_planck::testing {

using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

template <int dim>
using Matrix = SymmetricTensor<2, dim>;

template <int dim>
Problem<dim> make(const std::string& settings) {
  return make_problem<dim>(Settings{ settings });
}

inline const std::string expression = "|Noise/Type=expression|Noise/Expressions=";

template <int dim>
Matrix<dim> tensor(const Problem<dim>& problem, const Point<dim>& point) {
  std::vector<Matrix<dim>> tensors(5); // the wrong size: it must be resized
  problem.diffusion->tensors({ point }, tensors);
  BOOST_TEST_REQUIRE(tensors.size() == 1);
  return tensors[0];
}

template <int dim>
nlohmann::ordered_json quantities_of(const Problem<dim>& problem) {
  return to_json(problem.diffusion->quantities());
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

} // namespace fokker_planck::testing
