// Solving small problems in tests.
#pragma once

#include "postprocess/formulas/formulas.h"
#include "solver/analyses/adaptive.h"

#include <mpi.h>

#include <map>
#include <string>
#include <vector>

namespace fokker_planck::testing {

/// A problem as text, in the words of the parameter file.
struct Case {
  std::string expression, diffusion, lower, upper, absorbing;
};

/// Any problem: "Section/Key=value" items, separated by '|'.
struct Settings {
  std::string text;
};

/// The settings of a case.
Settings to_settings(const Case& problem);

/// Settings with the path of banknote_authentication.csv.
std::string with_data(std::string settings);

struct Solution {
  double log_rate;
  std::vector<double> exit_probability; ///< per side
  std::vector<Formula> formulas;
  unsigned int n_dofs, n_wells;
  double smallest_u;    ///< over all nodes, after negative values are set to zero
  double negative_part; ///< what was set to zero, relative to u
  double flux_discrepancy;
  bool detailed_balance;
  double gauge_scale; ///< that was used

  const Formula& formula(const std::string& name) const;
};

/// Solves with uniform cells (one number per direction, or the same in all); in another scale of
/// the gauge if an iteration fails in this one, as the program does.
template <int dim>
Solution solve_problem(const Problem<dim>& problem, const std::vector<unsigned int>& cells,
                       unsigned int degree, MPI_Comm communicator = MPI_COMM_SELF,
                       double gauge_scale = 1, const SolverOptions& options = {});
/// Refines adaptively, from the default first mesh.
template <int dim>
AdaptiveSolution<dim> solve_to(const Problem<dim>& problem, double tolerance,
                               unsigned int degree = 4, MPI_Comm communicator = MPI_COMM_SELF);
template <int dim>
Solution solve(const Case& problem, const std::vector<unsigned int>& cells, unsigned int degree,
               MPI_Comm communicator = MPI_COMM_SELF);

/// The problem alone. Throws InputError as the program does.
template <int dim>
Problem<dim> make_problem(const Case& problem);
template <int dim>
Problem<dim> make_problem(const Settings& settings);

/// Rows of a table in tests/data, by column name. Quoted fields may hold commas.
std::vector<std::map<std::string, std::string>> read_table(const std::string& file);

/// |computed rate / expected rate - 1| from logarithms, also where rates underflow.
double relative_error(double log_computed, double log_expected);

/// Writes "what: computed, expected, relative error" to the test log.
void log_comparison(const std::string& what, double log_computed, double log_expected);

} // namespace fokker_planck::testing
