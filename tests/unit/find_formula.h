// The formulas of a problem in tests.
#pragma once

#include "tests/solve.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace fokker_planck::testing {

template <int dim>
std::vector<Formula> formulas_of(const Problem<dim>& problem) {
  const Gauge<dim> gauge(problem);
  return escape_formulas(
    problem, gauge, explore(problem.domain, gauge, *problem.loss, problem.start, gauge.cutoff()));
}

inline const Formula& find_formula(const std::vector<Formula>& all, const std::string& name) {
  const auto found =
    std::find_if(all.begin(), all.end(), [&](const Formula& f) { return f.name == name; });
  BOOST_TEST_REQUIRE((found != all.end()), name);
  return *found;
}

/// Whether the reason of a formula that does not apply holds a text.
inline void check_objection(const std::vector<Formula>& all, const std::string& name,
                            const std::string& text) {
  const Formula& formula = find_formula(all, name);
  BOOST_TEST(!formula.applicable, name);
  BOOST_TEST((formula.reason.find(text) != std::string::npos), name << ": " << formula.reason);
}

} // namespace fokker_planck::testing
