#include "postprocess/commands/sweep/progress.h"

#include <cmath>
#include <ostream>

namespace fokker_planck {

Progress::Progress(std::ostream& stream_, const bool is_terminal_, const std::size_t n_points_,
                   const std::size_t n_kept_)
  : stream(stream_), is_terminal(is_terminal_), n_points(n_points_), n_kept(n_kept_),
    begin(std::chrono::steady_clock::now()) {
  stream << "  " << n_points << " points"
         << (n_kept > 0 ? ", " + std::to_string(n_kept) + " known from before" : std::string())
         << std::endl;
}

double Progress::elapsed() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Progress::count(const bool failed) {
  ++n_done;
  n_failed += failed ? 1 : 0;
  const std::size_t tenth = 10 * n_done / (n_points - n_kept);
  if (is_terminal || n_kept + n_done == n_points ||
      (tenth > last_tenth && elapsed() > last_shown + 1))
    show();
}

void Progress::tick() {
  if (is_terminal && elapsed() > last_shown + 1) show();
}

void Progress::show() {
  last_shown = elapsed();
  last_tenth = 10 * n_done / (n_points - n_kept);
  if (is_terminal)
    stream << "\r  " << text(last_shown) << "\x1b[K" << std::flush;
  else
    stream << "  " << text(last_shown) << std::endl;
}

void Progress::finish() {
  if (is_terminal && n_done > 0) stream << std::endl;
}

std::string Progress::text(const double seconds) const {
  std::string line =
    std::to_string(n_kept + n_done) + " of " + std::to_string(n_points) + " points";
  if (n_failed > 0) line += ", " + std::to_string(n_failed) + " failed";
  const std::size_t left = n_points - n_kept - n_done;
  if (left == 0) return line + " in " + format_duration(seconds);
  if (n_done == 0) return line;
  return line + ", about " +
         format_duration(seconds / static_cast<double>(n_done) * static_cast<double>(left)) +
         " left";
}

std::string format_duration(const double seconds) {
  const long s = std::lround(std::ceil(seconds));
  if (s < 60) return std::to_string(s) + " s";
  if (s < 3600) return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
  return std::to_string(s / 3600) + " h " + std::to_string(s % 3600 / 60) + " min";
}

} // namespace fokker_planck
