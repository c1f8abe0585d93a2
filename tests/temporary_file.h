// Files that exist as long as a test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace fokker_planck::testing {

class TemporaryFile {
public:
  explicit TemporaryFile(const std::string& content) {
    std::string pattern = std::filesystem::temp_directory_path() / "fokker-planck-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    folder = pattern;
    std::ofstream(path(), std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove_all(folder); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::string path() const { return folder / "data.csv"; }

private:
  std::filesystem::path folder;
};

} // namespace fokker_planck::testing
