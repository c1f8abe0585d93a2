// How well the Fokker-Planck equation describes stochastic gradient descent, and which noise model
// does best; prints a table, asserts nothing.
//
//     cmake --build build --target benchmark-sgd && build/tests/benchmark-sgd [exits]
//
// Each row iterates SGD on the minibatches of a ready problem until it has left the domain as often
// as given (default 4000) and compares the rate per unit of time, exits/(iterations eta), with the
// escape rate of the Fokker-Planck equation under three models of its noise. Rows of the same eta/B
// have the same Fokker-Planck rate (up to 1 - B/m), so that they show what a finite eta does alone.
// fixed: the domain of the file; scaled: a domain whose size shrinks with sqrt(eta/B), in which the
// barrier in units of the noise stays the same while the steps become small.
#include "postprocess/solved_problem.h"
#include "problems/landscape/valley.h"
#include "problems/parameter_file.h"
#include "problems/text.h"
#include "solver/monte_carlo/minibatch_sgd.h"

#include <deal.II/base/mpi.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace fokker_planck;

namespace {

const std::string folder = FOKKER_PLANCK_SOURCE_DIR "/problems/";

/// One problem, and how its noise is varied.
struct Family {
  std::string file;
  double eta_per_sample;       ///< eta/B of the file
  double injected;             ///< delta of the file; varied in proportion to eta/B
  bool scaled;                 ///< the domain
  std::vector<double> factors; ///< of eta/B
};

const std::vector<Family> families = {
  { "banknote_logistic_2d", 0.1, 0, false, { 2, 1, 0.5 } },
  { "banknote_logistic_2d", 0.1, 0, true, { 1, 0.25, 0.0625 } },
  { "banknote_tanh", 0.4, 0.02, false, { 1, 0.5, 0.25 } },
};
const std::vector<unsigned int> batch_sizes = { 1, 8 };

std::vector<std::string> settings(const Family& family, const double factor,
                                  const unsigned int batch_size) {
  std::vector<std::string> list = {
    "Noise/Learning rate=" + format_number(family.eta_per_sample * factor * batch_size),
    "Noise/Batch size=" + std::to_string(batch_size),
    "Noise/Injected diffusion=" + format_number(family.injected * factor)
  };
  return list;
}

void read(Parameters& parameters, const Family& family, const double factor,
          const unsigned int batch_size, const std::string& noise) {
  const std::string file = folder + family.file + ".prm";
  read_parameter_file(parameters.handler, file);
  for (const std::string& setting : settings(family, factor, batch_size))
    set_parameter(parameters.handler, setting);
  set_parameter(parameters.handler, "Noise/Type=" + noise);
  set_parameter(parameters.handler, "Discretization/Tolerance=1e-4");
  parameters.problem.locate_files(parameters.handler, file);
  if (!family.scaled || factor == 1) return;
  const Domain<2> box = parameters.problem.make_problem<2>().domain;
  const auto corner = [&](const dealii::Point<2>& point) {
    const auto scaled = box.center() + std::sqrt(factor) * (point - box.center());
    return format_number(scaled[0]) + ", " + format_number(scaled[1]);
  };
  set_parameter(parameters.handler, "Domain/Lower=" + corner(box.lower));
  set_parameter(parameters.handler, "Domain/Upper=" + corner(box.upper));
}

/// The rate of the Fokker-Planck equation; NaN if the problem cannot be solved.
double fokker_planck_rate(const Family& family, const double factor, const unsigned int batch_size,
                          const std::string& noise) {
  Parameters parameters;
  try {
    read(parameters, family, factor, batch_size, noise);
    return std::exp(SolvedProblem<2>(parameters).adaptive.solution.log_rate);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s, %s: %s\n", family.file.c_str(), noise.c_str(), error.what());
    return NAN;
  }
}

struct Estimate {
  double rate, standard_error; ///< per unit of time
};

/// Trajectories begin at the minimum; exits within the first time units, in which the density
/// settles, are not counted.
Estimate sgd_rate(const Problem<2>& problem, const dealii::Point<2>& minimum,
                  const unsigned int n_exits) {
  constexpr double settling_time = 40; // 1/h <= 12 for the softest direction of the problems
  const MinibatchSgd<2> sgd(problem, SgdSettings::of(problem));
  const double eta = sgd.get_settings().learning_rate;
  const auto settling = static_cast<std::uint64_t>(settling_time / eta);
  double iterations = 0;
  unsigned int exits = 0;
  for (std::uint64_t trajectory = 0; exits < n_exits; ++trajectory) {
    const auto exit = sgd.run(minimum, trajectory, UINT64_MAX);
    if (exit.iterations <= settling) continue;
    iterations += static_cast<double>(exit.iterations - settling);
    ++exits;
  }
  const double rate = exits / (iterations * eta);
  return { rate, rate / std::sqrt(exits) };
}

void print_row(const Family& family, const double factor, const unsigned int batch_size,
               const unsigned int n_exits) {
  Parameters parameters;
  read(parameters, family, factor, batch_size, "empirical");
  const auto problem = parameters.problem.make_problem<2>();
  const dealii::Point<2> minimum =
    find_valley(problem, 0.5 * family.eta_per_sample * factor).minimum;
  const auto sgd = sgd_rate(problem, minimum, n_exits);
  std::printf("%-21s %-7s %-7.4g %-3u %.4e +- %3.1f %%", family.file.c_str(),
              family.scaled ? "scaled" : "fixed", family.eta_per_sample * factor * batch_size,
              batch_size, sgd.rate, 100 * sgd.standard_error / sgd.rate);
  for (const std::string noise : { "empirical", "loss proportional", "hessian aligned" }) {
    const double rate = fokker_planck_rate(family, factor, batch_size, noise);
    std::printf("   %.4e %8.3f", rate, sgd.rate / rate);
  }
  std::printf("\n");
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const unsigned int n_exits = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 4000;
  std::printf("%-21s %-7s %-7s %-3s %-20s   %-19s   %-19s   %-19s\n", "problem", "domain", "eta",
              "B", "SGD", "empirical, ratio", "loss prop., ratio", "Hessian, ratio");
  for (const Family& family : families)
    for (const double factor : family.factors)
      for (const unsigned int batch_size : batch_sizes)
        print_row(family, factor, batch_size, n_exits);
}
