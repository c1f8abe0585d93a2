// Data sets: the CSV reader, standardisation, principal components, wrong input.
#include "problems/data/data_set.h"
#include "problems/base/input_error.h"
#include "problems/data/csv.h"
#include "tests/temporary_file.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numeric>

using namespace fokker_planck;
using fokker_planck::testing::TemporaryFile;

namespace {

CsvTable read(const std::string& content) {
  const TemporaryFile file(content);
  return read_csv("Loss/Data", file.path());
}

void check_refused(const std::string& content, const std::string& part) {
  BOOST_TEST_CONTEXT(content)
    BOOST_CHECK_EXCEPTION(read(content), InputError, [&](const InputError& error) {
      const std::string message = error.what();
      BOOST_TEST_INFO(message);
      return message.rfind("Loss/Data: got '", 0) == 0 && message.find(part) != std::string::npos;
    });
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.) / static_cast<double>(a.size());
}

double mean(const std::vector<double>& a) {
  return dot(a, std::vector<double>(a.size(), 1.));
}

const std::string cars = "power,weight,doors,price,diesel\n"
                         "50, 900,3,10,1\n80,1200,5,18,0\n120,1500,5,33,1\n95,1100,3,22,0\n";

DataSet load(const std::string& content, const DataSetInput& input, const Label kind) {
  const TemporaryFile file(content);
  DataSetInput with_file = input;
  with_file.file = file.path();
  return read_data_set(with_file, kind);
}

void check_refused(const std::string& content, const DataSetInput& input, const Label kind,
                   const std::string& key, const std::string& part) {
  BOOST_TEST_CONTEXT(input.features << " -> " << input.label)
    BOOST_CHECK_EXCEPTION(load(content, input, kind), InputError, [&](const InputError& error) {
      const std::string message = error.what();
      BOOST_TEST_INFO(message);
      return message.rfind(key + ": got '", 0) == 0 && message.find(part) != std::string::npos;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(data_set)

BOOST_AUTO_TEST_CASE(csv) {
  const auto table = read("\xEF\xBB\xBF"
                          "a,\"b, c\" , d\r\n1,\"2 \"\"x\"\"\ny\",3\r\n\r\n 4 ,5,\n6,7,\"\"");
  BOOST_TEST((table.names == std::vector<std::string>{ "a", "b, c", "d" }));
  BOOST_TEST_REQUIRE(table.records.size() == 3);
  BOOST_TEST((table.records[0].cells == std::vector<std::string>{ "1", "2 \"x\"\ny", "3" }));
  BOOST_TEST((table.records[1].cells == std::vector<std::string>{ "4", "5", "" }));
  BOOST_TEST((table.records[2].cells == std::vector<std::string>{ "6", "7", "" }));
  BOOST_TEST(table.records[0].line == 2);
  BOOST_TEST(table.records[1].line == 5); // a line break in a cell, and a blank line
  BOOST_TEST(table.records[2].line == 6);
  BOOST_TEST((numbers("key", read("a,b\n1,2\n-3e2,+4\n"), 0) == std::vector<double>{ 1, -300 }));
}

BOOST_AUTO_TEST_CASE(wrong_csv) {
  check_refused("", "the file is empty");
  check_refused("\n \n", "the file is empty");
  check_refused("a,b\n", "no line of data");
  check_refused("a,b\n1,2\n1\n", "line 3 has 1 cells, but there are 2 columns");
  check_refused("a,b\n1,2,\n", "line 2 has 3 cells");
  check_refused("a,a\n1,2\n", "line 1: two columns have the name 'a'");
  check_refused("a,\n1,2\n", "line 1: a column has no name");
  check_refused("a,b\n1,2\n3,\"4\n5,6\n", "line 3: a quote is not closed");
  check_refused("a,b\n1,\"2\" 3\n", "line 2: text behind the closing quote");
  check_refused("a,b\n1,2\"3\"\n", "line 2: a quote inside of a cell");
  for (const std::string file : { "/no/such/file.csv", "/tmp", "" })
    BOOST_CHECK_THROW(read_csv("Loss/Data", file), InputError);
  const auto table = read("a,b\n1,2\n3,x\n4,nan\n");
  BOOST_CHECK_EXCEPTION(numbers("Loss/Data", table, 1), InputError, [](const InputError& error) {
    return std::string(error.what()).find("line 3, column 'b': 'x' is not a finite number") !=
           std::string::npos;
  });
  for (const std::string cell : { "nan", "inf", "", "1,5", "0x10", "1e999", "one" })
    BOOST_CHECK_THROW(numbers("k", read("a,b\n\"" + cell + "\",1\n"), 0), InputError);
}

BOOST_AUTO_TEST_CASE(columns) {
  const auto raw = load(cars, { {}, "weight, power", "price", false }, Label::number);
  BOOST_TEST_REQUIRE(raw.n_features() == 2);
  BOOST_TEST(raw.n_samples() == 4);
  BOOST_TEST((raw.features[0] == std::vector<double>{ 900, 1200, 1500, 1100 }));
  BOOST_TEST((raw.features[1] == std::vector<double>{ 50, 80, 120, 95 }));
  BOOST_TEST((raw.labels == std::vector<double>{ 10, 18, 33, 22 }));

  const auto standard = load(cars, { {}, "weight", "price", true }, Label::number);
  for (const auto& column : { standard.features[0], standard.labels }) {
    BOOST_TEST(std::fabs(mean(column)) <= 1e-15); // a few roundings
    BOOST_TEST(std::fabs(dot(column, column) - 1) <= 1e-15);
  }
  // (900 - 1175)/sqrt(46875), by hand
  BOOST_TEST(std::fabs(standard.features[0][0] + 275 / std::sqrt(46875.)) <= 1e-15);

  const auto classes = load(cars, { {}, "weight", "diesel", true }, Label::two_classes);
  BOOST_TEST((classes.labels == std::vector<double>{ 1, -1, 1, -1 }));
}

// Components are uncorrelated, have descending variances that add up, and are the projections on
// orthogonal axes with a positive largest entry.
BOOST_AUTO_TEST_CASE(principal_components) {
  for (const bool standardize : { true, false }) {
    const DataSetInput input{ {}, "principal components 1..3", "price", standardize };
    const auto data = load(cars, input, Label::number);
    const auto plain =
      load(cars, { {}, "power, weight, doors, diesel", "price", standardize }, Label::number);
    double variance = 0, total = 0;
    for (const auto& column : plain.features)
      total += dot(column, column) - mean(column) * mean(column);
    BOOST_TEST_REQUIRE(data.n_features() == 3);
    for (int i = 0; i < 3; ++i) {
      BOOST_TEST(std::fabs(mean(data.features[i])) <= 1e-13 * std::sqrt(total));
      variance += dot(data.features[i], data.features[i]);
      for (int j = 0; j < i; ++j) {
        BOOST_TEST(std::fabs(dot(data.features[i], data.features[j])) <= 1e-13 * total);
        BOOST_TEST(dot(data.features[i], data.features[i]) <
                   dot(data.features[j], data.features[j]));
      }
    }
    BOOST_TEST(variance == total, boost::test_tools::tolerance(1e-13)); // 4 samples: rank 3
    const auto second =
      load(cars, { {}, "principal component 2", "price", standardize }, Label::number);
    BOOST_TEST((second.features == decltype(second.features){ data.features[1] }));
  }
  // Two columns x and 2x + noise: the axis is (1, 2)/sqrt(5) up to the noise.
  const auto data = load("x,y,t\n1,2.001,0\n2,3.999,1\n3,6,0\n",
                         { {}, "principal components 1..2", "t", false }, Label::number);
  BOOST_TEST(std::fabs(data.features[0][2] - std::sqrt(5.)) <= 1e-3);
  BOOST_TEST(std::fabs(data.features[0][0] + std::sqrt(5.)) <= 1e-3);
}

BOOST_AUTO_TEST_CASE(wrong_data) {
  const std::string features = "Loss/Features", label = "Loss/Label", data = "Loss/Data";
  const auto refuse = [&](const std::string& names, const std::string& target,
                          const std::string& key, const std::string& part,
                          const Label kind = Label::number, const std::string& content = cars) {
    check_refused(content, { {}, names, target, true }, kind, key, part);
  };
  refuse("", "price", features, "names of columns");
  refuse("size", "price", features, "no column 'size' (columns: power, weight, doors");
  refuse("power", "cost", label, "no column 'cost'");
  refuse("power", "", label, "no column ''");
  refuse("price", "price", features, "'price' is the label");
  refuse("power, power", "price", features, "twice");
  refuse("principal components 1..5", "price", features, "between 1 and 4");
  refuse("principal components 0..1", "price", features, "between 1 and 4");
  refuse("principal components 2..1", "price", features, "ascend");
  refuse("principal components 1..4", "price", features, "component 4 is constant");
  refuse("power", "price", label, "4 different numbers; exactly two classes", Label::two_classes);
  const std::string constant = "x,y,t\n1,5,1\n2,5,1\n3,5,1\n", text = "x,y,t\n1,2,3\n1,,2\n";
  refuse("y", "x", features, "the column 'y' is constant: it is 5", Label::number, constant);
  refuse("principal components 1..1", "x", features, "is constant", Label::number, constant);
  refuse("x", "t", label, "all samples have the label 1", Label::two_classes, constant);
  refuse("x", "t", label, "all samples have the label 1", Label::number, constant);
  refuse("y", "t", data, "line 3, column 'y': '' is not", Label::number, text);
  refuse("x", "y", data, "line 3, column 'y': '' is not", Label::number, "x,y\n1,2\n3,\"\"\n");
  refuse("x", "y", data, "a single sample", Label::number, "x,y\n1,2\n");
}

BOOST_AUTO_TEST_SUITE_END()
