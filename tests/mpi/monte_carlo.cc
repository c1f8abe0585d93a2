// What is simulated must not depend on the number of ranks, to the last bit: all ranks together
// against each rank alone.
#include "tests/rare_problems.h"

#include <boost/test/unit_test.hpp>

using namespace fokker_planck;
using namespace fokker_planck::testing;

namespace {

void compare(const EscapeEstimate& together, const EscapeEstimate& alone) {
  BOOST_TEST(together.n_exits == alone.n_exits);
  BOOST_TEST(together.rate > 0);
  BOOST_TEST(together.rate == alone.rate);
  BOOST_TEST(together.interval.lower == alone.interval.lower);
  BOOST_TEST(together.interval.upper == alone.interval.upper);
  for (std::size_t side = 0; side < alone.exits.size(); ++side)
    BOOST_TEST(together.exits[side].probability == alone.exits[side].probability);
}

Problem<2> box(const std::string& diffusion) {
  return make_problem<2>(
    Settings{ "Loss/Expression=x^2/2 + y^2/2|Domain/Lower=-1, -1|Domain/Upper=1, 1|Domain/"
              "Absorbing=x+ y+|Noise/Diffusion=" +
              diffusion });
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulations)

BOOST_AUTO_TEST_CASE(direct) {
  const auto problem = box("0.2");
  const auto scales = find_scales(problem);
  FirstExitSettings settings = repeat_settings(problem, scales, 0, 0);
  settings.n_trajectories = 500;
  const auto simulate = [&](const MPI_Comm communicator) {
    return simulate_first_exits<2>(problem, scales.start, settings, communicator, always);
  };
  const auto alone = simulate(MPI_COMM_SELF), together = simulate(MPI_COMM_WORLD);
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0) return; // has no exits
  compare(estimate_escape(together.exits, 4), estimate_escape(alone.exits, 4));
}

BOOST_AUTO_TEST_CASE(fleming_viot) {
  const auto problem = box("0.2");
  compare(rebirths(problem, 300, 50, 5, MPI_COMM_WORLD).estimate,
          rebirths(problem, 300, 50, 5).estimate);
}

BOOST_AUTO_TEST_CASE(splitting) {
  const auto problem = box("0.05");
  const auto alone = split(problem, 100, 5), together = split(problem, 100, 5, 1, MPI_COMM_WORLD);
  compare(together.estimate, alone.estimate);
  BOOST_TEST(together.n_finished == 5U);
  BOOST_TEST(together.n_steps == alone.n_steps);
}

BOOST_AUTO_TEST_SUITE_END()
