// The scale of the gauge: it multiplies Psi, closed or integrated, and in balls all but the volume.
#include "solver/potential/gauge.h"

#include "tests/unit/potential_checks.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <sstream>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

BOOST_AUTO_TEST_SUITE(gauge_scale)

// The scale multiplies Psi, also where it is integrated.
BOOST_AUTO_TEST_CASE(scale) {
  const std::string models[] = {
    "Loss/Expression=x^2 + y^2" + expression + "1 + x^2; 0; exp(y)",
    "Loss/Expression=x^2 + y^2|Noise/Diffusion=0.4|Force/Expression=-y; x",
    "Loss/Expression=x^2 + y^2 + 1|Noise/Type=loss proportional|Noise/Learning rate=0.1"
  };
  for (const std::string& settings : models)
    BOOST_TEST_CONTEXT(settings) {
      const auto problem = make<2>(settings + "|Domain/Lower=-1, -0.8|Domain/Upper=1.2, 1");
      const auto points = probes(problem.domain);
      std::vector<double> one, scaled;
      std::vector<Tensor<1, 2>> one_gradient, scaled_gradient;
      std::vector<SymmetricTensor<2, 2>> one_hessian, scaled_hessian;
      const Gauge<2> gauge(problem), other(problem, 0.7);
      gauge.values(points, one);
      gauge.gradients(points, one_gradient);
      gauge.hessians(points, one_hessian);
      other.values(points, scaled);
      other.gradients(points, scaled_gradient);
      other.hessians(points, scaled_hessian);
      double largest = 0;
      for (std::size_t q = 0; q < points.size(); ++q) { // one rounding
        BOOST_TEST(std::fabs(scaled[q] - 0.7 * one[q]) <= 1e-15 * std::fabs(one[q]));
        BOOST_TEST((scaled_gradient[q] - 0.7 * one_gradient[q]).norm() <=
                   1e-15 * one_gradient[q].norm());
        BOOST_TEST((scaled_hessian[q] - 0.7 * one_hessian[q]).norm() <=
                   1e-15 * one_hessian[q].norm());
        largest = std::max(largest, std::fabs(one[q]));
      }
      BOOST_TEST(largest >= 0.1); // not zero times the scale
    }
}

// In a ball Psi = int (L' - f + (1-a) D')/D - (n-1) log r, of which the scale multiplies the first.
BOOST_AUTO_TEST_CASE(balls) {
  const struct {
    std::string settings;
    double (*potential)(double);
  } rows[] = { { "Loss/Expression=r^2/2|Noise/Diffusion=0.25", [](double r) { return 2 * r * r; } },
               { "Loss/Expression=r^2/2|Force/Expression=-r^3" + expression + "0.5*(1 + r^2)",
                 [](double r) { return r * r + std::log1p(r * r); } },
               { "Loss/Expression=r^2/2 + 1|Noise/Learning rate=0.5|Noise/Type=loss proportional",
                 [](double r) { return 3 * std::log(r * r / 2 + 1); } } };
  for (const auto& row : rows)
    for (const double n : { 1., 2., 3.5, 100. })
      for (const double scale : { 1., 0.4 })
        BOOST_TEST_CONTEXT(row.settings << ", n = " << n << ", scale " << scale) {
          std::ostringstream settings;
          settings << row.settings << "|Domain/Type=radial|Domain/Radius=2"
                   << "|Domain/Effective dimension=" << n;
          const auto problem = make<1>(settings.str());
          const Gauge<1> gauge(problem, scale);
          std::vector<Point<1>> points;
          for (int i = 0; i < 20; ++i)
            points.emplace_back(0.1 + 0.1 * i);
          const Function<1> expected = [&](const Point<1>& p) {
            return scale * row.potential(p[0]) - (n - 1) * std::log(p[0]);
          };
          check_values(gauge, points, expected, 1e-13); // a few roundings
          check_hessians<1>(gauge, { points.begin() + 3, points.end() },
                            1e-7); // truncation 1e-12/30 times 120/r^6
          const auto computed = [&](const Point<1>& p) {
            std::vector<double> values;
            gauge.values({ p }, values);
            return values.at(0);
          };
          check_gradients<1>(gauge, { points.begin() + 3, points.end() }, computed,
                             1e-8); // likewise 24/r^5

          // The difference from Psi per volume is the volume element, exactly.
          std::vector<double> values, per_volume;
          gauge.values(points, values);
          gauge.values_per_volume(points, per_volume);
          for (std::size_t q = 0; q < points.size(); ++q)
            BOOST_TEST(std::fabs(values[q] - per_volume[q] + (n - 1) * std::log(points[q][0])) <=
                       1e-13); // rounding of up to 230
          check_values<1>(gauge, { points.begin(), points.end() }, expected, 1e-13); // as above
          gauge.values({ Point<1>(0) }, values);
          BOOST_TEST((n > 1 ? values[0] == INFINITY : std::isfinite(values[0])));
          gauge.values_per_volume({ Point<1>(0) }, per_volume);
          BOOST_TEST(std::isfinite(per_volume[0]));
          if (scale == 1) check_gauge(problem, true, points);
        }
}

BOOST_AUTO_TEST_SUITE_END()
