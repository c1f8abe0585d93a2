#include "postprocess/commands/sweep/sweep.h"

#include "postprocess/commands/shared/parameters.h"
#include "postprocess/commands/sweep/measurement.h"
#include "postprocess/commands/sweep/point_store.h"
#include "postprocess/commands/sweep/progress.h"
#include "postprocess/commands/sweep/sweep_report.h"
#include "postprocess/commands/sweep/table.h"
#include "postprocess/commands/sweep/workers.h"
#include "postprocess/plots/pictures.h"
#include "problems/base/input_error.h"
#include "problems/base/one_rank.h"
#include "problems/base/text.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace fokker_planck {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

/// The texts of the command line or, without any, those of the file, with the name of the place.
std::pair<std::string, std::vector<std::string>> choose(const std::string& option,
                                                        const std::vector<std::string>& given,
                                                        const std::string& key,
                                                        const std::string& in_file) {
  if (!given.empty()) return { option, given };
  return { key, split(in_file, ';') };
}

struct Setup {
  std::vector<Variation> variations;
  std::vector<GridPoint> points;
  std::vector<Law> laws;
};

/// Reads everything that can be wrong before anything is solved.
Setup prepare(const Request& request, Parameters& parameters) {
  Setup setup;
  const auto [option, variations] =
    choose("--vary", request.vary, "Sweep/Vary", parameters.sweep.vary);
  if (variations.empty())
    throw InputError("nothing is varied: --vary \"Section/Key = from:to:count\" or Sweep/Vary is "
                     "needed");
  for (const std::string& text : variations)
    setup.variations.push_back(parse_variation(option, text));
  setup.points = make_points(parameters, request.file, option, setup.variations);
  const auto [key, laws] = choose("--fit", request.fit, "Sweep/Fit", parameters.sweep.fit);
  const Columns columns(setup.points);
  for (const std::string& text : laws) {
    setup.laws.push_back(parse_law(key, text));
    fit(setup.laws.back(), columns, std::vector<bool>(setup.points.size(), false)); // unknown names
  }
  return setup;
}

/// A record for a worker that did not return one. It is not final: the next time, or with more
/// memory, it may.
Json died(const std::string& reason) {
  return { { "status", "died" }, { "reason", reason } };
}

std::vector<std::size_t> find_missing(const std::vector<GridPoint>& points,
                                      const PointStore& store) {
  std::vector<std::size_t> missing;
  for (std::size_t p = 0; p < points.size(); ++p) {
    const auto record = store.load(points[p]);
    if (!record || (*record)["status"] == "died") missing.push_back(p);
  }
  return missing;
}

void solve_in_workers(const std::vector<std::size_t>& missing, const unsigned int n_jobs,
                      const Setup& setup, const PointStore& store, Progress& progress,
                      const MPI_Comm communicator) {
  Work work;
  work.n_workers = n_jobs;
  work.log_file = (fs::path(store.get_directory()) / "workers.log").string();
  work.set_up = [](const std::function<void()>& serve) {
    int argc = 0;
    char** argv = nullptr;
    const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
    serve();
  };
  work.perform = [&](const std::size_t p) {
    store.save(setup.points[p], measure(setup.points[p].parameters, communicator));
  };
  work.finished = [&](const std::size_t p, const std::string& reason) {
    if (!reason.empty()) store.save(setup.points[p], died(reason));
    const auto record = store.load(setup.points[p]);
    progress.count(!record || (*record)["status"] != "done");
  };
  work.tick = [&] { progress.tick(); };
  perform_tasks(missing, work);
  std::error_code ignored;
  if (fs::exists(work.log_file, ignored) && fs::file_size(work.log_file, ignored) == 0)
    fs::remove(work.log_file, ignored);
}

void solve_together(const std::vector<std::size_t>& missing, const Setup& setup,
                    const PointStore& store, Progress& progress, const Surroundings& surroundings) {
  for (const std::size_t p : missing) {
    const Json record = measure(setup.points[p].parameters, surroundings.communicator);
    if (surroundings.is_first_rank) store.save(setup.points[p], record);
    progress.count(record["status"] != "done");
  }
}

/// The tables follow from the kept records alone.
SweepResult collect(const Request& request, const SweepParameters& texts, const Setup& setup,
                    const PointStore& store) {
  SweepResult result{ request.file, texts.title, texts.law, setup.variations,
                      setup.points, {},          {},        Columns(setup.points),
                      setup.laws,   {} };
  std::vector<bool> done;
  for (std::size_t p = 0; p < setup.points.size(); ++p) {
    const Json record = store.load(setup.points[p]).value_or(died("its file has disappeared"));
    const std::string status = record["status"];
    done.push_back(status == "done");
    result.status.push_back(status == "died" ? "failed" : status);
    result.reason.push_back(record["reason"]);
    result.columns.set(p, record);
  }
  for (const Law& law : setup.laws)
    result.lines.push_back(fit(law, result.columns, done));
  return result;
}

/// Empty if all points are done.
std::string complaint(const SweepResult& result) {
  const auto n_done = std::count(result.status.begin(), result.status.end(), "done");
  if (n_done == static_cast<long>(result.status.size())) return "";
  const std::size_t first =
    std::find_if(result.status.begin(), result.status.end(),
                 [](const std::string& status) { return status != "done"; }) -
    result.status.begin();
  std::string where;
  for (std::size_t i = 0; i < result.variations.size(); ++i)
    where += (i ? ", " : "") + result.variations[i].path + " = " + result.points[first].values[i];
  return std::to_string(result.status.size() - n_done) + " of " +
         std::to_string(result.status.size()) + " points failed; the first, " + where + ": " +
         result.reason[first];
}

} // namespace

std::string sweep(const Request& request, const Surroundings& surroundings) {
  const bool together = surroundings.is_launched;
  const MPI_Comm communicator = surroundings.communicator;
  std::ostream& terminal = surroundings.terminal;
  if (together && request.n_jobs > 1)
    throw InputError("--jobs", std::to_string(request.n_jobs),
                     "1 is needed under mpirun, where all ranks work on each point together");
  Parameters parameters;
  parameters.read(request, surroundings);
  const Setup setup = prepare(request, parameters);
  const std::string directory = parameters.output.directory;
  check_output_directory(directory);
  const PointStore store((fs::path(directory) / "points").string());

  std::vector<std::size_t> missing = find_missing(setup.points, store);
  if (together) missing = dealii::Utilities::MPI::broadcast(communicator, missing, 0);
  terminal << "\n" << request.file << "\n\n";
  Progress progress(terminal, surroundings.is_terminal, setup.points.size(),
                    setup.points.size() - missing.size());
  if (together)
    solve_together(missing, setup, store, progress, surroundings);
  else
    solve_in_workers(missing, request.n_jobs, setup, store, progress, communicator);
  progress.finish();

  const auto finish = [&] {
    const SweepResult result = collect(request, parameters.sweep, setup, store);
    const fs::path folder(directory);
    write_atomically((folder / "sweep.csv").string(), sweep_table(result));
    write_atomically((folder / "sweep.json").string(), sweep_json(result).dump(1) + "\n");
    print_sweep(terminal, result);
    if (parameters.output.pictures) draw_sweep(directory, std::cerr);
    terminal << "  results in " << directory << "\n";
    return complaint(result);
  };
  return together ? on_first_rank(communicator, finish) : finish();
}

} // namespace fokker_planck
