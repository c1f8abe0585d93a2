// All sections of a parameter file.
#pragma once

#include "postprocess/commands/shared/sweep_parameters.h"
#include "postprocess/results/output_directory.h"
#include "problems/input/parameters.h"
#include "solver/analyses/parameters.h"
#include "solver/monte_carlo/parameters.h"
#include "solver/operator/parameters.h"

#include <deal.II/base/parameter_handler.h>

#include <type_traits>

namespace fokker_planck {

struct Request;
struct Surroundings;

/// The handler sets the values of the sections, which are bound to it: neither copied nor moved.
struct Parameters {
  ProblemParameters problem;
  DiscretizationParameters discretization;
  SolverParameters solver;
  OutputParameters output;
  SweepParameters sweep;
  MonteCarloParameters monte_carlo;
  dealii::ParameterHandler handler;

  Parameters();
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;

  /// Reads the file and the options --set, --output and --verbose of a request. Throws InputError.
  void read(const Request& request, const Surroundings& surroundings);

  /// The same, and finds the files that the problem names.
  void read_problem(const Request& request, const Surroundings& surroundings);

  /// How the problem is to be solved. Throws InputError naming the parameter that is out of its
  /// range.
  Settings get_settings() const;
};

/// Calls work(std::integral_constant<int, dim>()) for a dimension.
template <typename Work>
auto in_dimension(const int dim, const Work& work) {
  switch (dim) {
    case 1:
      return work(std::integral_constant<int, 1>());
    case 2:
      return work(std::integral_constant<int, 2>());
    default:
      return work(std::integral_constant<int, 3>());
  }
}

/// Calls work(parameters, std::integral_constant<int, dim>()) with the parameters of a request and
/// the dimension of their problem.
template <typename Work>
auto with_problem(const Request& request, const Surroundings& surroundings, const Work& work) {
  Parameters parameters;
  parameters.read_problem(request, surroundings);
  return in_dimension(parameters.problem.get_dimension(),
                      [&](const auto dim) { return work(parameters, dim); });
}

} // namespace fokker_planck
