// The constant diffusion tensor: input.
#include "problems/base/input_error.h"
#include "problems/input/model_table.h"
#include "problems/input/registry.h"

#include <boost/test/unit_test.hpp>

using namespace fokker_planck;

namespace {

template <int dim>
dealii::SymmetricTensor<2, dim> parse(const std::string& text) {
  std::vector<dealii::SymmetricTensor<2, dim>> tensors;
  const std::vector<dealii::Point<dim>> points(3, dealii::Point<dim>());
  ConstantDiffusion<dim>(text).tensors(points, tensors);
  BOOST_TEST_REQUIRE(tensors.size() == 3);
  BOOST_TEST((tensors[0] == tensors[1] && tensors[1] == tensors[2]));
  return tensors[0];
}

template <int dim>
void check_error(const std::string& text, const std::string& part) {
  BOOST_TEST_CONTEXT(dim << "-D: " << text)
    BOOST_CHECK_EXCEPTION(ConstantDiffusion<dim>{ text }, InputError, [&](const InputError& error) {
      const std::string message = error.what();
      BOOST_TEST_INFO(message);
      return message.find("Noise/Diffusion: got '" + text + "', but ") == 0 &&
             message.find(part) != std::string::npos;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(diffusion)

BOOST_AUTO_TEST_CASE(scalar) {
  BOOST_TEST((parse<1>("0.25")[0][0] == 0.25));
  const auto tensor = parse<3>(" 1e-300 ");
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      BOOST_TEST((tensor[i][j] == (i == j ? 1e-300 : 0)));
}

BOOST_AUTO_TEST_CASE(matrix) {
  const auto two = parse<2>("1, 0.2 ;0.2,0.5");
  BOOST_TEST((two[0][0] == 1));
  BOOST_TEST((two[0][1] == 0.2));
  BOOST_TEST((two[1][1] == 0.5));
  const auto three = parse<3>("4, -1, 0.5; -1, 5, 0.25; 0.5, 0.25, 6");
  const double expected[3][3] = { { 4, -1, 0.5 }, { -1, 5, 0.25 }, { 0.5, 0.25, 6 } };
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      BOOST_TEST((three[i][j] == expected[i][j]));
}

BOOST_AUTO_TEST_CASE(wrong_input) {
  const std::string needed = "a number D > 0 or a symmetric positive definite";
  for (const std::string text : { "", "0", "-1", "1, 2", "1; 2", "1, 0; 0", "1, 0, 0; 0, 1, 0",
                                  "1, 0; 0, 1; 0, 0", "1, 0; 0, 1;" })
    check_error<2>(text, needed);
  check_error<3>("1, 0; 0, 1", needed);
  check_error<2>("1, 0.2; 0.3, 1", "it is not symmetric");
  check_error<2>("1, 2; 2, 1", "its eigenvalue -"); // eigenvalues 3 and -1
  check_error<2>("1, 1; 1, 1", "is not positive");
  check_error<2>("-1, 0; 0, 1", "is not positive");
  check_error<3>("1, 0, 0; 0, 1, 0; 0, 0, 0", "is not positive");
  for (const std::string text : { "one", "nan", "inf", "1e999", "1 2" })
    check_error<1>(text, "finite number");
  BOOST_CHECK_THROW(ConstantDiffusion<2>{ "1, x; x, 1" }, InputError);
  NoiseInput unknown;
  unknown.type = "white";
  BOOST_CHECK_EXCEPTION(unknown.make<1>({}, {}), InputError, [](const InputError& e) {
    return std::string(e.what()) ==
           "Noise/Type: got 'white', but one of constant|hessian aligned|loss proportional|"
           "expression|empirical is needed";
  });
}

BOOST_AUTO_TEST_CASE(models_by_name) {
  const ModelTable<int> table({ { "one", 1 }, { "two", 2 } });
  BOOST_TEST(table.names() == "one|two");
  BOOST_TEST(table.find("Section/Key", "two") == 2);
  BOOST_CHECK_THROW(table.find("Section/Key", "three"), InputError);
  using Entries = std::vector<ModelTable<int>::Entry>;
  BOOST_CHECK_THROW(ModelTable<int>(Entries{ { "one", 1 }, { "one", 2 } }), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
