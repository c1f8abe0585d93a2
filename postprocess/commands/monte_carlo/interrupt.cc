#include "postprocess/commands/monte_carlo/interrupt.h"

#include <csignal>
#include <ctime>

namespace fokker_planck {

namespace {

// Launchers may pass on a signal that a process has got from the terminal already.
constexpr double echo_seconds = 1;

volatile std::sig_atomic_t noted = 0;
volatile double noted_at = 0;

double seconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void note(const int signal) {
  if (noted == 0) {
    noted_at = seconds();
    noted = 1;
  } else if (seconds() - noted_at > echo_seconds) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

} // namespace

Interrupt::Interrupt() {
  noted = 0;
  old_interrupt = std::signal(SIGINT, note);
  old_terminate = std::signal(SIGTERM, note);
}

Interrupt::~Interrupt() {
  std::signal(SIGINT, old_interrupt);
  std::signal(SIGTERM, old_terminate);
}

bool Interrupt::requested() const {
  return noted != 0;
}

} // namespace fokker_planck
