#include "problems/ready_problems.h"

#include "problems/input_error.h"
#include "problems/text.h"

#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <string>

namespace fokker_planck {

namespace fs = std::filesystem;

void list_ready_problems(std::ostream& stream) {
  // The source tree if it is still there, otherwise the installed copy.
  fs::path folder = FOKKER_PLANCK_SOURCE_DIR "/problems";
  if (!fs::is_directory(folder)) folder = FOKKER_PLANCK_DATA_DIR "/problems";
  if (!fs::is_directory(folder))
    throw InputError("the folder of the ready problems is missing: " + folder.string());
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".prm") files.insert(entry.path());
  for (const auto& file : files) {
    std::ifstream lines(file);
    std::string line;
    std::getline(lines, line);
    const std::string name = fs::relative(file).string();
    stream << (name.rfind("..", 0) == 0 ? file.string() : name) << "\n    "
           << trim(line.substr(line.find_first_not_of('#') == std::string::npos
                                 ? line.size()
                                 : line.find_first_not_of('#')))
           << "\n";
  }
}

} // namespace fokker_planck
