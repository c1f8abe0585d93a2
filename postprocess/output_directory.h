// Files that appear complete or not at all.
#pragma once

#include <string>
#include <vector>

namespace dealii {
class ParameterHandler;
}

namespace fokker_planck {

/// Section Output.
struct OutputParameters {
  std::string directory = "output";
  bool fields = true;
  bool pictures = true;

  /// Declares the section and binds its values to this object, which must outlive the handler.
  void declare(dealii::ParameterHandler& handler);
};

/// A directory whose files are first written to a staging directory inside it and then renamed, so
/// that an interrupted run leaves no half-written file. Collective calls are marked.
class OutputDirectory {
public:
  /// Does not touch the file system. Throws InputError if path cannot be created or written to.
  explicit OutputDirectory(const std::string& path);

  /// Removes what was staged but not published.
  ~OutputDirectory();
  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;

  /// Creates both directories (rank 0; collective). Throws InputError if that fails.
  void open();

  /// The path under which a file is to be written.
  std::string staged(const std::string& file) const;

  /// Writes text to a staged file. Throws std::runtime_error if that fails (a full disk).
  void write(const std::string& file, const std::string& text) const;

  /// Moves all staged files into place, the last named one last (rank 0; collective).
  void publish(const std::string& last);

  const std::string& get_path() const { return path; }

private:
  std::string path, staging;
  bool is_open = false;
};

} // namespace fokker_planck
