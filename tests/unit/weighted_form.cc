// The bilinear forms A and M, assembled on small meshes.
#include "solver/operator/weighted_form.h"

#include "meshes/mesh.h"
#include "solver/analyses/quasi_stationary.h"
#include "solver/operator/discretization.h"
#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace fokker_planck;
using dealii::Vector;
using testing::Case;

namespace {

/// A and M as dense matrices, and the positions of the nodes.
template <int dim>
struct Assembled {
  Assembled(const Problem<dim>& problem, const Gauge<dim>& gauge, const Landscape<dim>& landscape,
            const std::array<unsigned int, dim>& n_cells, const unsigned int degree) {
    const Discretization<dim> discretization(make_mesh<dim>(problem.domain, n_cells, MPI_COMM_SELF),
                                             degree);
    WeightedForm<dim> form(problem, gauge, discretization.get_mapping(), degree,
                           landscape.cutoff_level);
    const auto& dof_handler = discretization.get_dof_handler();
    stiffness.reinit(dof_handler.n_dofs(), dof_handler.n_dofs());
    mass.reinit(dof_handler.n_dofs(), dof_handler.n_dofs());
    positions.resize(dof_handler.n_dofs());
    std::vector<dealii::types::global_dof_index> dofs(discretization.get_element().dofs_per_cell);
    typename WeightedForm<dim>::CellMatrices cell_matrices;
    for (const auto& cell : dof_handler.active_cell_iterators()) {
      form.compute(cell, cell_matrices);
      cell->get_dof_indices(dofs);
      const double factor = std::exp(-cell_matrices.reference);
      for (std::size_t i = 0; i < dofs.size(); ++i) {
        positions[dofs[i]] = discretization.get_mapping().transform_unit_to_real_cell(
          cell, discretization.get_element().unit_support_point(i));
        for (std::size_t j = 0; j < dofs.size(); ++j) {
          stiffness(dofs[i], dofs[j]) += factor * cell_matrices.stiffness(i, j);
          mass(dofs[i], dofs[j]) += factor * cell_matrices.mass(i, j);
        }
      }
    }
  }

  /// Nodal values of a function.
  template <typename F>
  Vector<double> nodal(const F& f) const {
    Vector<double> values(positions.size());
    for (std::size_t i = 0; i < positions.size(); ++i)
      values(i) = f(positions[i]);
    return values;
  }

  dealii::FullMatrix<double> stiffness, mass;
  std::vector<dealii::Point<dim>> positions;
};

/// Conservation, detailed balance and positivity for degrees 1 to 4.
template <int dim>
void check_structure(const Case& text, const bool balanced,
                     const std::array<unsigned int, dim>& n_cells) {
  const auto problem = testing::make_problem<dim>(text);
  const Gauge<dim> gauge(problem);
  BOOST_TEST_REQUIRE(gauge.detailed_balance() == balanced);
  const auto landscape = explore(problem.domain, gauge, *problem.loss, problem.start);
  for (unsigned int degree = 1; degree <= 4; ++degree)
    BOOST_TEST_CONTEXT(dim << "-D, degree " << degree << ": " << text.expression << " | "
                           << text.diffusion) {
      const Assembled<dim> matrices(problem, gauge, landscape, n_cells, degree);
      const auto &a = matrices.stiffness, &m = matrices.mass;
      // Sums of up to 81 entries of a column, each a sum over quadrature points.
      const double rounding = 1e-12;
      double size = 0, columns = 0, rows = 0, asymmetry = 0, mass_asymmetry = 0;
      for (std::size_t i = 0; i < a.m(); ++i) {
        double row = 0, column = 0;
        for (std::size_t j = 0; j < a.m(); ++j) {
          row += a(i, j);
          column += a(j, i);
          size = std::max(size, std::fabs(a(i, j)));
          asymmetry = std::max(asymmetry, std::fabs(a(i, j) - a(j, i)));
          mass_asymmetry = std::max(mass_asymmetry, std::fabs(m(i, j) - m(j, i)));
        }
        rows = std::max(rows, std::fabs(row));
        columns = std::max(columns, std::fabs(column));
      }
      BOOST_TEST(columns <= rounding * size);
      BOOST_TEST(mass_asymmetry <= rounding * m.linfty_norm());
      if (balanced) {
        BOOST_TEST(rows <= rounding * size);
        BOOST_TEST(asymmetry <= rounding * size);
      } else { // the coupling of the losses is not small
        BOOST_TEST(rows >= 1e-3 * size);
        BOOST_TEST(asymmetry >= 1e-3 * size);
      }
      std::mt19937 generator(2);
      std::uniform_real_distribution<double> uniform(-1, 1);
      for (int repetition = 0; repetition < 5; ++repetition) {
        const auto v = matrices.nodal([&](const auto&) { return uniform(generator); });
        BOOST_TEST(m.matrix_norm_square(v) > 0);
        if (balanced) BOOST_TEST(a.matrix_norm_square(v) > 0);
      }
    }
}

const std::string quartic = "x^4/4 - x^2/2 + y^2";

/// exp(-g s) integrated over (0, l).
double integral(const double g, const double l) {
  return g == 0 ? l : -std::expm1(-g * l) / g;
}

} // namespace

BOOST_AUTO_TEST_SUITE(weighted_form)

BOOST_AUTO_TEST_CASE(structure) {
  check_structure<1>({ "x^4/4 - x^2/2", "0.2", "-1.5", "0.5", "x+" }, true, { { 3 } });
  for (const char* diffusion : { "0.5", "0.5, 0; 0, 0.3" })
    check_structure<2>({ quartic, diffusion, "-1.5, -1", "0.5, 1", "x+" }, true, { { 3, 2 } });
  for (const char* diffusion : { "0.5, 0; 0, 0.3", "0.5, 0.1; 0.1, 0.3" })
    check_structure<2>({ quartic + " + x*y", diffusion, "-1.5, -1", "0.5, 1", "x+" }, false,
                       { { 3, 2 } });
  const std::string in_space = quartic + " + z^2", tensor = "0.5, 0, 0; 0, 0.4, 0; 0, 0, 0.3";
  for (const auto& diffusion : { std::string("0.5"), tensor })
    check_structure<3>({ in_space, diffusion, "-1.5, -1, -1", "0.5, 1, 1", "x+" }, true,
                       { { 2, 1, 1 } });
  check_structure<3>({ in_space + " + x*z", tensor, "-1.5, -1, -1", "0.5, 1, 1", "x+" }, false,
                     { { 2, 1, 1 } });
}

/// L = 0 and D = 1 on a unit cell of degree one: products of the matrices of an interval,
/// K = (1, -1; -1, 1) and B = (1/3, 1/6; 1/6, 1/3).
template <int dim>
void check_unit_cell() {
  const std::string zeros[] = { "0", "0, 0", "0, 0, 0" }, ones[] = { "1", "1, 1", "1, 1, 1" };
  const auto problem =
    testing::make_problem<dim>({ "0", "1", zeros[dim - 1], ones[dim - 1], "x+" });
  const Gauge<dim> gauge(problem);
  std::array<unsigned int, dim> n_cells;
  n_cells.fill(1);
  const Assembled<dim> matrices(
    problem, gauge, explore(problem.domain, gauge, *problem.loss, problem.start), n_cells, 1);
  BOOST_TEST_REQUIRE(matrices.mass.m() == (1U << dim));
  for (std::size_t i = 0; i < matrices.mass.m(); ++i)
    for (std::size_t j = 0; j < matrices.mass.m(); ++j) {
      double mass = 1, stiffness = 0;
      for (int k = 0; k < dim; ++k) {
        double term = 1;
        for (int l = 0; l < dim; ++l) {
          const bool same = matrices.positions[i][l] == matrices.positions[j][l];
          term *= l == k ? (same ? 1. : -1.) : (same ? 1. / 3 : 1. / 6);
          if (k == 0) mass *= same ? 1. / 3 : 1. / 6;
        }
        stiffness += term;
      }
      BOOST_TEST(std::fabs(matrices.mass(i, j) - mass) <= 1e-15); // rounding
      BOOST_TEST(std::fabs(matrices.stiffness(i, j) - stiffness) <= 1e-15);
    }
}

BOOST_AUTO_TEST_CASE(textbook_matrices) {
  check_unit_cell<1>();
  check_unit_cell<2>();
  check_unit_cell<3>();
}

// A linear loss: Psi = g.(x - c) with g = D^-1 grad L, so all integrals are known.
BOOST_AUTO_TEST_CASE(linear_loss) {
  const double dxx = 0.5, dxy = 0.1, dyy = 0.3, det = dxx * dyy - dxy * dxy;
  const double gx = (dyy * 0.4 - dxy * 0.2) / det, gy = (dxx * 0.2 - dxy * 0.4) / det;
  const auto problem =
    testing::make_problem<2>({ "0.4*x + 0.2*y", "0.5, 0.1; 0.1, 0.3", "0, 0", "2, 1", "x+" });
  const Gauge<2> gauge(problem);
  BOOST_TEST(gauge.detailed_balance());
  const Assembled<2> matrices(
    problem, gauge, explore(problem.domain, gauge, *problem.loss, problem.start), { { 4, 2 } }, 2);
  const double weight = std::exp(gx + gy / 2) * integral(gx, 2) * integral(gy, 1);
  const auto x = matrices.nodal([](const auto& p) { return p[0]; });
  const auto y = matrices.nodal([](const auto& p) { return p[1]; });
  const auto one = matrices.nodal([](const auto&) { return 1.; });
  // Gauss quadrature with four points of exp(-s) over cells of size 1/2 errs by 1e-11.
  BOOST_TEST(std::fabs(matrices.mass.matrix_norm_square(one) / weight - 1) <= 1e-9);
  BOOST_TEST(std::fabs(matrices.stiffness.matrix_norm_square(x) / (dxx * weight) - 1) <= 1e-9);
  BOOST_TEST(std::fabs(matrices.stiffness.matrix_norm_square(y) / (dyy * weight) - 1) <= 1e-9);
  BOOST_TEST(std::fabs(matrices.stiffness.matrix_scalar_product(x, y) / (dxy * weight) - 1) <=
             1e-9);
}

// Without detailed balance A 1 holds the mismatch: x^T A 1 = int exp(-Psi) w_x, computed here by
// the midpoint rule.
BOOST_AUTO_TEST_CASE(mismatch) {
  const auto problem = testing::make_problem<2>(
    { quartic + " + x*y", "0.5, 0.1; 0.1, 0.3", "-1.5, -1", "0.5, 1", "x+" });
  const Gauge<2> gauge(problem);
  const Assembled<2> matrices(
    problem, gauge, explore(problem.domain, gauge, *problem.loss, problem.start), { { 6, 6 } }, 4);
  const double effective = 2 * (0.5 * 0.3 - 0.1 * 0.1) / (0.5 + 0.3); // 2 / trace of D^-1
  const int n = 400;
  double expected[2] = { 0, 0 };
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      const double x = -1.5 + (i + 0.5) * 2 / n, y = -1 + (j + 0.5) * 2 / n;
      const double lx = x * x * x - x + y, ly = 2 * y + x;
      const double weight =
        std::exp(-(x * x * x * x / 4 - x * x / 2 + y * y + x * y) / effective) * 4 / n / n;
      expected[0] += weight * (lx - (0.5 * lx + 0.1 * ly) / effective);
      expected[1] += weight * (ly - (0.1 * lx + 0.3 * ly) / effective);
    }
  const auto one = matrices.nodal([](const auto&) { return 1.; });
  for (int k = 0; k < 2; ++k) {
    const auto v = matrices.nodal([&](const auto& p) { return p[k]; });
    const double computed = matrices.stiffness.matrix_scalar_product(v, one);
    // The midpoint rule with spacing h = 0.005 errs by h^2/24 times second derivatives up to 1e2.
    BOOST_TEST(std::fabs(computed - expected[k]) <= 3e-4);
    BOOST_TEST(std::fabs(expected[k]) >= 1e-2); // not zero by chance
  }
}

BOOST_AUTO_TEST_SUITE_END()
