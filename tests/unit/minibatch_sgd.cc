// Stochastic gradient descent: the distribution of a step, random numbers, exits.
#include "solver/monte_carlo/minibatch_sgd.h"
#include "problems/base/input_error.h"
#include "problems/data/dataset_loss.h"
#include "tests/temporary_file.h"
#include "tests/unit/noise_cases.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;
using namespace fokker_planck::testing;
using dealii::Point;
using dealii::SymmetricTensor;
using dealii::Tensor;

namespace {

constexpr unsigned int m = 9;

const TemporaryFile& file() {
  static const TemporaryFile table([] {
    std::string text = "p,q,c\n";
    for (unsigned int s = 0; s < m; ++s)
      text += std::to_string(std::sin(3. * s)) + "," + std::to_string(std::cos(2. * s * s)) + "," +
              std::to_string(s % 2) + "\n";
    return text;
  }());
  return table;
}

std::string settings(const std::string& more) {
  return "Loss/Type=dataset|Loss/Data=" + file().path() +
         "|Loss/Features=p, q|Loss/Label=c|Loss/L2 regularization=0.1|Domain/Lower=-3, -3"
         "|Domain/Upper=3, 3|Noise/Type=empirical|Noise/Learning rate=0.5|Noise/Batch size=3" +
         more;
}

const Point<2> start(0.7, -0.4);

struct Moments {
  Tensor<1, 2> mean;
  SymmetricTensor<2, 2> covariance;
};

/// Of the first steps of many trajectories, divided by eta.
Moments moments_of_steps(const MinibatchSgd<2>& sgd, const unsigned int n) {
  Moments result;
  SymmetricTensor<2, 2> square;
  for (unsigned int trajectory = 0; trajectory < n; ++trajectory) {
    const auto step =
      (sgd.run(start, trajectory, 1).position - start) / sgd.get_settings().learning_rate;
    result.mean += step / n;
    square += symmetrize(outer_product(step, step)) / n;
  }
  result.covariance = square - symmetrize(outer_product(result.mean, result.mean));
  return result;
}

/// Mean -grad L and covariance factor * C (+ 2 delta/eta), up to the error of 40000 samples.
void check_steps(const SgdSettings& sgd_settings, const double factor) {
  const auto problem = make<2>(settings(""));
  const MinibatchSgd<2> sgd(problem, sgd_settings);
  constexpr unsigned int n = 40000;
  const auto moments = moments_of_steps(sgd, n);
  std::vector<Tensor<1, 2>> gradient;
  std::vector<SymmetricTensor<2, 2>> covariance;
  problem.loss->gradients({ start }, gradient);
  dynamic_cast<const DatasetLoss<2>&>(*problem.loss).covariances({ start }, covariance);
  SymmetricTensor<2, 2> expected = factor * covariance[0];
  expected += 2 * sgd_settings.injected / sgd_settings.learning_rate * identity<2>();
  // Four standard errors, of which those of a covariance are below sqrt(2/n) of its norm for
  // batches of few bounded gradients.
  BOOST_TEST((moments.mean + gradient[0]).norm() <= 4 * std::sqrt(trace(expected) / n) + 1e-14);
  BOOST_TEST((moments.covariance - expected).norm() <=
             4 * std::sqrt(2. / n) * expected.norm() + 1e-14);
}

} // namespace

BOOST_AUTO_TEST_SUITE(minibatch_sgd)

// Without replacement the covariance of a batch is (1/B) (m - B)/(m - 1) C, m/(m - 1) times the one
// of the noise model; with replacement it is C/B.
BOOST_AUTO_TEST_CASE(distribution_of_a_step) {
  check_steps({ 0.5, 1 }, 1.);
  check_steps({ 0.5, 3 }, 1. / 3 * (m - 3.) / (m - 1));
  check_steps({ 0.5, 8 }, 1. / 8 * (m - 8.) / (m - 1));
  check_steps({ 0.5, 3, 0.2 }, 1. / 3 * (m - 3.) / (m - 1));
  check_steps({ 0.5, 3, 0, true }, 1. / 3);
  check_steps({ 0.5, m, 0, true }, 1. / m);
}

// Later steps, which shuffle what earlier ones left, are distributed as the first.
BOOST_AUTO_TEST_CASE(distribution_of_later_steps) {
  // With eta this small the iterate does not move, so that steps are independent and alike.
  const auto problem = make<2>(settings(""));
  const MinibatchSgd<2> sgd(problem, { 1e-9, 3 });
  MinibatchSgd<2>::Trajectory trajectory(sgd, start, 5);
  std::vector<SymmetricTensor<2, 2>> covariance;
  std::vector<Tensor<1, 2>> gradient;
  problem.loss->gradients({ start }, gradient);
  dynamic_cast<const DatasetLoss<2>&>(*problem.loss).covariances({ start }, covariance);
  SymmetricTensor<2, 2> square;
  constexpr unsigned int n = 40000;
  for (unsigned int k = 0; k < n; ++k) {
    const Point<2> before = trajectory.state().position;
    trajectory.step();
    const auto noise = (trajectory.state().position - before) / 1e-9 + gradient[0];
    square += symmetrize(outer_product(noise, noise)) / n;
  }
  const auto expected = 1. / 3 * (m - 3.) / (m - 1) * covariance[0];
  // The iterate has moved by less than 1e-4.
  BOOST_TEST((square - expected).norm() <= (4 * std::sqrt(2. / n) + 1e-3) * expected.norm());
}

BOOST_AUTO_TEST_CASE(whole_data_set_has_no_noise) {
  const auto problem = make<2>(settings(""));
  const MinibatchSgd<2> sgd(problem, { 0.5, m });
  std::vector<Tensor<1, 2>> gradient;
  problem.loss->gradients({ start }, gradient);
  for (unsigned int trajectory = 0; trajectory < 20; ++trajectory)
    BOOST_TEST((sgd.run(start, trajectory, 1).position - (start - 0.5 * gradient[0])).norm() <=
               1e-15); // the order of the sum
}

BOOST_AUTO_TEST_CASE(random_numbers) {
  const auto problem = make<2>(settings("|Noise/Injected diffusion=0.3"));
  const auto end = [&](const std::uint32_t seed, const std::uint64_t trajectory) {
    auto with_seed = SgdSettings::of(problem);
    with_seed.seed = seed;
    return MinibatchSgd<2>(problem, with_seed).run(start, trajectory, 7).position;
  };
  const std::uint64_t large = 1ULL << 40U;
  BOOST_TEST((end(3, 4) == end(3, 4)));
  for (const auto& [seed, trajectory] :
       { std::pair<std::uint32_t, std::uint64_t>(3, 5), { 2, 4 }, { 4, 3 }, { 3, 4 + large } })
    BOOST_TEST((end(3, 4) != end(seed, trajectory)));
}

BOOST_AUTO_TEST_CASE(settings_of_a_problem) {
  const auto given = SgdSettings::of(make<2>(settings("|Noise/Injected diffusion=0.3")));
  BOOST_TEST(given.learning_rate == 0.5);
  BOOST_TEST(given.batch_size == 3);
  BOOST_TEST(given.injected == 0.3);
  BOOST_TEST(!given.with_replacement);
  BOOST_TEST(SgdSettings::of(make<2>(settings(proportional))).batch_size == 3);
  const auto refuse = [](const std::string& text) {
    BOOST_CHECK_THROW(SgdSettings::of(make<2>(text)), InputError);
  };
  refuse(settings("|Noise/Batch size=2.5"));
  refuse(settings("|Noise/Type=constant|Noise/Diffusion=1"));
  const auto formula = make<2>(well_with<2>(frozen + "|Noise/Learning rate=0.1"));
  BOOST_CHECK_THROW(MinibatchSgd<2>(formula, { 0.1, 1 }), InputError);
  const auto problem = make<2>(settings(""));
  BOOST_CHECK_THROW(MinibatchSgd<2>(problem, { 0.1, 0 }), InputError);
  BOOST_CHECK_THROW(MinibatchSgd<2>(problem, { 0.1, m + 1 }), InputError);
}

// Full batches from points near the sides: where a step of known length leads.
BOOST_AUTO_TEST_CASE(exits_and_reflections) {
  const auto problem = make<2>(settings("|Domain/Absorbing=x+ y-"));
  std::vector<Tensor<1, 2>> gradient;
  const auto run = [&](const Point<2>& from, const double eta) {
    problem.loss->gradients({ from }, gradient);
    return MinibatchSgd<2>(problem, { eta, m }).run(from, 0, 1);
  };
  // Ascent (eta < 0) leaves, as the loss rises outward.
  const Point<2> right(2.9, 0.1);
  auto exit = run(right, -2);
  BOOST_TEST(exit.left);
  BOOST_TEST(exit.side == 1);
  BOOST_TEST(exit.iterations == 1);
  BOOST_TEST(exit.position[0] == 3);
  BOOST_TEST(std::fabs(exit.position[1] - 0.1 - 0.1 / gradient[0][0] * gradient[0][1]) <= 1e-14);
  const Point<2> left(-2.9, 0.1);
  exit = run(left, -2);
  BOOST_TEST(!exit.left);
  const Point<2> beyond = left + 2 * gradient[0];
  BOOST_TEST(beyond[0] < -3);
  BOOST_TEST((exit.position - Point<2>(-6 - beyond[0], beyond[1])).norm() <= 1e-14);
  exit = run(Point<2>(0.1, -2.99), -2);
  BOOST_TEST(exit.left);
  BOOST_TEST(exit.side == 2);
  BOOST_TEST(MinibatchSgd<2>(problem, { 0.1, m }).run(start, 0, 12).iterations == 12);

  const auto disk = make<2>(settings("|Domain/Type=ball|Domain/Radius=2"));
  const auto left_disk = MinibatchSgd<2>(disk, { -2, m }).run(Point<2>(1.3, 1.5), 0, 1);
  BOOST_TEST(left_disk.left);
  BOOST_TEST(left_disk.position.norm() == 2, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_SUITE_END()
