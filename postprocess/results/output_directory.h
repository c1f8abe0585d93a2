// Files that appear complete or not at all.
#pragma once

#include <mpi.h>

#include <string>

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

/// Throws InputError if a directory cannot be created or written to. Does not touch the file
/// system.
void check_output_directory(const std::string& path);

/// A directory whose files are first written to a staging directory inside it and then renamed, so
/// that an interrupted run leaves no half-written file. Collective calls are marked.
class OutputDirectory {
public:
  /// Of the ranks of a communicator (collective): where path leads on the first of them. The others
  /// do not look for it before it is there: on network file systems they might not see it then for
  /// some seconds. Checks it as check_output_directory().
  OutputDirectory(const std::string& path, MPI_Comm communicator);

  /// Throws InputError unless all ranks see the files of the first one. Collective.
  void check_shared() const;

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
  const MPI_Comm communicator;
  const std::string path;
  std::string staging; ///< absolute, the same on all ranks
  bool is_open = false;
};

} // namespace fokker_planck
