#include "postprocess/commands/sweep/workers.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace fokker_planck {

namespace {

constexpr std::size_t ready = static_cast<std::size_t>(-1); ///< the first answer of a worker

bool send(const int file, const std::size_t number) {
  return write(file, &number, sizeof number) == sizeof number;
}

/// Less than a pipe's atomic size, so never in pieces.
bool receive(const int file, std::size_t& number) {
  ssize_t n_read = 0;
  do
    n_read = read(file, &number, sizeof number);
  while (n_read < 0 && errno == EINTR);
  return n_read == sizeof number;
}

struct Worker {
  pid_t process = -1;
  int orders = -1, answers = -1;
  bool is_ready = false;
  std::optional<std::size_t> task;
};

/// A process whose end is awaited says how it ended.
std::string describe_end(const int status) {
  if (WIFSIGNALED(status))
    return "the process was killed by signal " + std::to_string(WTERMSIG(status)) + " (" +
           strsignal(WTERMSIG(status)) + ")";
  return "the process ended with status " + std::to_string(WEXITSTATUS(status));
}

class Pool {
public:
  Pool(const std::vector<std::size_t>& tasks_, const Work& work_)
    : tasks(tasks_), work(work_), workers(std::min<std::size_t>(work.n_workers, tasks.size())) {
    old_handler = std::signal(SIGPIPE, SIG_IGN); // a worker may die while it is given an order
  }

  ~Pool() {
    for (Worker& worker : workers)
      stop(worker);
    std::signal(SIGPIPE, old_handler);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void run() {
    for (Worker& worker : workers)
      start(worker);
    while (n_finished < tasks.size())
      wait();
  }

private:
  void start(Worker& worker) {
    int orders[2], answers[2];
    if (pipe2(orders, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0)
      throw std::runtime_error("a worker cannot be started: " + std::string(std::strerror(errno)));
    const pid_t parent = getpid();
    worker = {};
    worker.process = fork();
    if (worker.process < 0)
      throw std::runtime_error("a worker cannot be started: " + std::string(std::strerror(errno)));
    if (worker.process == 0) {
      close(orders[1]);
      close(answers[0]);
      for (const Worker& other : workers)
        if (other.orders >= 0) {
          close(other.orders);
          close(other.answers);
        }
      serve(parent, orders[0], answers[1]);
    }
    close(orders[0]);
    close(answers[1]);
    worker.orders = orders[1];
    worker.answers = answers[0];
  }

  /// The life of a worker.
  [[noreturn]] void serve(const pid_t parent, const int orders, const int answers) const {
    std::signal(SIGPIPE, old_handler);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent) _exit(0);
    const int log = open(work.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (log >= 0) {
      dup2(log, STDOUT_FILENO);
      dup2(log, STDERR_FILENO);
    }
    int status = 0;
    try {
      work.set_up([&] {
        send(answers, ready);
        for (std::size_t task = 0; receive(orders, task); send(answers, task))
          work.perform(task);
      });
    } catch (const std::exception& error) {
      status = 3;
      const std::string message = std::string(error.what()) + "\n";
      (void)!write(STDERR_FILENO, message.data(), message.size());
    }
    _exit(status);
  }

  void stop(Worker& worker) {
    if (worker.process < 0) return;
    close(worker.orders); // it ends when there are no more orders
    close(worker.answers);
    if (n_finished < tasks.size()) kill(worker.process, SIGKILL);
    waitpid(worker.process, nullptr, 0);
    worker = {};
  }

  void wait() {
    std::vector<pollfd> files;
    for (const Worker& worker : workers)
      files.push_back({ worker.answers, POLLIN, 0 });
    const int n_ready = poll(files.data(), files.size(), 1000);
    for (std::size_t w = 0; n_ready > 0 && w < workers.size(); ++w)
      if (files[w].revents != 0) handle(workers[w]);
    work.tick();
  }

  void handle(Worker& worker) {
    std::size_t answer = 0;
    if (!receive(worker.answers, answer)) return replace(worker);
    worker.is_ready = true;
    if (worker.task) finish(worker, "");
    assign(worker);
  }

  void finish(Worker& worker, const std::string& reason) {
    const std::size_t task = *worker.task;
    worker.task.reset();
    ++n_finished;
    work.finished(task, reason);
  }

  void assign(Worker& worker) {
    if (next == tasks.size()) return;
    worker.task = tasks[next++];
    send(worker.orders, *worker.task); // if it has died, its answer will say so
  }

  void replace(Worker& worker) {
    int status = 0;
    waitpid(worker.process, &status, 0);
    close(worker.orders);
    close(worker.answers);
    const Worker dead = worker;
    worker = {};
    if (!dead.is_ready)
      throw std::runtime_error("a worker could not start: " + describe_end(status) + "; see " +
                               work.log_file);
    if (dead.task) {
      worker.task = dead.task;
      finish(worker, describe_end(status));
    }
    if (next < tasks.size()) start(worker);
  }

  const std::vector<std::size_t>& tasks;
  const Work& work;
  std::vector<Worker> workers;
  std::size_t next = 0, n_finished = 0;
  void (*old_handler)(int) = SIG_DFL;
};

} // namespace

void perform_tasks(const std::vector<std::size_t>& tasks, const Work& work) {
  if (!tasks.empty()) Pool(tasks, work).run();
}

} // namespace fokker_planck
