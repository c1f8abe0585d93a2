#include "problems/base/installation.h"

namespace fokker_planck {

namespace {

namespace fs = std::filesystem;

/// Where the files are; what cannot be looked at does not exist.
fs::path find_data() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    // Wherever an installation was moved or unpacked to, its files lie beside the program.
    const fs::path beside =
      (program.parent_path() / FOKKER_PLANCK_DATA_DIR_FROM_PROGRAM).lexically_normal();
    if (fs::exists(beside / "problems", error)) return beside;
  }
  const fs::path checkout = FOKKER_PLANCK_SOURCE_DIR;
  return fs::exists(checkout / "problems", error) ? checkout : fs::path(FOKKER_PLANCK_DATA_DIR);
}

} // namespace

const char* program_version() {
  return FOKKER_PLANCK_VERSION;
}

fs::path program_file(const fs::path& name) {
  return find_data() / name;
}

} // namespace fokker_planck
