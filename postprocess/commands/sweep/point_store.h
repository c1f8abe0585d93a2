// Results of the points of a sweep that are kept on disk, one small file each.
//
// A file appears complete or not at all, so that a sweep that is killed loses the points it is
// working on and no others.
#pragma once

#include "postprocess/commands/sweep/grid_point.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace fokker_planck {

class PointStore {
public:
  /// Creates the directory. Throws InputError if that fails.
  explicit PointStore(const std::string& directory);

  /// The record of a point, if one was kept that belongs to this very problem.
  std::optional<nlohmann::ordered_json> load(const GridPoint& point) const;

  /// Throws std::runtime_error if it cannot be written (a full disk).
  void save(const GridPoint& point, nlohmann::ordered_json record) const;

  const std::string& get_directory() const { return directory; }

private:
  std::string file(const GridPoint& point) const;

  std::string directory;
};

/// Writes a file under another name, which is then changed. Throws std::runtime_error.
void write_atomically(const std::string& file, const std::string& text);

} // namespace fokker_planck
