#include "postprocess/results/output_directory.h"

#include "problems/base/collective.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace fokker_planck {

namespace fs = std::filesystem;
namespace MPI = dealii::Utilities::MPI;

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

namespace {

const std::string key = "Output/Directory";

/// The directory itself or its nearest ancestor that exists.
fs::path nearest_existing(const std::string& path) {
  std::error_code ignored;
  fs::path existing = fs::absolute(path);
  while (!fs::exists(existing, ignored) && existing.has_relative_path())
    existing = existing.parent_path();
  return existing;
}

} // namespace

void check_output_directory(const std::string& path) {
  if (path.empty()) throw InputError(key, path, "the name of a directory is needed");
  std::error_code ignored;
  const fs::path existing = nearest_existing(path);
  if (!fs::is_directory(existing, ignored))
    throw InputError(key, path, "'" + existing.string() + "' is not a directory");
  if (access(existing.c_str(), W_OK | X_OK) != 0)
    throw InputError(key, path, "'" + existing.string() + "' is not writable");
}

OutputDirectory::OutputDirectory(const std::string& path_, const MPI_Comm communicator_)
  : communicator(communicator_), path(path_) {
  collectively(communicator, [&] {
    if (!is_first_rank(communicator)) return;
    check_output_directory(path);
    staging = (fs::absolute(path) / ".incomplete").string();
  });
  staging = MPI::broadcast(communicator, staging, 0);
}

void OutputDirectory::check_shared() const {
  const unsigned int rank = MPI::this_mpi_process(communicator);
  if (MPI::n_mpi_processes(communicator) == 1) return;
  std::string file;
  if (rank == 0) {
    file = (nearest_existing(path) / ".fokker-planck.XXXXXX").string();
    close(mkstemp(file.data()));
  }
  file = MPI::broadcast(communicator, file, 0);
  std::error_code ignored;
  const bool sees = fs::exists(file, ignored);
  const unsigned int n_blind = MPI::sum(sees ? 0U : 1U, communicator);
  if (rank == 0) fs::remove(file, ignored);
  if (n_blind > 0)
    throw InputError(key, path,
                     std::to_string(n_blind) + " of " +
                       std::to_string(MPI::n_mpi_processes(communicator)) +
                       " ranks do not see it: all write fields (Output/Fields), so a directory on "
                       "a file system that they share is needed");
}

OutputDirectory::~OutputDirectory() {
  std::error_code ignored;
  if (is_open && is_first_rank(communicator)) {
    fs::remove_all(staging, ignored);
    fs::remove(path, ignored); // only if it is empty
  }
}

void OutputDirectory::open() {
  std::string error;
  if (is_first_rank(communicator)) {
    std::error_code code;
    fs::remove_all(staging, code);
    fs::create_directories(staging, code);
    if (code) error = code.message();
  }
  error = MPI::broadcast(communicator, error, 0);
  if (!error.empty()) throw InputError(key, path, "it cannot be created: " + error);
  is_open = true;
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
  MPI_Barrier(communicator);
  if (is_first_rank(communicator)) {
    for (const auto& entry : fs::directory_iterator(staging))
      if (entry.path().filename() != last)
        fs::rename(entry.path(), fs::path(path) / entry.path().filename());
    fs::rename(staged(last), fs::path(path) / last);
    fs::remove_all(staging);
  }
  is_open = false;
  MPI_Barrier(communicator);
}

} // namespace fokker_planck
