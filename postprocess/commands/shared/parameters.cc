#include "postprocess/commands/shared/parameters.h"

#include "postprocess/commands/shared/request.h"
#include "problems/base/parameter_file.h"

#include <iostream>

namespace fokker_planck {

Parameters::Parameters() {
  problem.declare(handler);
  discretization.declare(handler);
  solver.declare(handler);
  output.declare(handler);
  sweep.declare(handler);
  monte_carlo.declare(handler);
}

void Parameters::read(const Request& request, const Surroundings& surroundings) {
  read_parameter_file(handler, request.file);
  for (const std::string& setting : request.settings)
    set_parameter(handler, setting);
  if (request.output) set_parameter(handler, "Output/Directory=" + *request.output);
  if (request.verbose && surroundings.is_first_rank)
    solver.log = [](const std::string& line) { std::cerr << line << std::endl; };
}

void Parameters::read_problem(const Request& request, const Surroundings& surroundings) {
  read(request, surroundings);
  problem.locate_files(handler, request.file);
}

Settings Parameters::get_settings() const {
  const SolverOptions options = solver.get_options();
  Settings settings =
    discretization.get_settings(static_cast<unsigned int>(problem.get_dimension()));
  settings.solver = options;
  return settings;
}

} // namespace fokker_planck
