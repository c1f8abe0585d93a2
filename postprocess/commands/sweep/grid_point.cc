#include "postprocess/commands/sweep/grid_point.h"

#include "postprocess/commands/shared/parameters.h"
#include "problems/base/format.h"
#include "problems/base/input_error.h"
#include "problems/base/parameter_file.h"

#include <cstdint>
#include <fstream>
#include <iterator>

namespace fokker_planck {

namespace {

/// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv): small, and the same everywhere.
std::uint64_t hash(const std::string& text, std::uint64_t value = 0xcbf29ce484222325U) {
  for (const char c : text) {
    value ^= static_cast<unsigned char>(c);
    value *= 0x100000001b3U;
  }
  return value;
}

std::string content(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return { std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>() };
}

} // namespace

std::vector<GridPoint> make_points(Parameters& parameters, const std::string& file,
                                   const std::string& option,
                                   const std::vector<Variation>& variations) {
  for (const Variation& variation : variations)
    for (const std::string section : { "Sweep", "Output" })
      if (variation.path.rfind(section + "/", 0) == 0)
        throw InputError(option, variation.path, "the section " + section + " cannot be varied");
  // A program that was changed may give other results, and other formulas.
  const std::uint64_t program = hash(content("/proc/self/exe"));
  std::vector<GridPoint> points;
  for (const auto& values : full_grid(option, variations)) {
    GridPoint point;
    point.values = values;
    for (std::size_t i = 0; i < values.size(); ++i)
      set_parameter(parameters.handler, variations[i].path + "=" + values[i], option + " ");
    parameters.problem.locate_files(parameters.handler, file);
    point.parameters = resolved_parameters(parameters.handler);
    point.parameters.erase("Sweep");
    point.parameters.erase("Output");
    std::uint64_t key = hash(point.parameters.dump(), program);
    for (const std::string file :
         { point.parameters["Domain"]["Mesh"], point.parameters["Loss"]["Data"] })
      if (!file.empty()) key = hash(content(file), key);
    point.key = format("%016llx", static_cast<unsigned long long>(key));
    points.push_back(std::move(point));
  }
  return points;
}

} // namespace fokker_planck
