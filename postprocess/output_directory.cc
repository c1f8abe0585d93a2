#include "postprocess/output_directory.h"

#include "solver/collective.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace fokker_planck {

namespace fs = std::filesystem;

void OutputParameters::declare(dealii::ParameterHandler& handler) {
  handler.enter_subsection("Output");
  handler.add_parameter(
    "Directory", directory,
    "Where the results are written; it is created if it does not exist. The option "
    "--output takes precedence.");
  handler.add_parameter("Fields", fields, "Write density and current for ParaView (.vtu, .pvtu).");
  handler.add_parameter("Pictures", pictures,
                        "Draw pictures (.png); needs python3 with matplotlib.");
  handler.leave_subsection();
}

OutputDirectory::OutputDirectory(const std::string& path_)
  : path(path_), staging((fs::path(path_) / ".incomplete").string()) {
  const std::string key = "Output/Directory";
  if (path.empty()) throw InputError(key, path, "the name of a directory is needed");
  // The nearest existing ancestor must be a directory in which something can be created.
  std::error_code ignored;
  fs::path existing = fs::absolute(path);
  while (!fs::exists(existing, ignored) && existing.has_relative_path())
    existing = existing.parent_path();
  if (!fs::is_directory(existing, ignored))
    throw InputError(key, path, "'" + existing.string() + "' is not a directory");
  if (access(existing.c_str(), W_OK | X_OK) != 0)
    throw InputError(key, path, "'" + existing.string() + "' is not writable");
}

OutputDirectory::~OutputDirectory() {
  std::error_code ignored;
  if (is_open && is_first_rank(MPI_COMM_WORLD)) {
    fs::remove_all(staging, ignored);
    fs::remove(path, ignored); // only if it is empty
  }
}

void OutputDirectory::open() {
  std::string error;
  if (is_first_rank(MPI_COMM_WORLD)) {
    std::error_code code;
    fs::remove_all(staging, code);
    fs::create_directories(staging, code);
    if (code) error = code.message();
  }
  error = dealii::Utilities::MPI::broadcast(MPI_COMM_WORLD, error, 0);
  if (!error.empty()) throw InputError("Output/Directory", path, "it cannot be created: " + error);
}

std::string OutputDirectory::staged(const std::string& file) const {
  return (fs::path(staging) / file).string();
}

void OutputDirectory::write(const std::string& file, const std::string& text) const {
  std::ofstream stream(staged(file));
  stream << text;
  stream.close();
  if (!stream) throw std::runtime_error("cannot write " + staged(file));
}

void OutputDirectory::publish(const std::string& last) {
  MPI_Barrier(MPI_COMM_WORLD);
  if (is_first_rank(MPI_COMM_WORLD)) {
    for (const auto& entry : fs::directory_iterator(staging))
      if (entry.path().filename() != last)
        fs::rename(entry.path(), fs::path(path) / entry.path().filename());
    fs::rename(staged(last), fs::path(path) / last);
    fs::remove_all(staging);
  }
  is_open = false;
  MPI_Barrier(MPI_COMM_WORLD);
}

} // namespace fokker_planck
