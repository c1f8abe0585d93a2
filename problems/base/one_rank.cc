#include "problems/base/one_rank.h"

#include "problems/base/collective.h"

#include <chrono>
#include <exception>
#include <thread>
#include <vector>

namespace fokker_planck {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto nap = std::chrono::milliseconds(5);

/// Ranks that meet the same error do so within this time, unless they are much slower than others.
constexpr auto patience = std::chrono::seconds(15);

constexpr int tag = 7301; ///< of messages between functions that no rank leaves without them

/// How the work of the first rank ended; the first character of the message to the others.
enum Outcome : char { done, wrong_input, not_converged, failed };

/// Sends a message to all other ranks.
void tell(const std::string& text, const MPI_Comm communicator) {
  std::vector<MPI_Request> requests(dealii::Utilities::MPI::n_mpi_processes(communicator) - 1);
  for (std::size_t k = 0; k < requests.size(); ++k)
    MPI_Isend(text.data(), static_cast<int>(text.size()), MPI_CHAR, static_cast<int>(k + 1), tag,
              communicator, &requests[k]);
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
}

/// Receives a message of the first rank.
std::string hear(const MPI_Comm communicator) {
  MPI_Status status;
  while (true) {
    int has_come = 0;
    MPI_Iprobe(0, tag, communicator, &has_come, &status);
    if (has_come != 0) break;
    std::this_thread::sleep_for(nap);
  }
  int size = 0;
  MPI_Get_count(&status, MPI_CHAR, &size);
  std::string text(size, '\0');
  MPI_Recv(text.data(), size, MPI_CHAR, 0, tag, communicator, MPI_STATUS_IGNORE);
  return text;
}

/// Returns the message of the first rank, or throws its error.
std::string wait_for_first_rank(const MPI_Comm communicator) {
  const std::string text = hear(communicator);
  const std::string message = text.substr(1);
  switch (text.front()) {
    case done:
      return message;
    case wrong_input:
      throw InputError(message);
    case not_converged:
      throw NotConverged(message);
    default:
      throw std::runtime_error(message);
  }
}

} // namespace

std::string on_first_rank(const MPI_Comm communicator, const std::function<std::string()>& work) {
  if (dealii::Utilities::MPI::n_mpi_processes(communicator) == 1) return work();
  if (!is_first_rank(communicator)) return wait_for_first_rank(communicator);
  Outcome outcome = done;
  std::string message;
  std::exception_ptr error;
  const auto note = [&](const Outcome how, const std::string& what) {
    outcome = how;
    message = what;
    error = std::current_exception();
  };
  try {
    message = work();
  } catch (const InputError& e) {
    note(wrong_input, e.what());
  } catch (const NotConverged& e) {
    note(not_converged, e.what());
  } catch (const std::exception& e) {
    note(failed, e.what());
  }
  tell(std::string(1, outcome) + message, communicator);
  if (error) std::rethrow_exception(error);
  return message;
}

bool all_arrive(const MPI_Comm communicator) {
  MPI_Request request;
  MPI_Ibarrier(communicator, &request);
  for (const auto end = Clock::now() + patience; Clock::now() < end;) {
    int arrived = 0;
    MPI_Test(&request, &arrived, MPI_STATUS_IGNORE);
    if (arrived != 0) return true;
    std::this_thread::sleep_for(nap);
  }
  return false;
}

} // namespace fokker_planck
