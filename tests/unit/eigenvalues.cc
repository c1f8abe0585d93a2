// Eigenvalues where an iteration may fail.
#include "problems/base/eigenvalues.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace fokker_planck;

BOOST_AUTO_TEST_SUITE(eigenvalues)

// Noise of samples at a saddle where all gradients vanish up to rounding.
BOOST_AUTO_TEST_CASE(tiny_entries) {
  for (int power = -330; power <= 0; ++power) {
    dealii::SymmetricTensor<2, 2> tensor;
    const double entry = std::pow(10., power);
    tensor[0][0] = tensor[1][1] = 0.012;
    tensor[0][1] = 5.03 * entry;
    const auto values = ascending_eigenvalues(tensor);
    BOOST_TEST(std::fabs(values[0] - (0.012 - 5.03 * entry)) <= 2e-15 * (1 + entry));
    BOOST_TEST(std::fabs(values[1] - (0.012 + 5.03 * entry)) <= 2e-15 * (1 + entry));
    const auto pairs = eigenpairs_by_ql(tensor);
    BOOST_TEST(std::fabs(pairs[0].first - values[1]) <= 2e-15 * (1 + entry));
    BOOST_TEST(std::fabs(pairs[1].first - values[0]) <= 2e-15 * (1 + entry));
  }
}

BOOST_AUTO_TEST_SUITE_END()
