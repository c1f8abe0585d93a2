#include "postprocess/plots/pictures.h"

#include "problems/base/installation.h"

#include <ostream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fokker_planck {

namespace {

void run_script(const std::string& name, const std::string& directory, std::ostream& warnings) {
  const std::filesystem::path script = program_file("postprocess/plots/" + name);
  // Debian's interpreter first: it is the one that has Debian's matplotlib.
  for (const std::string interpreter : { "/usr/bin/python3", "python3" }) {
    std::string program = interpreter, file = script.string(), argument = directory;
    char* const arguments[] = { program.data(), file.data(), argument.data(), nullptr };
    pid_t child;
    int status = 0;
    if (posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) == 0 &&
        waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0)
      return;
  }
  warnings
    << "fokker-planck: warning: no pictures were drawn (python3 with matplotlib is needed)\n";
}

} // namespace

void draw_pictures(const std::string& directory, std::ostream& warnings) {
  run_script("plot.py", directory, warnings);
}

void draw_sweep(const std::string& directory, std::ostream& warnings) {
  run_script("plot_sweep.py", directory, warnings);
}

void draw_comparison(const std::string& directory, std::ostream& warnings) {
  run_script("plot_compare.py", directory, warnings);
}

} // namespace fokker_planck
