#include "postprocess/plots/pictures.h"

#include "problems/base/installation.h"

#include <ostream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fokker_planck {

namespace {

void run_script(std::string directory, std::string kind, std::ostream& warnings) {
  std::string script = program_file("postprocess/plots/plot.py").string();
  // Debian's interpreter first: it is the one that has Debian's matplotlib.
  for (std::string interpreter : { "/usr/bin/python3", "python3" }) {
    char* const arguments[] = { interpreter.data(), script.data(), directory.data(), kind.data(),
                                nullptr };
    pid_t child;
    int status = 0;
    if (posix_spawnp(&child, interpreter.c_str(), nullptr, nullptr, arguments, environ) == 0 &&
        waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0)
      return;
  }
  warnings
    << "fokker-planck: warning: no pictures were drawn (python3 with matplotlib is needed)\n";
}

} // namespace

void draw_pictures(const std::string& directory, std::ostream& warnings) {
  run_script(directory, "result", warnings);
}

void draw_sweep(const std::string& directory, std::ostream& warnings) {
  run_script(directory, "sweep", warnings);
}

void draw_comparison(const std::string& directory, std::ostream& warnings) {
  run_script(directory, "comparison", warnings);
}

} // namespace fokker_planck
