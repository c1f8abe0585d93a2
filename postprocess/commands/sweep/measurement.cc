#include "postprocess/commands/sweep/measurement.h"

#include "postprocess/commands/solved_problem.h"
#include "postprocess/commands/sweep/exit_quantities.h"
#include "postprocess/results/result.h"
#include "problems/base/input_error.h"
#include "problems/base/one_rank.h"
#include "problems/base/parameter_file.h"
#include "problems/base/text.h"

#include <nlohmann/json.hpp>

#include <new>

namespace fokker_planck {

namespace {

using Json = nlohmann::ordered_json;

template <int dim>
Json solve(const Parameters& parameters) {
  Json record = { { "status", "done" } };
  record["reason"] = on_suitable_ranks<dim>([&](const MPI_Comm communicator) {
    const SolvedProblem<dim> solved(parameters, communicator);
    try {
      record["quantities"] = exit_quantities(solved.problem);
    } catch (const InputError&) { // the rate is known nevertheless
      record["quantities"] = Json::object();
    }
    record["result"] =
      make_result(solved.problem, solved.gauge, solved.landscape, solved.adaptive, solved.formulas);
    for (const char* const key : { "time_seconds", "convergence" })
      record["result"].erase(key);
    return solved.complaint();
  });
  if (record["reason"] != "") record["status"] = "inaccurate";
  return record;
}

Json failure(const std::string& reason) {
  return { { "status", "failed" }, { "reason", reason } };
}

} // namespace

Json measure(const Json& resolved) {
  try {
    Parameters parameters;
    set_parameters(parameters.handler, resolved);
    switch (parameters.problem.get_dimension()) {
      case 1:
        return solve<1>(parameters);
      case 2:
        return solve<2>(parameters);
      default:
        return solve<3>(parameters);
    }
  } catch (const InputError& error) {
    return failure(one_line(error.what()));
  } catch (const NotConverged& error) {
    return failure("no result: " + one_line(error.what()));
  } catch (const std::bad_alloc&) {
    if (!all_arrive(MPI_COMM_WORLD)) throw;
    return failure("there was not enough memory");
  } catch (const std::exception& error) {
    if (!all_arrive(MPI_COMM_WORLD)) throw;
    return failure("this is a defect of the program, please report it: " + one_line(error.what()));
  }
}

} // namespace fokker_planck
