// The loss of a data set and its empirical noise, against sums written out and against differences.
#include "problems/data/dataset_loss.h"
#include "problems/base/input_error.h"
#include "tests/temporary_file.h"
#include "tests/unit/noise_cases.h"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

/// Seven samples (p, q, r; t), with the class c, all of order one.
constexpr double samples[][4] = { { 0.3, -1.2, 0.5, 0.7 }, { -0.9, 0.4, 1.1, -1.3 },
                                  { 1.4, 0.8, -0.6, 0.2 }, { -0.2, -0.5, -1.4, 1.6 },
                                  { 0.6, 1.5, 0.3, -0.4 }, { -1.3, 0.2, 0.9, 0.1 },
                                  { 0.8, -0.7, 1.2, -0.9 } };
constexpr double classes[] = { 1, -1, -1, 1, 1, -1, -1 };

const TemporaryFile& file() {
  static const TemporaryFile table([] {
    std::string text = "p,q,r,t,c\n";
    for (std::size_t s = 0; s < std::size(samples); ++s) {
      for (const double cell : samples[s])
        text += std::to_string(cell) + ",";
      text += std::to_string(classes[s]) + "\n";
    }
    return text;
  }());
  return table;
}

const std::string linear = "linear regression", logistic = "logistic regression",
                  network = "tanh network";

template <int dim>
DatasetInput input(const std::string& model, const double regularization = 0) {
  const std::string features = model == network ? "p"
                               : dim == 1       ? "p"
                               : dim == 2       ? "p, q"
                                                : "p, q, r";
  return { { file().path(), features, model == logistic ? "c" : "t", false },
           model,
           regularization };
}

/// The loss of one sample, written out.
template <int dim>
double sample_loss(const std::string& model, const Point<dim>& theta, const std::size_t s) {
  double z = 0;
  for (int i = 0; i < dim; ++i)
    z += theta[i] * samples[s][i];
  if (model == linear) return 0.5 * std::pow(z - samples[s][3], 2);
  if (model == logistic) return std::log(1 + std::exp(-classes[s] * z));
  return 0.5 * std::pow(theta[dim - 1] * std::tanh(theta[0] * samples[s][0]) - samples[s][3], 2);
}

template <int dim>
Tensor<1, dim> sample_gradient(const std::string& model, const Point<dim>& theta,
                               const std::size_t s) {
  Tensor<1, dim> result;
  for (int i = 0; i < dim; ++i)
    result[i] =
      difference<dim>([&](const Point<dim>& x) { return sample_loss<dim>(model, x, s); }, theta, i);
  return result;
}

/// Points in a box around 0.
template <int dim>
std::vector<Point<dim>> points_around_zero(const std::size_t n) {
  Point<dim> lower, upper;
  for (int i = 0; i < dim; ++i) {
    lower[i] = -1.8;
    upper[i] = 2;
  }
  return random_points(Domain<dim>::box(lower, upper), n);
}

constexpr double by_differences = 1e-9; // rounding 1e-13, truncation 1e-12 times high derivatives

/// Loss, gradient and covariance against the sums over samples.
template <int dim>
void check_sums(const std::string& model) {
  const double k = 0.49, lambda = 0.3;
  const DatasetLoss<dim> loss(input<dim>(model, lambda), k);
  const auto points = points_around_zero<dim>(20);
  const double m = static_cast<double>(std::size(samples));
  std::vector<double> values;
  std::vector<Tensor<1, dim>> gradients;
  std::vector<SymmetricTensor<2, dim>> covariances;
  loss.values(points, values);
  loss.gradients(points, gradients);
  loss.covariances(points, covariances);
  BOOST_TEST(loss.n_samples() == std::size(samples));
  for (std::size_t q = 0; q < points.size(); ++q) {
    const Point<dim> theta(std::sqrt(k) * points[q]);
    double value = 0.5 * lambda * theta.square();
    Tensor<1, dim> mean, batch;
    SymmetricTensor<2, dim> square;
    for (std::size_t s = 0; s < std::size(samples); ++s) {
      value += sample_loss<dim>(model, theta, s) / m;
      const auto g = std::sqrt(k) * sample_gradient<dim>(model, theta, s);
      mean += g / m;
      square += symmetrize(outer_product(g, g)) / m;
      if (s == 2 || s == 5) batch += g / 2;
    }
    BOOST_TEST(std::fabs(values[q] - value) <= 1e-14 * (1 + value)); // roundings
    const auto regularized = mean + std::sqrt(k) * lambda * theta;
    BOOST_TEST((gradients[q] - regularized).norm() <= by_differences);
    const auto expected = square - symmetrize(outer_product(mean, mean));
    BOOST_TEST((covariances[q] - expected).norm() <= by_differences * (1 + expected.norm()));
    BOOST_TEST(expected.norm() > 1e-4); // not zero against zero
    const std::uint32_t indices[] = { 5, 2 };
    const auto of_batch = loss.batch_gradient(points[q], indices, 2);
    BOOST_TEST((of_batch - batch - (regularized - mean)).norm() <= by_differences);
  }
}

/// Every derivative against differences of the one before.
template <int dim>
void check_derivatives(const std::string& model) {
  const DatasetLoss<dim> loss(input<dim>(model, 0.2), 1.7);
  const auto gradient = [&](const Point<dim>& x) {
    std::vector<Tensor<1, dim>> result;
    loss.gradients({ x }, result);
    return result.at(0);
  };
  const auto hessian = [&](const Point<dim>& x) {
    std::vector<SymmetricTensor<2, dim>> result(3); // the wrong size
    loss.hessians({ x }, result);
    BOOST_TEST_REQUIRE(result.size() == 1);
    return result[0];
  };
  const auto covariance = [&](const Point<dim>& x) {
    std::vector<SymmetricTensor<2, dim>> result(3);
    loss.covariances({ x }, result);
    return result.at(0);
  };
  const auto points = points_around_zero<dim>(20);
  std::vector<typename Loss<dim>::ThirdDerivatives> third;
  std::vector<Tensor<1, dim>> divergences;
  loss.third_derivatives(points, third);
  loss.covariance_divergences(points, divergences);
  double largest_third = 0, largest_divergence = 0;
  for (std::size_t q = 0; q < points.size(); ++q) {
    Tensor<1, dim> divergence;
    for (int i = 0; i < dim; ++i) {
      for (int j = 0; j < dim; ++j) {
        const auto g = [&](const Point<dim>& x) { return gradient(x)[j]; };
        BOOST_TEST(std::fabs(hessian(points[q])[i][j] - difference<dim>(g, points[q], i)) <=
                   by_differences);
        const auto c = [&](const Point<dim>& x) { return covariance(x)[i][j]; };
        divergence[i] += difference<dim>(c, points[q], j);
      }
      const SymmetricTensor<2, dim> expected = difference<dim>(hessian, points[q], i);
      BOOST_TEST((third[q][i] - expected).norm() <= 10 * by_differences);
      largest_third = std::max(largest_third, expected.norm());
    }
    BOOST_TEST((divergences[q] - divergence).norm() <= 10 * by_differences);
    largest_divergence = std::max(largest_divergence, divergence.norm());
  }
  BOOST_TEST((model == linear ? largest_third == 0 : largest_third > 0.1));
  BOOST_TEST(largest_divergence > 0.05);
}

template <int dim>
std::string settings(const std::string& model, const std::string& noise) {
  const auto what = input<dim>(model);
  return "Loss/Type=dataset|Loss/Data=" + what.data.file + "|Loss/Features=" + what.data.features +
         "|Loss/Label=" + what.data.label + "|Loss/Standardize=false|Loss/Model=" + model +
         boxes[dim - 1] + "|Domain/Start=|Noise/Learning rate=0.2|Noise/Batch size=2" + noise;
}

const std::string empirical = "|Noise/Type=empirical";

/// D = eta_B/2 C with eta_B = 0.2 (1 - 2/7)/2, and its divergence.
template <int dim>
void check_noise(const std::string& model, const std::string& injected = "") {
  const auto problem = make<dim>(settings<dim>(model, empirical + injected));
  const DatasetLoss<dim> loss(input<dim>(model), 1);
  const auto points = random_points(problem.domain, 20);
  std::vector<SymmetricTensor<2, dim>> covariances;
  loss.covariances(points, covariances);
  for (std::size_t q = 0; q < points.size(); ++q) {
    auto expected = covariances[q] / 28;
    if (!injected.empty()) expected += 0.01 * identity<dim>();
    BOOST_TEST((tensor(problem, points[q]) - expected).norm() <= 1e-14 * (1 + expected.norm()));
  }
  check_divergences(problem, points, by_differences, 1e-3);
  BOOST_TEST(!problem.diffusion->is_constant());
  const auto json = quantities_of(problem);
  BOOST_TEST(json.at("data_set_size").template get<double>() == 7);
  BOOST_TEST(json.at("eta_B").template get<double>() == 1. / 14,
             boost::test_tools::tolerance(1e-15));
}

template <int dim>
void check_refused(const std::string& text, const std::string& beginning, const std::string& part) {
  BOOST_TEST_CONTEXT(text)
    BOOST_CHECK_EXCEPTION(make<dim>(text), InputError, [&](const InputError& error) {
      const std::string message = error.what();
      BOOST_TEST_INFO(message);
      return message.rfind(beginning, 0) == 0 && message.find(part) != std::string::npos;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(dataset_loss)

BOOST_AUTO_TEST_CASE(sums_over_samples) {
  check_sums<1>(linear);
  check_sums<2>(linear);
  check_sums<3>(linear);
  check_sums<1>(logistic);
  check_sums<2>(logistic);
  check_sums<3>(logistic);
  check_sums<2>(network);
}

BOOST_AUTO_TEST_CASE(derivatives) {
  check_derivatives<1>(linear);
  check_derivatives<2>(linear);
  check_derivatives<3>(linear);
  check_derivatives<1>(logistic);
  check_derivatives<2>(logistic);
  check_derivatives<3>(logistic);
  check_derivatives<2>(network);
}

// Far from the decision line of a sample exp overflows; nothing else may.
BOOST_AUTO_TEST_CASE(logistic_regression_far_out) {
  const DatasetLoss<1> loss(input<1>(logistic), 1);
  std::vector<double> values;
  std::vector<Tensor<1, 1>> gradients;
  std::vector<SymmetricTensor<2, 1>> covariances;
  const std::vector<Point<1>> points = { Point<1>(1e4), Point<1>(-1e4) };
  loss.values(points, values);
  loss.gradients(points, gradients);
  loss.covariances(points, covariances);
  for (std::size_t q = 0; q < 2; ++q) {
    double sum = 0;
    for (std::size_t s = 0; s < std::size(samples); ++s)
      sum += std::fmax(0, -classes[s] * points[q][0] * samples[s][0]) / 7;
    BOOST_TEST(values[q] == sum, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(gradients[q][0] == sum / points[q][0], boost::test_tools::tolerance(1e-14));
    BOOST_TEST(covariances[q][0][0] > 0);
  }
}

// An interpolating regression: what is left of the loss keeps its relative accuracy.
BOOST_AUTO_TEST_CASE(small_residuals) {
  const TemporaryFile table("x,y,t\n1,2,5\n2,-1,0\n0.5,3,6.5000001\n-1,1,1\n");
  const DatasetLoss<2> loss({ { table.path(), "x, y", "t", false }, linear, 0 }, 1);
  std::vector<double> value;
  loss.values({ Point<2>(1, 2) }, value);
  BOOST_TEST(value[0] == 1e-14 / 8, boost::test_tools::tolerance(1e-7)); // 6.5 is rounded to 1e-15
}

BOOST_AUTO_TEST_CASE(empirical_noise) {
  check_noise<1>(linear);
  check_noise<2>(linear);
  check_noise<3>(linear);
  check_noise<1>(logistic);
  check_noise<2>(logistic);
  check_noise<3>(logistic);
  check_noise<2>(network, "|Noise/Injected diffusion=0.01");
}

// The other noise models take the Hessian and the number of samples from the data.
BOOST_AUTO_TEST_CASE(other_noise_models) {
  const DatasetLoss<2> loss(input<2>(linear), 1);
  std::vector<double> value;
  std::vector<SymmetricTensor<2, 2>> hessian;
  const Point<2> point(0.4, -0.3);
  loss.values({ point }, value);
  loss.hessians({ point }, hessian);
  const auto aligned = make<2>(settings<2>(linear, frozen));
  BOOST_TEST((tensor(aligned, point) - hessian[0] / 28).norm() <= 1e-14);
  const auto power = make<2>(settings<2>(linear, proportional));
  BOOST_TEST((tensor(power, point) - value[0] * hessian[0] / 14).norm() <= 1e-14);
  const auto infinite = make<2>(settings<2>(linear, frozen + "|Noise/Data set size=1e300"));
  BOOST_TEST((tensor(infinite, point) - hessian[0] / 20).norm() <= 1e-14);
  const auto varying = make<2>(settings<2>(logistic, absolute_type));
  check_divergences(varying, random_points(varying.domain, 20), 1e-8, 1e-4);
}

BOOST_AUTO_TEST_CASE(wrong_input) {
  const std::string batch = "|Noise/Batch size=", type = "Noise/Type: got 'empirical'";
  for (const std::string size : { "7", "8" })
    check_refused<2>(settings<2>(logistic, empirical + batch + size), "Noise/Batch size: got",
                     "smaller than Noise/Data set size = 7");
  check_refused<2>(well_with<2>(empirical + "|Noise/Learning rate=0.1"), type,
                   "Loss/Type = dataset is needed");
  // At the saddle of the network every sample is at a stationary point.
  check_refused<2>(settings<2>(network, empirical), type, "Noise/Injected diffusion");
  check_refused<1>(settings<1>(network, empirical), "Loss/Model: got 'tanh network'",
                   "Dimension = 2 is needed");
  check_refused<2>(settings<2>(logistic, empirical + "|Loss/Features=p"), "Loss/Features: got 'p'",
                   "2 features are needed (one per dimension), not 1");
  check_refused<2>(settings<2>(network, empirical + "|Loss/Features=p, q"), "Loss/Features: got",
                   "1 feature is needed");
  check_refused<2>(settings<2>(logistic, empirical + "|Loss/L2 regularization=-1"),
                   "Loss/L2 regularization: got '-1'", ">= 0");
  check_refused<1>("Loss/Type=dataset|Domain/Type=radial", "Domain/Type: got 'radial'", "data set");
}

BOOST_AUTO_TEST_SUITE_END()
