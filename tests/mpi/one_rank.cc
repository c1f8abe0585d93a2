// Work that the first rank does alone: what it ends with reaches all ranks, and those that wait
// leave their cores to others.
#include "problems/base/one_rank.h"
#include "problems/base/input_error.h"

#include <deal.II/base/mpi.h>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <sys/resource.h>
#include <thread>

using namespace fokker_planck;

namespace {

bool is_first() {
  return dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
}

double cpu_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <typename Error>
void check_error(const Error& error) {
  const std::string expected = error.what();
  BOOST_CHECK_EXCEPTION(on_first_rank(MPI_COMM_WORLD, [&]() -> std::string { throw error; }), Error,
                        [&](const Error& found) { return found.what() == expected; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(one_rank)

BOOST_AUTO_TEST_CASE(messages) {
  for (const std::string& message : { std::string(), std::string(100000, 'x') }) {
    bool worked = false;
    const auto found = on_first_rank(MPI_COMM_WORLD, [&] {
      worked = true;
      return message;
    });
    BOOST_TEST((found == message));
    BOOST_TEST(worked == is_first());
  }
}

BOOST_AUTO_TEST_CASE(errors) {
  check_error(InputError("Loss/Expression", "x^", "something is missing"));
  check_error(NotConverged("no result"));
  check_error(std::runtime_error("a defect"));
  BOOST_TEST(all_arrive(MPI_COMM_WORLD)); // nobody waits for another
}

BOOST_AUTO_TEST_CASE(dimensions) {
  const auto n_ranks = [](const MPI_Comm communicator) {
    return std::to_string(dealii::Utilities::MPI::n_mpi_processes(communicator));
  };
  BOOST_TEST(on_suitable_ranks<1>(MPI_COMM_WORLD, n_ranks) == "1");
  BOOST_TEST(on_suitable_ranks<2>(MPI_COMM_WORLD, n_ranks) == n_ranks(MPI_COMM_WORLD));
}

BOOST_AUTO_TEST_CASE(waiting_takes_no_time) {
  constexpr double wall_seconds = 1.5;
  MPI_Barrier(MPI_COMM_WORLD);
  const double before = cpu_seconds();
  on_first_rank(MPI_COMM_WORLD, [&] {
    std::this_thread::sleep_for(std::chrono::duration<double>(wall_seconds));
    return std::string();
  });
  const double used = cpu_seconds() - before;
  BOOST_TEST_MESSAGE("waiting for " << wall_seconds << " s took " << used << " s of a core");
  BOOST_TEST(used < 0.2 * wall_seconds); // where ranks ask again and again: all, or their share
}

BOOST_AUTO_TEST_SUITE_END()
