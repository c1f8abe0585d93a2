// Noise as the user states it: formulas, wrong input, scale, injected noise, reported quantities.
#include "problems/base/input_error.h"
#include "tests/unit/noise_cases.h"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <functional>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;
using dealii::Tensor;

namespace {

/// Whether a list in a result equals the expected numbers.
void check_list(const nlohmann::ordered_json& list, const std::vector<double>& expected,
                const double tolerance) {
  BOOST_TEST_INFO_SCOPE(list);
  BOOST_TEST_REQUIRE(list.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(std::fabs(list[i].get<double>() - expected[i]) <= tolerance);
}

std::vector<double> ascending(const Matrix<2>& a) {
  const double mean = 0.5 * (a[0][0] + a[1][1]),
               radius = std::hypot(0.5 * (a[0][0] - a[1][1]), a[0][1]);
  return { mean - radius, mean + radius };
}

/// e^T A e for the unstable direction e of the saddle of wells[1].
double along_saddle(const Matrix<2>& a) {
  const Matrix<2> h = well_hessian<2>(-1);
  Tensor<1, 2> e({ h[0][1], ascending(h)[0] - h[0][0] });
  e /= e.norm();
  return e * (a * e);
}

/// Entries of D given as formulas, against the same formulas as functions.
template <int dim>
void check_expressions(const std::string& expressions,
                       const std::function<Matrix<dim>(const Point<dim>&)>& expected) {
  BOOST_TEST_CONTEXT(expressions) {
    const auto problem = make<dim>("Loss/Expression=x^2|Loss/Constants=c=0.3" + boxes[dim - 1] +
                                   "|Noise/Type=expression|Noise/Expressions=" + expressions);
    BOOST_TEST(!problem.diffusion->is_constant());
    BOOST_TEST(problem.diffusion->description() == "Noise/Expressions: got '" + expressions + "'");
    BOOST_TEST(quantities_of(problem)["expressions"] == expressions);
    const auto points = random_points(problem.domain, 20);
    for (const auto& point : points)
      BOOST_TEST((tensor(problem, point) - expected(point)).norm() <= 1e-14); // of terms up to 5
    check_divergences(problem, points, 1e-10, 0.1); // truncation and rounding of smooth functions
  }
}

Matrix<2> plane_matrix(const Point<2>& p) {
  Matrix<2> d;
  d[0][0] = 2 + p[0] * p[0] + 0.3 * std::sin(p[1]);
  d[0][1] = 0.3 * p[0] + 0.2 * p[1] * p[1];
  d[1][1] = 3 + std::cos(p[0] + 2 * p[1]);
  return d;
}

Matrix<3> space_matrix(const Point<3>& p) {
  Matrix<3> d;
  d[0][0] = 4 + p[2] + p[0];
  d[0][1] = 0.3 * p[0] * p[1];
  d[0][2] = 0.1 * p[2] * p[1];
  d[1][1] = 5 + std::sin(p[1] * p[2]);
  d[1][2] = 0.7 * p[1] - 0.2 * p[2];
  d[2][2] = 6 + p[2] * p[2];
  return d;
}

void check_refused(const std::string& settings, const int dim, const std::string& part) {
  const auto make_any = [&] {
    if (dim == 1)
      make<1>(settings);
    else if (dim == 2)
      make<2>(settings);
    else
      make<3>(settings);
  };
  BOOST_TEST_CONTEXT(settings)
    BOOST_CHECK_EXCEPTION(make_any(), InputError, [&](const InputError& error) {
      const std::string message = error.what();
      BOOST_TEST_INFO(message);
      return message.find(part) != std::string::npos;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(noise_input)

BOOST_AUTO_TEST_CASE(expressions) {
  check_expressions<1>("1 + c*sin(2*x)", [](const Point<1>& p) {
    return (1 + 0.3 * std::sin(2 * p[0])) * identity<1>();
  });
  check_expressions<2>("2 + x*y + exp(c*y)", [](const Point<2>& p) {
    return (2 + p[0] * p[1] + std::exp(0.3 * p[1])) * identity<2>();
  });
  check_expressions<3>("5 + x*y - c*z^2 + x", [](const Point<3>& p) {
    return (5 + p[0] * p[1] - 0.3 * p[2] * p[2] + p[0]) * identity<3>();
  });
  const std::string xx = "2 + x^2 + c*sin(y)", xy = "c*x + 0.2*y^2", yy = "3 + cos(x + 2*y)";
  check_expressions<2>(xx + "; " + xy + "; " + yy, plane_matrix);
  check_expressions<2>(xx + "; " + xy + "; 0.2*y*y + x*c; " + yy, plane_matrix);
  check_expressions<3>("4 + z + x; c*x*y; 0.1*z*y; 5 + sin(y*z); 0.7*y - 0.2*z; 6 + z^2",
                       space_matrix);
  check_expressions<3>("4 + z + x; c*x*y; 0.1*z*y; c*x*y; 5 + sin(y*z); 0.7*y - 0.2*z; 0.1*z*y; "
                       "0.7*y - 0.2*z; 6 + z^2",
                       space_matrix);
}

BOOST_AUTO_TEST_CASE(wrong_expressions) {
  const auto settings = [](const int dim, const std::string& expressions) {
    return "Loss/Expression=x^2" + boxes[dim - 1] +
           "|Noise/Type=expression|Noise/Expressions=" + expressions;
  };
  for (const std::string text : { "", "1; 1" })
    check_refused(settings(1, text), 1, "Noise/Expressions: got '" + text + "', but one formula");
  for (const std::string text : { "", "1; 1", "1; 0; 0; 1; 1" })
    check_refused(settings(2, text), 2, "(xx; xy; yy)");
  for (const std::string text : { "1; 0; 1", "1; 0; 0; 1; 0", "1; 0; 0; 1; 0; 1; 0" })
    check_refused(settings(3, text), 3, "(xx; xy; xz; yy; yz; zz)");
  check_refused(settings(1, "1 + y"), 1, "Noise/Expressions");
  check_refused(settings(2, "2; 0.1*x; 0.1*y; 2"), 2, "not symmetric");
  check_refused(settings(2, "2; 0.1; -0.1; 2"), 2, "not symmetric");
  check_refused(settings(3, "2; 0; 0; 0; 2; 0.1*z; 0; 0.1000001*z; 2"), 3, "not symmetric");
}

// Equal up to rounding is symmetric, also where the entry vanishes.
BOOST_AUTO_TEST_CASE(symmetric_up_to_rounding) {
  const auto problem =
    make<2>("Loss/Expression=x^2|Domain/Lower=0.1, -1|Domain/Upper=0.9, 1|Noise/Type=expression"
            "|Noise/Expressions=2; x*(x - 0.3)*0.1; 0.1*x^2 - 0.03*x; 2");
  BOOST_TEST(std::fabs(tensor(problem, { 0.5, 0 })[0][1] - 0.01) <= 1e-16); // one rounding
}

// eta_B = eta (1 - B/m)/B multiplies every tensor and divergence of gradient noise.
BOOST_AUTO_TEST_CASE(noise_scale) {
  const struct {
    std::string settings;
    double factor;
  } scales[] = {
    { "|Noise/Learning rate=0.03", 0.03 },
    { "|Noise/Learning rate=0.03|Noise/Batch size=4", 0.03 / 4 },
    { "|Noise/Learning rate=0.03|Noise/Batch size=4|Noise/Data set size=5", 0.03 / 4 * 0.2 },
    { "|Noise/Learning rate=0.5|Noise/Batch size=50|Noise/Data set size=1000", 0.01 * 0.95 }
  };
  for (const std::string& model : { frozen, absolute_type + "|Noise/Floor=0.5", two_temperature,
                                    proportional + "|Noise/Floor=0.4" }) {
    const auto reference = make<2>(well_with<2>(model + "|Noise/Learning rate=1"));
    for (const auto& [settings, factor] : scales) {
      const auto problem = make<2>(well_with<2>(model + settings));
      const auto json = quantities_of(problem);
      BOOST_TEST(std::fabs(json["eta_B"].get<double>() / factor - 1) <= 1e-15); // two roundings
      for (const auto& point : random_points(problem.domain, 10)) {
        const Matrix<2> expected = factor * tensor(reference, point);
        const Tensor<1, 2> slope = factor * divergence(reference, point);
        // Minimum and saddle are found anew, to rounding; the transition enlarges it by L/w.
        BOOST_TEST((tensor(problem, point) - expected).norm() <= 1e-12 * expected.norm());
        BOOST_TEST((divergence(problem, point) - slope).norm() <= 1e-11 * slope.norm());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(wrong_gradient_noise) {
  for (const std::string& model : { frozen, absolute_type, two_temperature, proportional }) {
    const auto check = [&](const std::string& settings, const std::string& part) {
      check_refused(well_with<1>(model + settings), 1, part);
    };
    check("", "Noise/Learning rate: got ''");
    check("|Noise/Learning rate=0", "Noise/Learning rate: got '0'");
    check("|Noise/Learning rate=-1", "Noise/Learning rate: got '-1'");
    check("|Noise/Learning rate=0.1|Noise/Batch size=0", "Noise/Batch size: got '0'");
    check("|Noise/Learning rate=0.1|Noise/Batch size=8|Noise/Data set size=8",
          "Noise/Batch size: got '8'");
    check("|Noise/Learning rate=0.1|Noise/Data set size=-8", "Noise/Data set size: got '-8'");
  }
  const std::string rate = "|Noise/Learning rate=0.1";
  check_refused(well_with<1>(two_temperature + rate + "|Noise/Path parameter s=1"), 1,
                "Noise/Path parameter s: got '1'");
  check_refused(well_with<1>(two_temperature + rate + "|Noise/Transition width=0"), 1,
                "Noise/Transition width: got '0'");
  check_refused(well_with<1>(absolute_type + rate + "|Noise/Floor=-1"), 1, "Noise/Floor: got '-1'");
  check_refused(well_with<1>(rate + "|Noise/Type=hessian aligned|Noise/Hessian=raw"), 1,
                "Noise/Hessian: got 'raw'");
  // No floor: D vanishes at the inflections between minima and saddle, x = -1/sqrt(3) or 1/sqrt(3).
  check_refused(well_with<1>(absolute_type + rate), 1, "0.57735");
  // The loss is negative in the wells.
  check_refused(well_with<1>(proportional + rate), 1, "it must be positive definite");
  // No saddle on the way out.
  check_refused("Loss/Expression=x^2|Domain/Lower=-1|Domain/Upper=1" + two_temperature + rate, 1,
                "no saddle");
  // The minimum of x^4 is flat.
  check_refused("Loss/Expression=x^4 + y^2|Domain/Lower=-1, -1|Domain/Upper=1.1, 1" + frozen + rate,
                2, "minimum");
}

// D + delta I, with the divergence of D alone.
BOOST_AUTO_TEST_CASE(injected) {
  const std::string rate = "|Noise/Learning rate=0.02", delta = "|Noise/Injected diffusion=0.007";
  const auto check = [&](const auto dimension, const std::string& settings) {
    constexpr int dim = decltype(dimension)::value;
    const auto plain = make<dim>(settings), problem = make<dim>(settings + delta);
    BOOST_TEST(problem.diffusion->is_constant() == plain.diffusion->is_constant());
    BOOST_TEST(problem.diffusion->description() ==
               plain.diffusion->description() + " with Noise/Injected diffusion = 0.007");
    for (const auto& point : random_points(plain.domain, 10)) {
      const Matrix<dim> expected = tensor(plain, point) + 0.007 * identity<dim>();
      BOOST_TEST((tensor(problem, point) - expected).norm() <= 1e-15 * expected.norm()); // one
      const Tensor<1, dim> slope = divergence(plain, point); // the same formula, summed anew
      BOOST_TEST((divergence(problem, point) - slope).norm() <= 1e-12 * slope.norm(),
                 settings << " at " << point << ": " << divergence(problem, point) << ", "
                          << slope);
    }
    auto json = quantities_of(problem);
    BOOST_TEST((json["injected_diffusion"] == 0.007));
    json.erase("injected_diffusion");
    BOOST_TEST((json == quantities_of(plain)));
  };
  const std::integral_constant<int, 1> one;
  const std::integral_constant<int, 2> two;
  const std::integral_constant<int, 3> three;
  check(one, well_with<1>(absolute_type + rate + "|Noise/Floor=0.5"));
  check(one, well_with<1>("|Noise/Diffusion=0.1"));
  check(two, well_with<2>("|Noise/Diffusion=1, 0.2; 0.2, 0.5"));
  check(two, well_with<2>(frozen + rate));
  check(two, well_with<2>(two_temperature + rate));
  check(two, well_with<2>("|Noise/Type=expression|Noise/Expressions=1 + x^2; 0.1*y; 2"));
  check(three, well_with<3>(proportional + rate + "|Noise/Floor=0.4"));
  // Injected noise mends a D that is zero at the minimum.
  const std::string zero = "Loss/Expression=x^2/2|Domain/Lower=-1|Domain/Upper=1" + proportional;
  check_refused(zero + rate, 1, "must be positive definite");
  BOOST_TEST(std::fabs(tensor(make<1>(zero + rate + delta), Point<1>(0.5))[0][0] -
                       (0.007 + 0.02 * 0.125)) <= 1e-17); // one rounding
}

BOOST_AUTO_TEST_CASE(quantities) {
  const std::string rate = "|Noise/Learning rate=0.04|Noise/Batch size=2|Noise/Data set size=10";
  const std::string only_saddle = "|Domain/Absorbing=x+"; // the only way out of the valley
  const double scale = 0.016;
  const Matrix<2> a = well_hessian<2>(2), b = well_hessian<2>(-1);
  const auto near = [](const nlohmann::ordered_json& number, const double expected) {
    BOOST_TEST(std::fabs(number.get<double>() - expected) <= 1e-12); // minimum to rounding
  };
  const auto check_common = [&](const nlohmann::ordered_json& json) {
    BOOST_TEST(json["learning_rate"].get<double>() == 0.04);
    BOOST_TEST(json["batch_size"].get<double>() == 2);
    BOOST_TEST(json["data_set_size"].get<double>() == 10);
    near(json["eta_B"], scale);
  };
  {
    const auto json = quantities_of(make<2>(well_with<2>(frozen + rate + only_saddle)));
    check_common(json);
    check_list(json["hessian_at_minimum_eigenvalues"], ascending(a), 1e-12); // as near()
    near(json["T_e"], 0.5 * scale * along_saddle(a));
  }
  {
    const auto json =
      quantities_of(make<2>(well_with<2>(absolute_type + rate + only_saddle + "|Noise/Floor=0.5")));
    check_common(json);
    BOOST_TEST(json["floor"].get<double>() == 0.5);
    const Matrix<2> f_a = absolute(a, 0.5), f_b = absolute(b, 0.5);
    check_list(json["hessian_at_minimum_eigenvalues"], ascending(f_a), 1e-12); // as near()
    check_list(json["hessian_at_exit_eigenvalues"], ascending(f_b), 1e-12);    // as near()
    near(json["T_e"], 0.5 * scale * along_saddle(f_a));
    near(json["T_e_at_exit"], 0.5 * scale * along_saddle(f_b));
  }
  { // the side x = -1.6 costs less than the saddle: the barrier over the mean of T
    const auto json =
      quantities_of(make<2>(well_with<2>(absolute_type + rate + "|Noise/Floor=0.5")));
    const Matrix<2> f_a = absolute(a, 0.5), f_b = absolute(b, 0.5);
    const Matrix<2> f_side = absolute(well_hessian<2>(3 * 1.6 * 1.6 - 1), 0.5);
    const double saddle_cost = 0.25 * (1 / along_saddle(f_a) + 1 / along_saddle(f_b));
    const double side_loss = std::pow(1.6, 4) / 4 - 1.6 * 1.6 / 2;
    BOOST_TEST((side_loss + 0.25) * (1 / f_a[0][0] + 1 / f_side[0][0]) < 0.9 * saddle_cost);
    check_list(json["hessian_at_exit_eigenvalues"], ascending(f_side), 1e-11); // as near()
    near(json["T_e"], 0.5 * scale * f_a[0][0]);
    near(json["T_e_at_exit"], 0.5 * scale * f_side[0][0]);
  }
  {
    const auto json = quantities_of(
      make<2>(well_with<2>(two_temperature + rate + only_saddle + "|Noise/Path parameter s=0.4")));
    check_common(json);
    near(json["path_parameter"], 0.4);
    near(json["transition_level"], -0.15);
    near(json["transition_width"], 0.1 * 0.1); // a tenth of the distance from L_a
    check_list(json["hessian_at_minimum_eigenvalues"], ascending(a), 1e-12);          // as near()
    check_list(json["hessian_at_saddle_eigenvalues"], ascending(absolute(b)), 1e-12); // as near()
    near(json["T_a"], 0.5 * scale * along_saddle(a));
    near(json["T_b"], 0.5 * scale * along_saddle(absolute(b)));
    const auto late = quantities_of(
      make<2>(well_with<2>(two_temperature + rate + only_saddle + "|Noise/Path parameter s=0.8")));
    near(late["transition_width"], 0.1 * 0.05); // from L_b
  }
  {
    const auto json =
      quantities_of(make<2>(well_with<2>(proportional + rate + only_saddle + "|Noise/Floor=0.4")));
    check_common(json);
    BOOST_TEST(json["floor"].get<double>() == 0.4);
    check_list(json["hessian_at_minimum_eigenvalues"], ascending(a), 1e-12); // as near()
    const double t = scale * along_saddle(a);
    near(json["T_e"], t);
    BOOST_TEST(!json.contains("critical_dimension")); // known for H = h I only
  }
  { // a ball in 7 dimensions: T = eta_B h = 2 * 0.25, n_c = 2 (2 + 1) = 6
    const auto json =
      quantities_of(make<1>("Loss/Expression=r^2/8 + 1|Domain/Type=radial|Domain/Radius=3"
                            "|Domain/Effective dimension=7|Noise/Learning rate=2" +
                            proportional));
    BOOST_TEST(!json.contains("data_set_size"));
    near(json["T_e"], 0.5);
    near(json["critical_dimension"], 6);
    BOOST_TEST(json["dimension"].get<double>() == 7);
    BOOST_TEST(!json["below_critical_dimension"].get<bool>());
  }
  BOOST_TEST((quantities_of(make<2>(well_with<2>("|Noise/Diffusion=1, 0.2; 0.2, 0.5"))) ==
              nlohmann::ordered_json({ { "diffusion", { { 1., 0.2 }, { 0.2, 0.5 } } } })));
}

BOOST_AUTO_TEST_SUITE_END()
