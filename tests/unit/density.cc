// Density and current of solved problems.
#include "postprocess/fields/density.h"

#include "solver/analyses/solve.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace fokker_planck;
using testing::Case;

namespace {

/// A problem that is solved on one mesh of equal cells.
template <int dim>
Solution<dim> solve_on_cells(const Case& text, const std::vector<unsigned int>& cells,
                             const unsigned int degree) {
  Settings settings;
  settings.refinement = Settings::Refinement::uniform;
  settings.cells = cells;
  settings.degree = degree;
  return solve(testing::make_problem<dim>(text), settings, MPI_COMM_SELF);
}

/// Samples of p and J, divided by scale = exp(log_scale).
template <int dim>
Samples<dim> sample(const Solution<dim>& solved, const std::array<std::vector<double>, dim>& axes,
                    const double log_scale = 0) {
  const auto& solution = solved.adaptive.solution;
  const Density<dim> density(solved.problem, solved.gauge, solution.log_mass + log_scale);
  return sample_density<dim>(solved.problem, density, *solved.adaptive.discretization, solution,
                             axes);
}

double loss(const double x) {
  return x * x * x * x / 4 - x * x / 2;
}

/// The integrals of values from the first point to each point, by the trapezoidal rule.
std::vector<double> integrals(const std::vector<double>& values, const double spacing) {
  std::vector<double> sums(1, 0.);
  for (std::size_t i = 1; i < values.size(); ++i)
    sums.push_back(sums.back() + 0.5 * spacing * (values[i - 1] + values[i]));
  return sums;
}

} // namespace

BOOST_AUTO_TEST_SUITE(density)

BOOST_AUTO_TEST_CASE(double_well_1d) {
  const double d = 0.02, lower = -2.2, upper = 0.8;
  const auto solved =
    solve_on_cells<1>({ "x^4/4 - x^2/2", "0.02", "-2.2", "0.8", "x+" }, { 60 }, 8);
  const unsigned int n = 30001;
  const double spacing = (upper - lower) / (n - 1);
  const auto x = linspace(lower, upper, n);
  const auto samples = sample<1>(solved, { { x } });
  const auto& p = samples.densities;
  BOOST_TEST_REQUIRE(p.size() == n);
  BOOST_TEST(samples.points[17][0] == x[17]);
  for (const std::size_t i : { 0, 10000, 30000 })
    BOOST_TEST(std::fabs(samples.losses[i] - loss(x[i])) <= 1e-13); // rounding of 4
  BOOST_TEST(*std::min_element(p.begin(), p.end()) >= 0);

  // The trapezoidal rule errs by h^2/12 times the change of p' from end to end, which is below
  // 1e-3 (p is exp(-200) at one end and falls with slope gamma/D at the other): 1e-12.
  const auto integral = integrals(p, spacing);
  BOOST_TEST(std::fabs(integral.back() - 1) <= 1e-10);

  // u is the probability to return to the valley before absorption, up to gamma times the time
  // within the valley (1e-6); q = int_x^upper exp(L/D) / int_lower^upper exp(L/D) over the barrier.
  std::vector<double> resistance, weight;
  for (const double y : x)
    resistance.push_back(y < -1 ? 0 : std::exp(loss(y) / d));
  const auto crossed = integrals(resistance, spacing);
  for (unsigned int i = 0; i < n; ++i)
    weight.push_back(std::exp(-loss(x[i]) / d) * (1 - crossed[i] / crossed.back()));
  const double z = integrals(weight, spacing).back();
  for (unsigned int i = 0; i < n; i += 500)
    if (std::fabs(x[i] + 1) < 0.5) BOOST_TEST(std::fabs(p[i] * z / weight[i] - 1) <= 1e-5);

  // div J = gamma p, in the valley and on the barrier. Where p is below 1e-16 of its maximum the
  // current is below rounding of the nodal values.
  const double gamma = std::exp(solved.adaptive.solution.log_rate);
  double worst = 0;
  for (unsigned int i = 0; i < n; i += 100)
    if (x[i] > -1.3) {
      const double expected = gamma * integral[i];
      worst = std::max(worst, std::fabs(samples.currents[i][0] / expected - 1));
    }
  // The trapezoidal rule errs by h^2/12 p'/(integral of p) ~ 1e-8 (more at the foot of p), the
  // gradient of elements of degree 8 by less.
  BOOST_TEST(worst <= 1e-5);
  BOOST_TEST(std::fabs(samples.currents[n - 1][0] / gamma - 1) <= 1e-8); // all leave there
  BOOST_TEST(p[n - 1] == 0);                                             // absorbed
}

// Brownian motion between two absorbing ends: p = (pi/4) cos(pi x/2), J = -D p'.
BOOST_AUTO_TEST_CASE(brownian_motion) {
  const auto solved = solve_on_cells<1>({ "0", "0.7", "-1", "1", "all" }, { 8 }, 8);
  const auto samples = sample<1>(solved, { { linspace(-1, 1, 41) } });
  for (std::size_t i = 0; i < samples.points.size(); ++i) {
    const double x = samples.points[i][0];
    // Degree 8 on cells of size 1/4: (pi/8)^9/9! is below 1e-9; the gradient loses a factor of 100.
    BOOST_TEST(std::fabs(samples.densities[i] - M_PI / 4 * std::cos(M_PI * x / 2)) <= 1e-9);
    BOOST_TEST(std::fabs(samples.currents[i][0] - 0.7 * M_PI * M_PI / 8 * std::sin(M_PI * x / 2)) <=
               1e-7);
  }
}

template <int dim>
std::vector<double> outflow(const Solution<dim>& solved, const unsigned int side,
                            std::array<std::vector<double>, dim> axes) {
  const unsigned int normal = Domain<dim>::direction(side);
  axes[normal] = { solved.problem.domain.coordinate(side) };
  std::vector<double> values;
  for (const auto& current : sample<dim>(solved, axes, solved.adaptive.solution.log_rate).currents)
    values.push_back(Domain<dim>::outward(side) * current[normal]);
  return values;
}

// J.n / gamma on the absorbing sides is positive and integrates to the exit probabilities.
BOOST_AUTO_TEST_CASE(exit_density_2d) {
  const struct {
    Case text;
    bool balanced;
  } cases[] = { { { "x^4/4 - x^2/2 + y^2", "0.1", "-2.2, -1.6", "0.8, 1.2", "x+ y+" }, true },
                { { "x^4/4 - x^2/2 + y^2 + 0.3*x*y", "0.1, 0.02; 0.02, 0.15", "-2.2, -1.6",
                    "0.8, 1.2", "x+ y+" },
                  false } };
  for (const auto& [text, balanced] : cases) {
    const auto solved = solve_on_cells<2>(text, { 24, 20 }, 6);
    BOOST_TEST(solved.gauge.detailed_balance() == balanced);
    const unsigned int n = 2001;
    const std::array<std::vector<double>, 2> axes{ { linspace(-2.2, 0.8, n),
                                                     linspace(-1.6, 1.2, n) } };
    double sum = 0;
    for (const unsigned int side : { 1, 3 }) {
      const auto values = outflow<2>(solved, side, axes);
      BOOST_TEST_REQUIRE(values.size() == n);
      // Corners excepted, where the current vanishes (with the other absorbing side) or nearly so.
      double lowest = 1;
      for (unsigned int i = n / 10; i < n - n / 10; ++i)
        lowest = std::min(lowest, values[i]);
      BOOST_TEST(lowest > 0);
      const double probability = integrals(values, (side == 1 ? 2.8 : 3.) / (n - 1)).back();
      // The exit probabilities come from fluxes across dividing surfaces, these from gradients at
      // the side, of order six: 1e-7 with detailed balance, 5e-5 without (1e-3 on cells of twice
      // the size), where J.n = 0 bends u at the corners.
      BOOST_TEST(std::fabs(probability - solved.adaptive.solution.exit_probability[side]) <= 1e-4);
      sum += probability;
    }
    BOOST_TEST(std::fabs(sum - 1) <= 1e-4);

    // The density integrates to one over the plane.
    const auto coarse_x = linspace(-2.2, 0.8, 301), coarse_y = linspace(-1.6, 1.2, 281);
    const auto samples = sample<2>(solved, { { coarse_x, coarse_y } });
    std::vector<double> lines;
    for (std::size_t j = 0; j < coarse_y.size(); ++j) {
      const auto* const line = &samples.densities[j * coarse_x.size()];
      lines.push_back(integrals({ line, line + coarse_x.size() }, 0.01).back());
    }
    // h^2/12 = 1e-5 times slopes of p at the sides below one, and errors of u of 1e-6.
    BOOST_TEST(std::fabs(integrals(lines, 0.01).back() - 1) <= 2e-5);
  }
}

// Brownian motion in a disc: p = J_0(j r/R)/(pi R^2 J_1(j)/(j/2)) with j the first root of J_0; J =
// -D p'. On a mesh with hanging nodes.
BOOST_AUTO_TEST_CASE(disc) {
  const auto problem = testing::make_problem<2>(testing::Settings{
    "Loss/Expression=0|Noise/Diffusion=0.7|Domain/Type=ball|Domain/Radius=2|Domain/Center=1, -3" });
  Settings settings;
  settings.degree = 8;
  settings.tolerance = 1e-13;
  const auto solved = solve(problem, settings, MPI_COMM_SELF);
  const auto& mesh = solved.adaptive.discretization->get_mesh();
  BOOST_TEST(mesh.get_triangulation().has_hanging_nodes());
  const auto samples = sample<2>(solved, { { linspace(-1, 3, 81), linspace(-5, -1, 81) } });

  const double root = 2.404825557695773, norm = 4 * M_PI * 2 / root * j1(root);
  unsigned int n_inside = 0;
  double worst_density = 0, worst_current = 0;
  for (std::size_t i = 0; i < samples.points.size(); ++i) {
    const double x = samples.points[i][0] - 1, y = samples.points[i][1] + 3;
    const double r = std::hypot(x, y);
    BOOST_TEST((r > 2 + 1e-6) <= std::isnan(samples.densities[i]));
    BOOST_TEST((r < 2 + 1e-6) <= !std::isnan(samples.densities[i]));
    BOOST_TEST(std::isnan(samples.losses[i]) == std::isnan(samples.densities[i]));
    if (std::isnan(samples.densities[i])) continue;
    ++n_inside;
    const double p = j0(root * r / 2) / norm, slope = root / 2 * j1(root * r / 2) / norm;
    worst_density = std::max(worst_density, std::fabs(samples.densities[i] - p));
    worst_current = std::max(
      worst_current, std::hypot(samples.currents[i][0] - (r > 0 ? 0.7 * slope * x / r : 0.),
                                samples.currents[i][1] - (r > 0 ? 0.7 * slope * y / r : 0.)));
  }
  BOOST_TEST(n_inside == 5025); // lattice points within 40 lattice constants (OEIS A000328)
  BOOST_TEST_MESSAGE("disc: errors of density " << worst_density << ", current " << worst_current);
  BOOST_TEST(worst_density <= 1e-9);
  BOOST_TEST(worst_current <= 1e-7);
}

BOOST_AUTO_TEST_SUITE_END()
