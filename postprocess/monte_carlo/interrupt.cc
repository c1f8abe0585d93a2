#include "postprocess/monte_carlo/interrupt.h"

#include <csignal>

namespace fokker_planck {

namespace {

volatile std::sig_atomic_t noted = 0;

void note(const int signal) {
  noted = 1;
  std::signal(signal, SIG_DFL);
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
