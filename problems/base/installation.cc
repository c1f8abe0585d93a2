#include "problems/base/installation.h"

namespace fokker_planck {

const char* program_version() {
  return FOKKER_PLANCK_VERSION;
}

std::filesystem::path program_file(const std::filesystem::path& name) {
  const std::filesystem::path in_checkout = FOKKER_PLANCK_SOURCE_DIR / name;
  std::error_code ignored; // what cannot be looked at does not exist
  if (std::filesystem::exists(in_checkout, ignored)) return in_checkout;
  return FOKKER_PLANCK_DATA_DIR / name;
}

} // namespace fokker_planck
