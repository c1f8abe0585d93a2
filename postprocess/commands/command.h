// The commands of the program, as a table.
#pragma once

#include "postprocess/commands/shared/request.h"

#include <functional>
#include <string>
#include <vector>

namespace fokker_planck {

enum class Option { file, set, output, verbose, formulas, vary, fit, jobs };

struct Command {
  std::string name, help;
  std::vector<Option> options;

  /// Whether MPI is started by the command, in processes of its own, unless these are launched.
  bool forks;

  /// Returns a complaint, empty if the result is what it was to be. Throws InputError,
  /// NotConverged. Collective.
  std::function<std::string(const Request&, const Surroundings&)> perform;
};

/// All commands, in the order in which they are shown.
const std::vector<Command>& commands();

} // namespace fokker_planck
