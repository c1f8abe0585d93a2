// The generator: what is fixed and a shift are arguments of its solvers.
#include "solver/operator/generator.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

template <int dim>
struct OnMesh {
  OnMesh(const std::string& settings, const std::array<unsigned int, dim>& n_cells,
         const unsigned int degree, const SolverOptions::Method method)
    : problem(make_problem<dim>(Settings{ settings })), gauge(problem),
      discretization(make_mesh<dim>(problem.domain, n_cells, MPI_COMM_SELF), degree),
      positions(discretization.find_positions()),
      generator(problem, gauge, discretization, 1e300, { method, 1e-13, {} }) {}

  /// Largest |nodal - expected|.
  double error(const typename Generator<dim>::Vector& nodal,
               const std::function<double(const dealii::Point<dim>&)>& expected) const {
    double largest = 0;
    for (const auto node : discretization.locally_owned())
      largest = std::max(largest, std::fabs(nodal(node) - expected(positions[node])));
    return largest;
  }

  std::vector<bool> no_side() const { return std::vector<bool>(problem.domain.n_sides(), false); }

  const Problem<dim> problem;
  const Gauge<dim> gauge;
  const Discretization<dim> discretization;
  const std::vector<dealii::Point<dim>> positions;
  const Generator<dim> generator;
};

constexpr SolverOptions::Method methods[] = { SolverOptions::Method::direct,
                                              SolverOptions::Method::iterative };

/// s with A s = 0 between the first cells along x, where s = 0, and the last ones, where s = 1.
template <int dim>
typename Generator<dim>::Vector committor(const OnMesh<dim>& on, const double left,
                                          const double right) {
  FixedParts fixed{ on.no_side() };
  auto s = on.generator.make_vector();
  for (const auto& cell : on.discretization.get_dof_handler().active_cell_iterators()) {
    const double x = cell->center()[0];
    fixed.cells.push_back(x < left || x > right);
  }
  for (const auto node : on.discretization.locally_owned())
    s(node) = on.positions[node][0] > right - 1e-9 ? 1. : 0.;
  s.compress(dealii::VectorOperation::insert);
  const auto solver = on.generator.make_solver(fixed);
  auto response = on.generator.make_vector();
  solver->solve(on.generator.stiffness_times(on.generator.scaled(s)), response);
  on.generator.unscale(response);
  s -= response;
  return s;
}

} // namespace

BOOST_AUTO_TEST_SUITE(generator)

// (sigma - D d^2/dx^2) u = 1 between absorbing ends: u = (1 - cosh(kx)/cosh(k))/sigma, k =
// sqrt(sigma/D).
BOOST_AUTO_TEST_CASE(resolvent) {
  const double sigma = 3, d = 0.7, k = std::sqrt(sigma / d);
  const auto expected = [&](const auto& x) {
    return (1 - std::cosh(k * x[0]) / std::cosh(k)) / sigma;
  };
  const auto solve_on = [&](const auto& on, const std::vector<bool>& sides) {
    auto u = on.generator.make_vector();
    const auto solver = on.generator.make_solver({ sides }, sigma);
    solver->solve(on.generator.mass_times(on.generator.scaled(on.generator.ones())), u);
    on.generator.unscale(u);
    return on.error(u, expected);
  };
  for (const auto method : methods) {
    const OnMesh<1> line("Loss/Expression=0|Noise/Diffusion=0.7|Domain/Lower=-1|Domain/Upper=1|"
                         "Domain/Absorbing=all",
                         { { 8 } }, 6, method);
    // (k/4)^7/7! is below 1e-7 at degree 6, nodal values are better.
    BOOST_TEST(solve_on(line, { true, true }) <= 1e-8);
    const OnMesh<2> strip("Dimension=2|Loss/Expression=0|Noise/Diffusion=0.7|Domain/Lower=-1, 0|"
                          "Domain/Upper=1, 0.5|Domain/Absorbing=x- x+",
                          { { 8, 3 } }, 6, method);
    BOOST_TEST(solve_on(strip, { true, true, false, false }) <= 1e-8);
  }
}

// Between two sets of cells the committor is int exp(L/D) up to x; at degree 4 on these cells its
// error is below 1e-7.
BOOST_AUTO_TEST_CASE(sets_of_cells) {
  const auto weight = [](const double x) { return std::exp(x * x / 0.8); };
  const auto integral = [&](const double from, const double to) { // Simpson, error below 1e-12
    const int n = 2000;
    double sum = 0;
    for (int i = 0; i <= n; ++i)
      sum += (i == 0 || i == n ? 1 : i % 2 ? 4 : 2) * weight(from + (to - from) * i / n);
    return sum * (to - from) / (3. * n);
  };
  const auto expected = [&](const auto& x) {
    return x[0] <= -0.8 ? 0. : x[0] >= 0.8 ? 1. : integral(-0.8, x[0]) / integral(-0.8, 0.8);
  };
  for (const auto method : methods) {
    const OnMesh<1> line("Loss/Expression=x^2/2|Noise/Diffusion=0.4|Domain/Lower=-1|Domain/Upper=1|"
                         "Domain/Absorbing=all",
                         { { 20 } }, 4, method);
    BOOST_TEST(line.error(committor(line, -0.8, 0.8), expected) <= 1e-8);
    const OnMesh<2> strip("Dimension=2|Loss/Expression=x^2/2 + y^2|Noise/Diffusion=0.4|"
                          "Domain/Lower=-1, -1|Domain/Upper=1, 1|Domain/Absorbing=all",
                          { { 20, 4 } }, 4, method);
    BOOST_TEST(strip.error(committor(strip, -0.8, 0.8), expected) <= 1e-8);
  }
}

// With reflecting walls probability is conserved, 1^T A = 0, and under detailed balance the Gibbs
// density is stationary, A 1 = 0; a rotating force moves it (on a square).
BOOST_AUTO_TEST_CASE(conservation) {
  const std::string square =
    "Dimension=2|Noise/Diffusion=0.3|Domain/Lower=-1, -1|Domain/Upper=1, 1|"
    "Domain/Absorbing=all|Loss/Expression=(x^2 + y^2)/2";
  const OnMesh<2> balanced(square, { { 6, 5 } }, 3, SolverOptions::Method::direct),
    rotating(square + "|Force/Expression=-y; x", { { 6, 5 } }, 3, SolverOptions::Method::direct);
  const auto largest = [](const OnMesh<2>& on, const Equation equation) {
    return on.generator.stiffness_times(on.generator.scaled(on.generator.ones()), equation)
      .linfty_norm();
  };
  BOOST_TEST(balanced.generator.is_symmetric());
  BOOST_TEST(!rotating.generator.is_symmetric());
  for (const Equation equation : { Equation::forward, Equation::backward })
    BOOST_TEST(largest(balanced, equation) <= 1e-12);
  BOOST_TEST(largest(rotating, Equation::backward) <= 1e-12);
  BOOST_TEST(largest(rotating, Equation::forward) >= 1e-3);
}

// Without detailed balance exp(-Psi) may be stationary all the same: where the current runs along
// the levels of Psi, as that of a rotation does, unless a reflecting wall stands in its way.
BOOST_AUTO_TEST_CASE(stationary_gauges) {
  const std::string disc = "Dimension=2|Domain/Type=ball|Domain/Radius=1|Loss/Expression=",
                    square = "Dimension=2|Domain/Lower=-1, -1|Domain/Upper=1, 1|Loss/Expression=",
                    bowl = "(x^2 + y^2)/2|Noise/Diffusion=0.3|Force/Expression=";
  const struct {
    std::string settings;
    bool balanced, stationary;
  } rows[] = {
    { disc + bowl + "-y; x", false, true },
    { disc + bowl + "-y*(1 + x^2 + y^2); x*(1 + x^2 + y^2)", false, true },
    { disc + bowl + "-y; 1.001*x", false, false },
    { disc + bowl + "y; 0", false, false },
    { square + bowl + "-y; x|Domain/Absorbing=all", false, true },
    { square + bowl + "-y; x|Domain/Absorbing=x+", false, false },
    { square + "(x^2 + y^2)/2|Noise/Diffusion=0.3|Domain/Absorbing=x+", true, true },
    { square + "x^2 + x*y + y^2|Noise/Diffusion=0.3, 0; 0, 0.1|Domain/Absorbing=all", false,
      false },
  };
  for (const auto& row : rows)
    BOOST_TEST_CONTEXT(row.settings) {
      const Gauge<2> gauge(make_problem<2>(Settings{ row.settings }));
      BOOST_TEST(gauge.is_reversible() == row.balanced);
      BOOST_TEST(gauge.is_stationary() == row.stationary);
      BOOST_TEST(!Gauge<2>(make_problem<2>(Settings{ row.settings }), 0.9).is_stationary());
    }
}

BOOST_AUTO_TEST_SUITE_END()
