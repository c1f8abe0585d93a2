#include "postprocess/commands/sweep/point_store.h"

#include "problems/base/input_error.h"

#include <deal.II/base/utilities.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace fokker_planck {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

PointStore::PointStore(const std::string& directory_) : directory(directory_) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error || access(directory.c_str(), W_OK | X_OK) != 0)
    throw InputError("Output/Directory", directory,
                     "it cannot be created or written to" +
                       (error ? ": " + error.message() : std::string()));
  // Left over by processes that were killed; another sweep may be writing newer ones.
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::minutes(1);
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.path().filename().string().rfind(".incomplete.", 0) == 0 &&
        fs::last_write_time(entry.path(), error) < long_ago)
      fs::remove(entry.path(), error);
}

std::string PointStore::file(const GridPoint& point) const {
  return (fs::path(directory) / (point.key + ".json")).string();
}

std::optional<Json> PointStore::load(const GridPoint& point) const {
  std::ifstream stream(file(point));
  if (!stream) return {};
  Json record = Json::parse(stream, nullptr, false);
  if (!record.is_object() || !record.contains("parameters") || !record.contains("status") ||
      record["parameters"] != point.parameters)
    return {};
  return record;
}

void PointStore::save(const GridPoint& point, Json record) const {
  record["parameters"] = point.parameters;
  write_atomically(file(point), record.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void write_atomically(const std::string& file, const std::string& text) {
  const fs::path path(file);
  const std::string process = dealii::Utilities::System::get_hostname() + std::to_string(getpid());
  const fs::path temporary =
    path.parent_path() / (".incomplete." + process + path.filename().string());
  std::ofstream stream(temporary);
  stream << text;
  stream.close();
  if (!stream) throw std::runtime_error("cannot write " + temporary.string());
  fs::rename(temporary, path);
}

} // namespace fokker_planck
