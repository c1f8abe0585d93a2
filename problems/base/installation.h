// What the build knows of the program: its version, and where its files are.
#pragma once

#include <filesystem>

namespace fokker_planck {

/// As "0.1.0".
const char* program_version();

/// A file or folder of the program, named relative to the top of the checkout, as "problems": that
/// of the installation in which the running program lies, otherwise that of the checkout it was
/// built from if that still exists, otherwise that of the place where it was to be installed.
std::filesystem::path program_file(const std::filesystem::path& name);

} // namespace fokker_planck
