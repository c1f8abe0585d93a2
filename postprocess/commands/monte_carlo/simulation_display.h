// How far a simulation has come.
#pragma once

#include "solver/monte_carlo/first_exit.h"

#include <chrono>
#include <iosfwd>
#include <string>

namespace fokker_planck {

/// One line that is rewritten on a terminal; elsewhere nothing.
class SimulationDisplay {
public:
  SimulationDisplay(std::ostream& stream, bool is_terminal, const std::string& title);

  /// Erases the line.
  ~SimulationDisplay();
  SimulationDisplay(const SimulationDisplay&) = delete;
  SimulationDisplay& operator=(const SimulationDisplay&) = delete;

  void update(const SimulationProgress& progress);

  /// "time step 0.02: 300 of 1000 trajectories, 2e+08 steps, 9e+07 per second, about 3 s left";
  /// "time step 0.02, repeat 3 of 20, level 5.1 of 25, 2e+08 steps, 9e+07 per second".
  static std::string text(const std::string& title, const SimulationProgress& progress,
                          double seconds);

private:
  std::ostream& stream;
  const bool is_terminal;
  const std::string title;
  std::chrono::steady_clock::time_point begin, shown;
};

} // namespace fokker_planck
