#include "postprocess/commands/monte_carlo/simulation_display.h"

#include "postprocess/commands/sweep/progress.h"
#include "problems/base/format.h"

#include <ostream>

namespace fokker_planck {

using Clock = std::chrono::steady_clock;

SimulationDisplay::SimulationDisplay(std::ostream& stream_, const bool is_terminal_,
                                     const std::string& title_)
  : stream(stream_), is_terminal(is_terminal_), title(title_), begin(Clock::now()), shown(begin) {}

SimulationDisplay::~SimulationDisplay() {
  if (is_terminal) stream << "\r\x1b[K" << std::flush;
}

void SimulationDisplay::update(const SimulationProgress& progress) {
  const auto now = Clock::now();
  if (!is_terminal || now - shown < std::chrono::milliseconds(500)) return;
  shown = now;
  stream << "\r  " << text(title, progress, std::chrono::duration<double>(now - begin).count())
         << "\x1b[K" << std::flush;
}

std::string SimulationDisplay::text(const std::string& title, const SimulationProgress& progress,
                                    const double seconds) {
  std::string line = title;
  if (progress.n_repeats > 0)
    line +=
      ", repeat " + std::to_string(progress.repeat) + " of " + std::to_string(progress.n_repeats);
  if (progress.top > 0)
    line += ", level " + format("%.3g", progress.level) + " of " + format("%.3g", progress.top);
  if (progress.n_all > 0)
    line += ": " + std::to_string(progress.n_done) + " of " + std::to_string(progress.n_all) +
            (progress.n_repeats > 0 ? " exits" : " trajectories");
  if (progress.n_steps > 0 && seconds > 0) {
    const auto n_steps = static_cast<double>(progress.n_steps);
    line += ", " + format("%.3g", n_steps) + " steps, " + format("%.3g", n_steps / seconds) +
            " per second";
  }
  if (progress.n_done > 0 && progress.n_repeats == 0) {
    const double per_trajectory = seconds / static_cast<double>(progress.n_done);
    line +=
      ", about " +
      format_duration(per_trajectory * static_cast<double>(progress.n_all - progress.n_done)) +
      " left";
  }
  return line + " (Ctrl-C: write what there is)";
}

} // namespace fokker_planck
