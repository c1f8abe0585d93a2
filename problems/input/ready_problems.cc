#include "problems/input/ready_problems.h"

#include "problems/base/input_error.h"
#include "problems/base/installation.h"
#include "problems/base/text.h"

#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <string>

namespace fokker_planck {

namespace fs = std::filesystem;

namespace {

/// The first line of the head comment.
std::string headline(const fs::path& file) {
  std::ifstream lines(file);
  std::string line;
  std::getline(lines, line);
  const auto begin = line.find_first_not_of('#');
  return begin == std::string::npos ? "" : trim(line.substr(begin));
}

void list_files(const fs::path& folder, std::ostream& stream) {
  if (!fs::is_directory(folder)) return;
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".prm") files.insert(entry.path());
  for (const auto& file : files) {
    const std::string name = fs::relative(file).string();
    stream << (name.rfind("..", 0) == 0 ? file.string() : name) << "\n    " << headline(file)
           << "\n";
  }
}

} // namespace

void list_ready_problems(std::ostream& stream) {
  // The source tree if it is still there, otherwise the installed copy.
  const fs::path folder = program_file("problems");
  if (!fs::is_directory(folder))
    throw InputError("the folder of the ready problems is missing: " + folder.string());
  list_files(folder, stream);
  list_files(folder / "sweeps", stream);
}

} // namespace fokker_planck
