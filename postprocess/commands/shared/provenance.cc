#include "postprocess/commands/shared/provenance.h"

#include "problems/base/installation.h"
#include "problems/base/parameter_file.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <sstream>

namespace fokker_planck {

using Json = nlohmann::ordered_json;

Json provenance_json(const Parameters& parameters, const std::string& file,
                     const MPI_Comm communicator) {
  Json json;
  json["schema"] = 1;
  json["program"] = { { "name", "fokker-planck" },
                      { "version", program_version() },
                      { "mpi_ranks", dealii::Utilities::MPI::n_mpi_processes(communicator) } };
  json["problem"] = resolved_parameters(parameters.handler);
  json["problem"]["file"] = file;
  return json;
}

std::string short_parameters(const Parameters& parameters) {
  using Handler = dealii::ParameterHandler;
  std::ostringstream stream;
  parameters.handler.print_parameters(stream, Handler::ShortPRM | Handler::KeepDeclarationOrder);
  return stream.str();
}

} // namespace fokker_planck
