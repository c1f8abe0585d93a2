// How far a sweep has come.
#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>

namespace fokker_planck {

/// One line that is rewritten on a terminal; elsewhere about ten lines in all, at least a second
/// apart.
class Progress {
public:
  Progress(std::ostream& stream, bool is_terminal, std::size_t n_points, std::size_t n_kept);

  /// Another point is done (or has failed).
  void count(bool failed);

  /// Shows that time passes.
  void tick();

  /// Ends the line.
  void finish();

  /// "12 of 50 points, 1 failed, about 3 s left".
  std::string text(double seconds) const;

private:
  double elapsed() const;
  void show();

  std::ostream& stream;
  const bool is_terminal;
  const std::size_t n_points, n_kept;
  std::size_t n_done = 0, n_failed = 0;
  double last_shown = 0;
  std::size_t last_tenth = 0;
  std::chrono::steady_clock::time_point begin;
};

/// "3 s", "2 min 5 s", "1 h 2 min".
std::string format_duration(double seconds);

} // namespace fokker_planck
