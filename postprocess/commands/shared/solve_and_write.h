// What run and compare have in common: a problem is solved, and all that its solution shows is
// written.
#pragma once

#include "postprocess/commands/shared/parameters.h"
#include "postprocess/commands/shared/request.h"
#include "postprocess/formulas/formulas.h"
#include "solver/analyses/solve.h"

#include <functional>
#include <string>
#include <vector>

namespace fokker_planck {

template <int dim>
struct SolvedProblem {
  Solution<dim> solution;
  std::vector<Formula> formulas;
  double seconds; ///< wall time until all was written
};

/// Solves the problem of a parameter file on the ranks of a communicator and writes result.json
/// with all that belongs to it into the output directory. Calls visit() on these ranks before
/// anything is to be seen there. Returns a complaint if the result is not as accurate as it was to
/// be, otherwise nothing. Collective. Throws InputError, NotConverged.
template <int dim>
std::string solve_and_write(const Parameters& parameters, const Request& request,
                            const Surroundings& surroundings, MPI_Comm communicator,
                            const std::function<void(const SolvedProblem<dim>&)>& visit);

/// What is wrong with a solution that is less accurate than it was to be; empty if it is not.
template <int dim>
std::string accuracy_complaint(const Solution<dim>& solution, const Settings& settings);

} // namespace fokker_planck
