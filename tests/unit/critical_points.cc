// The lists of critical points are complete: compared with lists that are so by proof.
#include "problems/landscape/landscape.h"

#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace fokker_planck;
using dealii::Point;

namespace {

using Row = std::map<std::string, std::string>;

/// The rows of a table that belong to one problem, in the order of the table.
std::vector<std::vector<Row>> read_problems() {
  std::vector<std::vector<Row>> problems;
  for (const Row& row : testing::read_table("critical_points.csv")) {
    const auto belongs = [&](const std::string& column) {
      return !problems.empty() && problems.back()[0].at(column) == row.at(column);
    };
    if (!belongs("expression") || !belongs("lower")) problems.emplace_back();
    problems.back().push_back(row);
  }
  return problems;
}

template <int dim>
Point<dim> position_of(const Row& row) {
  Point<dim> point;
  for (int i = 0; i < dim; ++i)
    point[i] = std::stod(row.at(std::string(1, "xyz"[i])));
  return point;
}

/// Every point of the table is in the list once, and nothing else is. The program's are polished to
/// rounding; the narrowest wells of the tables have curvatures of several hundred.
template <int dim>
void check_complete(const std::vector<Row>& expected) {
  const Row& first = expected[0];
  const auto problem = testing::make_problem<dim>(
    testing::Case{ first.at("expression"), first.at("diffusion"), first.at("lower"),
                   first.at("upper"), first.at("absorbing") });
  const auto landscape = explore(problem.domain, Gauge<dim>(problem), *problem.loss, problem.start);
  BOOST_TEST(landscape.critical_points.size() == expected.size());
  for (const Row& row : expected) {
    const Point<dim> position = position_of<dim>(row);
    const double loss = std::stod(row.at("loss"));
    const auto n_found = std::count_if(
      landscape.critical_points.begin(), landscape.critical_points.end(), [&](const auto& point) {
        return to_string<dim>(point.kind) == row.at("kind") &&
               point.position.distance(position) < 1e-10 &&
               std::fabs(point.loss - loss) <= 1e-12 * (1 + std::fabs(loss));
      });
    BOOST_TEST(n_found == 1, row.at("kind") << " at " << position << " is listed " << n_found
                                            << " times, but should be once");
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(critical_points)

BOOST_AUTO_TEST_CASE(complete) {
  const auto problems = read_problems();
  BOOST_TEST(problems.size() == 14);
  for (const auto& rows : problems)
    BOOST_TEST_CONTEXT(rows[0].at("case") << " in (" << rows[0].at("lower") << ")") {
      if (rows[0].at("y").empty())
        check_complete<1>(rows);
      else if (rows[0].at("z").empty())
        check_complete<2>(rows);
      else
        check_complete<3>(rows);
    }
}

BOOST_AUTO_TEST_SUITE_END()
