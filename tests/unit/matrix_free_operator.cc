// Operators without matrices must be those of the matrices, on meshes with hanging nodes and with
// any coefficients; and sums over tensor products those of deal.II.
#include "solver/operator/matrix_free_operator.h"
#include "solver/operator/assembled_operator.h"
#include "tests/solve.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_q.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

using Vector = ScaledOperator::Vector;

double distance(const Vector& a, const Vector& b) {
  Vector difference(a);
  difference -= b;
  return difference.linfty_norm() / b.linfty_norm();
}

template <int dim>
void compare_operators(const Settings& settings, const unsigned int degree) {
  const auto problem = make_problem<dim>(settings);
  const Gauge<dim> gauge(problem);
  const auto landscape = explore(problem.domain, gauge, *problem.loss, problem.start);
  std::array<unsigned int, dim> n_cells;
  n_cells.fill(3);
  const auto mesh = make_mesh<dim>(problem.domain, n_cells, MPI_COMM_SELF);
  std::vector<bool> marked(mesh->get_triangulation().n_active_cells(), false);
  marked[1] = marked.back() = true;
  mesh->refine(marked);
  const Discretization<dim> discretization(mesh, degree);
  WeightedForm<dim> form(problem, gauge, discretization.get_mapping(), degree,
                         landscape.cutoff_level);
  const ScaledSpace<dim> space(discretization, form);
  AssembledOperator<dim> assembled(space, form);
  const MatrixFreeOperator<dim> matrix_free(space, form);

  std::mt19937 generator(3);
  std::uniform_real_distribution<double> uniform(-1, 1);
  Vector u(space.locally_owned(), MPI_COMM_SELF), expected(u), computed(u);
  for (const auto node : space.locally_owned())
    u(node) = uniform(generator);
  u.compress(dealii::VectorOperation::insert);
  const double rounding = 1e-12; // of sums of up to a few hundred terms
  BOOST_TEST_CONTEXT(settings.text << ", degree " << degree) {
    for (const Equation equation : { Equation::forward, Equation::backward }) {
      assembled.apply_stiffness(u, expected, equation);
      matrix_free.apply_stiffness(u, computed, equation);
      BOOST_TEST(distance(computed, expected) <= rounding);
    }
    assembled.apply_mass(u, expected);
    matrix_free.apply_mass(u, computed);
    BOOST_TEST(distance(computed, expected) <= rounding);
    assembled.get_diagonal(expected);
    matrix_free.get_diagonal(computed);
    for (const auto node : space.locally_owned())
      if (discretization.get_constraints().is_constrained(node))
        BOOST_TEST(computed(node) == 0);
      else // terms between hanging nodes are left out
        BOOST_TEST(std::fabs(computed(node) / expected(node) - 1) <= 1);
    // On its own space the form of another degree is A^ itself.
    typename ScaledSpace<dim>::Matrix again;
    matrix_free.assemble(space, 0, again);
    assembled.apply_stiffness(u, expected, Equation::forward);
    again.vmult(computed, u);
    BOOST_TEST(distance(computed, expected) <= rounding);
    // With a shift, also through the free nodes alone.
    const double shift = 2.5;
    Vector mass(u);
    assembled.apply_mass(u, mass);
    expected.add(shift, mass);
    typename ScaledSpace<dim>::Matrix shifted;
    matrix_free.assemble(space, shift, shifted);
    shifted.vmult(computed, u);
    BOOST_TEST(distance(computed, expected) <= rounding);
    const FreeNodes<dim> free(discretization, space,
                              { std::vector<bool>(problem.domain.n_sides(), false) });
    const auto& positions = free.get_positions();
    std::vector<double> x, y(positions.size()), ones(positions.size(), 1.);
    for (const unsigned int position : positions)
      x.push_back(u(space.locally_owned().nth_index_in_set(position)));
    for (const Equation equation : { Equation::forward, Equation::backward }) {
      assembled.apply_stiffness(u, expected, equation);
      expected.add(shift, mass);
      matrix_free.apply_to_free(free, shift, x.data(), ones.data(), y.data(), equation);
      double largest = 0;
      for (std::size_t i = 0; i < y.size(); ++i)
        largest = std::max(
          largest,
          std::fabs(y[i] - expected(space.locally_owned().nth_index_in_set(positions[i]))));
      BOOST_TEST(largest <= rounding * expected.linfty_norm());
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(matrix_free_operator)

BOOST_AUTO_TEST_CASE(the_same_as_matrices) {
  for (const unsigned int degree : { 1, 2, 3, 6 }) {
    compare_operators<1>({ "Loss/Expression=x^4/4 - x^2/2|Noise/Diffusion=0.1|Domain/Lower=-2|"
                           "Domain/Upper=0|Domain/Absorbing=x+" },
                         degree);
    compare_operators<2>({ "Loss/Expression=x^4/4 - x^2/2 + y^2|Noise/Diffusion=0.1|Domain/Lower="
                           "-2, -1|Domain/Upper=0, 1|Domain/Absorbing=x+" },
                         degree);
    compare_operators<2>({ "Loss/Expression=(x^2 + y^2)/2|Force/Expression=-2*y; 2*x|Noise/"
                           "Diffusion=0.2, 0.05; 0.05, 0.1|Domain/Lower=-1, -1|Domain/Upper=1, 1|"
                           "Domain/Absorbing=all" },
                         degree);
    compare_operators<2>({ "Loss/Expression=(x^2 + y^2)/2|Noise/Diffusion=0.2|Domain/Type=ball|"
                           "Domain/Center=0, 0|Domain/Radius=1" },
                         degree);
  }
  for (const unsigned int degree : { 1, 2, 3 }) {
    compare_operators<3>({ "Loss/Expression=(x^2 + 2*y^2 + z^2)/2|Noise/Diffusion=0.1|Domain/Lower="
                           "-1, -1, -1|Domain/Upper=1, 1, 1|Domain/Absorbing=x+" },
                         degree);
    compare_operators<3>({ "Loss/Expression=(x^2 + 2*y^2 + z^2)/2|Force/Expression=-y; x; 0|Noise/"
                           "Diffusion=0.2, 0.05, 0; 0.05, 0.1, 0.02; 0, 0.02, 0.1|Domain/Lower="
                           "-1, -1, -1|Domain/Upper=1, 1, 1|Domain/Absorbing=x+" },
                         degree);
  }
}

// Values, gradients, their transposes and products against the shape functions of deal.II, with
// fewer and with more points than nodes.
BOOST_AUTO_TEST_CASE(tensor_products) {
  constexpr int dim = 3;
  for (const unsigned int degree : { 1, 2, 5 })
    for (const unsigned int n_points : { 2, 4, 7 }) {
      const dealii::QGauss<1> rule(n_points);
      const dealii::Quadrature<dim> points(rule);
      const dealii::FE_Q<dim> element(degree);
      const TensorProduct<dim> basis(degree, rule);
      const unsigned int n = basis.n_nodes(), m = basis.n_points();
      BOOST_TEST_REQUIRE(n == element.n_dofs_per_cell());
      BOOST_TEST_REQUIRE(m == points.size());
      std::mt19937 generator(4);
      std::uniform_real_distribution<double> uniform(-1, 1);
      PackArray nodal(n), values(m), gradients(dim * m), back(n);
      for (unsigned int i = 0; i < n; ++i)
        for (int lane = 0; lane < pack_size; ++lane)
          nodal[i][lane] = uniform(generator);
      basis.evaluate(nodal.data(), values.data(), gradients.data());
      double largest = 0;
      for (unsigned int q = 0; q < m; ++q)
        for (int lane = 0; lane < pack_size; ++lane) {
          double value = 0;
          dealii::Tensor<1, dim> gradient;
          for (unsigned int i = 0; i < n; ++i) {
            value += nodal[basis.place(i)][lane] * element.shape_value(i, points.point(q));
            gradient += nodal[basis.place(i)][lane] * element.shape_grad(i, points.point(q));
          }
          largest = std::max(largest, std::fabs(value - values[q][lane]));
          for (int d = 0; d < dim; ++d)
            largest = std::max(largest, std::fabs(gradient[d] - gradients[d * m + q][lane]));
        }
      BOOST_TEST(largest <= 1e-11); // gradients are of the order of n k^2

      // The transpose: a.(E b) = (E^T a).b with a the values and gradients themselves.
      basis.integrate(values.data(), gradients.data(), back.data());
      double left = 0, right = 0;
      for (unsigned int q = 0; q < m; ++q)
        left += values[q][1] * values[q][1];
      for (unsigned int q = 0; q < dim * m; ++q)
        left += gradients[q][1] * gradients[q][1];
      for (unsigned int i = 0; i < n; ++i)
        right += back[i][1] * nodal[i][1];
      BOOST_TEST(std::fabs(left / right - 1) <= 1e-12);

      std::vector<double> coefficients(m), pairs(n * n, 0.);
      for (double& coefficient : coefficients)
        coefficient = uniform(generator);
      basis.add_products(coefficients, 1, TensorProduct<dim>::value, pairs);
      dealii::FullMatrix<double> matrix(n, n);
      basis.add_unpacked(pairs, matrix);
      largest = 0;
      for (unsigned int i = 0; i < n; i += 3)
        for (unsigned int j = 0; j < n; j += 2) {
          double expected = 0;
          for (unsigned int q = 0; q < m; ++q)
            expected += coefficients[q] * element.shape_grad(i, points.point(q))[1] *
                        element.shape_value(j, points.point(q));
          largest = std::max(largest, std::fabs(expected - matrix(i, j)));
        }
      BOOST_TEST(largest <= 1e-10);
    }
}

BOOST_AUTO_TEST_SUITE_END()
