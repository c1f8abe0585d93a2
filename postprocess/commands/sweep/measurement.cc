#include "postprocess/commands/sweep/measurement.h"

#include "postprocess/commands/shared/solve_and_write.h"
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
Json solve_point(const Parameters& parameters, const MPI_Comm all) {
  Json record = { { "status", "done" } };
  record["reason"] = on_suitable_ranks<dim>(all, [&](const MPI_Comm communicator) {
    const auto problem = parameters.problem.make_problem<dim>();
    const Settings settings = parameters.get_settings();
    const auto solution = solve(problem, settings, communicator);
    const auto formulas = escape_formulas(problem, solution.gauge, solution.landscape);
    try {
      record["quantities"] = exit_quantities(problem);
    } catch (const InputError&) { // the rate is known nevertheless
      record["quantities"] = Json::object();
    }
    record["result"] = result_json(solution, formulas);
    for (const char* const key : { "time_seconds", "convergence" })
      record["result"].erase(key);
    return accuracy_complaint(solution, settings);
  });
  if (record["reason"] != "") record["status"] = "inaccurate";
  return record;
}

Json failure(const std::string& reason) {
  return { { "status", "failed" }, { "reason", reason } };
}

} // namespace

Json measure(const Json& resolved, const MPI_Comm communicator) {
  try {
    Parameters parameters;
    set_parameters(parameters.handler, resolved);
    return in_dimension(parameters.problem.get_dimension(),
                        [&](const auto dim) { return solve_point<dim>(parameters, communicator); });
  } catch (const InputError& error) {
    return failure(one_line(error.what()));
  } catch (const NotConverged& error) {
    return failure("no result: " + one_line(error.what()));
  } catch (const std::bad_alloc&) {
    if (!all_arrive(communicator)) throw;
    return failure("there was not enough memory");
  } catch (const std::exception& error) {
    if (!all_arrive(communicator)) throw;
    return failure("this is a defect of the program, please report it: " + one_line(error.what()));
  }
}

} // namespace fokker_planck
