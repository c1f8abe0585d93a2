#include "tests/solve.h"

#include "problems/base/parameter_file.h"
#include "problems/base/text.h"
#include "problems/input/parameters.h"
#include "solver/analyses/solve.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <utility>

namespace fokker_planck::testing {

const Formula& Solution::formula(const std::string& name) const {
  for (const Formula& formula : formulas)
    if (formula.name == name) return formula;
  throw std::out_of_range("no formula " + name);
}

Settings to_settings(const Case& problem) {
  return { "Loss/Expression=" + problem.expression + "|Noise/Diffusion=" + problem.diffusion +
           "|Domain/Lower=" + problem.lower + "|Domain/Upper=" + problem.upper +
           "|Domain/Absorbing=" + problem.absorbing };
}

std::string with_data(std::string settings) {
  const std::string name = "banknote_authentication.csv";
  return settings.replace(settings.find(name), name.size(),
                          FOKKER_PLANCK_SOURCE_DIR "/problems/data/" + name);
}

template <int dim>
Problem<dim> make_problem(const Settings& settings) {
  ProblemParameters parameters;
  dealii::ParameterHandler handler;
  parameters.declare(handler);
  for (const std::string& setting : split(settings.text, '|'))
    set_parameter(handler, setting);
  return parameters.make_problem<dim>();
}

template <int dim>
Problem<dim> make_problem(const Case& problem) {
  return make_problem<dim>(to_settings(problem));
}

template <int dim>
Solution solve(const Case& problem, const std::vector<unsigned int>& cells,
               const unsigned int degree, const MPI_Comm communicator) {
  return solve_problem(make_problem<dim>(problem), cells, degree, communicator);
}

template <int dim>
Solution solve_problem(const Problem<dim>& problem, const std::vector<unsigned int>& cells,
                       const unsigned int degree, const MPI_Comm communicator,
                       const double gauge_scale, const SolverOptions& options) {
  fokker_planck::Settings settings;
  settings.refinement = fokker_planck::Settings::Refinement::uniform;
  settings.cells = cells;
  settings.degree = degree;
  settings.gauge_scale = gauge_scale;
  settings.solver = options;
  const auto solved = fokker_planck::solve(problem, settings, communicator);
  const auto& result = solved.adaptive.solution;
  const auto& discretization = *solved.adaptive.discretization;

  Solution solution;
  solution.log_rate = result.log_rate;
  solution.exit_probability.assign(result.exit_probability.begin(), result.exit_probability.end());
  solution.formulas = escape_formulas(problem, solved.gauge, solved.landscape);
  solution.n_dofs = discretization.get_dof_handler().n_dofs();
  solution.n_wells = static_cast<unsigned int>(solved.landscape.wells.size());
  solution.flux_discrepancy = result.flux_discrepancy;
  solution.negative_part = result.negative_part;
  solution.detailed_balance = solved.gauge.detailed_balance();
  solution.gauge_scale = solved.gauge.get_scale();
  solution.smallest_u = std::numeric_limits<double>::max();
  for (const auto node : discretization.locally_owned()) {
    const double u = result.u(node);
    solution.smallest_u = std::min(solution.smallest_u, u);
  }
  solution.smallest_u = dealii::Utilities::MPI::min(solution.smallest_u, communicator);
  return solution;
}

template <int dim>
AdaptiveSolution<dim> solve_to(const Problem<dim>& problem, const double tolerance,
                               const unsigned int degree, const MPI_Comm communicator) {
  fokker_planck::Settings settings;
  settings.tolerance = tolerance;
  settings.degree = degree;
  return std::move(fokker_planck::solve(problem, settings, communicator).adaptive);
}

#define INSTANTIATE(dim)                                                                           \
  template AdaptiveSolution<dim> solve_to(const Problem<dim>&, double, unsigned int, MPI_Comm);    \
  template Problem<dim> make_problem(const Case&);                                                 \
  template Problem<dim> make_problem(const Settings&);                                             \
  template Solution solve_problem<dim>(const Problem<dim>&, const std::vector<unsigned int>&,      \
                                       unsigned int, MPI_Comm, double, const SolverOptions&);      \
  template Solution solve<dim>(const Case&, const std::vector<unsigned int>&, unsigned int,        \
                               MPI_Comm);
INSTANTIATE(1)
INSTANTIATE(2)
INSTANTIATE(3)

std::vector<std::map<std::string, std::string>> read_table(const std::string& file) {
  std::ifstream stream(FOKKER_PLANCK_SOURCE_DIR "/tests/data/" + file);
  if (!stream) throw std::runtime_error("cannot read tests/data/" + file);
  const auto fields = [](const std::string& line) {
    std::vector<std::string> result(1);
    bool quoted = false;
    for (const char c : line)
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        result.emplace_back();
      else if (c != '\r')
        result.back() += c;
    return result;
  };
  std::string line;
  std::getline(stream, line);
  const auto names = fields(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(stream, line)) {
    const auto values = fields(line);
    std::map<std::string, std::string> row;
    for (std::size_t i = 0; i < values.size(); ++i)
      row[names.at(i)] = values[i];
    rows.push_back(row);
  }
  return rows;
}

double relative_error(const double log_computed, const double log_expected) {
  return std::fabs(std::expm1(log_computed - log_expected));
}

void log_comparison(const std::string& what, const double log_computed, const double log_expected) {
  BOOST_TEST_MESSAGE(what << ": log rate " << std::setprecision(15) << log_computed << ", expected "
                          << log_expected << ", relative error of the rate " << std::setprecision(3)
                          << relative_error(log_computed, log_expected));
}

} // namespace fokker_planck::testing
