// How linear systems are to be solved, and who is told about it.
#pragma once

#include <functional>
#include <string>

namespace fokker_planck {

struct SolverOptions {
  enum class Method {
    automatic, ///< iterative where that is faster, see generator.cc
    direct,    ///< factorisation by MUMPS
    iterative  ///< Krylov method with multigrid
  };
  Method method = Method::automatic;

  /// By which factor an iterative solve reduces the error in the energy norm (w = 0) or the
  /// preconditioned residual.
  double relative_tolerance = 1e-11;

  /// Receives lines that say what is being done, on every rank; may be empty.
  std::function<void(const std::string&)> log;

  void say(const std::string& line) const {
    if (log) log(line);
  }
};

} // namespace fokker_planck
