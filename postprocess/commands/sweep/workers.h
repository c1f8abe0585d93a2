// Processes that work on the points of a sweep.
//
// A process is forked once and handles many points: starting MPI and the libraries takes longer
// than solving a one-dimensional problem. It costs only its point if it dies; another one takes its
// place. Forking, rather than starting the executable anew, hands the points over as they stand in
// memory, and is safe because the parent has started neither MPI nor threads.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace fokker_planck {

struct Work {
  unsigned int n_workers;
  std::string log_file; ///< takes what workers print

  /// Called once in each worker, before its first task; what it sets up lives as long as the
  /// worker.
  std::function<void(const std::function<void()>& serve)> set_up;

  /// Called in a worker.
  std::function<void(std::size_t task)> perform;

  /// Called in this process after a task; reason says how the worker died, empty if it did not.
  std::function<void(std::size_t task, const std::string& reason)> finished;

  /// Called in this process about once a second.
  std::function<void()> tick;
};

/// Hands out the tasks in order until all are finished. Throws std::runtime_error if no worker can
/// be started. Workers are killed when this process ends, in whatever way.
void perform_tasks(const std::vector<std::size_t>& tasks, const Work& work);

} // namespace fokker_planck
