// Ctrl-C as a request, not as an end.
#pragma once

namespace fokker_planck {

/// While an object of this class lives, the first SIGINT or SIGTERM is only noted, and so are
/// others within a second; a later one ends the program as usual. At most one object at a time.
class Interrupt {
public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool requested() const;

private:
  using Handler = void (*)(int);
  Handler old_interrupt, old_terminate;
};

} // namespace fokker_planck
