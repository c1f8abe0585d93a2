// How well the Fokker-Planck equation describes stochastic gradient descent, and which noise model
// does best; prints a table, asserts nothing.
//
//     cmake --build build --target benchmark-sgd && build/tests/benchmark-sgd [family] [exits]
//
// Each row iterates SGD on the minibatches of a ready problem until as many trajectories as given
// have left the domain (default 10000, fewer where that takes more than 6e8 iterations) and divides
// the rate per unit of time, exits/(iterations eta), by the escape rates of the Fokker-Planck
// equation under several models of the noise. Rows of the same eta/B have the same Fokker-Planck
// rate up to 1 - B/m. Families: 0 and 2 keep the domain, so that the barrier in units of the noise
// grows as eta falls; 1 lets its size shrink with sqrt(eta/B), which keeps the barrier in units of
// the noise while steps become small. README.md shows and discusses the table.
#include "postprocess/commands/shared/parameters.h"
#include "problems/base/parameter_file.h"
#include "problems/base/text.h"
#include "solver/monte_carlo/estimate.h"
#include "solver/monte_carlo/sgd_exits.h"
#include "solver/monte_carlo/start.h"

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
  std::string file, change;
  double eta_per_sample;       ///< eta/B for the factor 1
  double injected;             ///< delta for the factor 1; varied in proportion to eta/B
  double size;                 ///< of the domain for the factor 1, relative to that of the file
  bool scaled;                 ///< the domain
  std::vector<double> factors; ///< of eta/B
  std::vector<unsigned int> batch_sizes;
};

const std::vector<Family> families = {
  { "banknote_logistic_2d", "", 0.1, 0, 1, false, { 4, 2, 1 }, { 1, 8 } },
  { "banknote_logistic_2d", "", 0.1, 0, 0.7, true, { 1, 0.25, 0.0625, 0.015625 }, { 1, 8 } },
  { "banknote_tanh",
    "Loss/L2 regularization=0.2",
    0.4,
    0.012,
    1,
    false,
    { 1, 0.7, 0.5 },
    { 1, 4 } },
};

/// Types of noise with settings, and headings.
const std::vector<std::pair<std::vector<std::string>, const char*>> models = {
  { { "Noise/Type=empirical" }, "empirical" },
  { { "Noise/Type=hessian aligned", "Noise/Hessian=frozen" }, "Hessian, frozen" },
  { { "Noise/Type=hessian aligned", "Noise/Hessian=absolute", "Noise/Floor=0.01" },
    "Hessian, absolute" },
  { { "Noise/Type=loss proportional" }, "loss proportional" }
};

std::vector<std::string> settings(const Family& family, const double factor,
                                  const unsigned int batch_size) {
  std::vector<std::string> list = {
    "Noise/Learning rate=" + format_number(family.eta_per_sample * factor * batch_size),
    "Noise/Batch size=" + std::to_string(batch_size),
    "Noise/Injected diffusion=" + format_number(family.injected * factor),
    "Discretization/Tolerance=1e-3"
  };
  if (!family.change.empty()) list.push_back(family.change);
  return list;
}

void read(Parameters& parameters, const Family& family, const double factor,
          const unsigned int batch_size, const std::vector<std::string>& noise) {
  const std::string file = folder + family.file + ".prm";
  read_parameter_file(parameters.handler, file);
  for (const auto& list : { settings(family, factor, batch_size), noise })
    for (const std::string& setting : list)
      set_parameter(parameters.handler, setting);
  parameters.problem.locate_files(parameters.handler, file);
  const double size = family.size * (family.scaled ? std::sqrt(factor) : 1.);
  if (size == 1) return;
  const auto problem = parameters.problem.make_problem<2>();
  const auto minimum = find_scales(problem).start;
  const auto corner = [&](const dealii::Point<2>& point) {
    const auto scaled = minimum + size * (point - problem.domain.center());
    return format_number(scaled[0]) + ", " + format_number(scaled[1]);
  };
  set_parameter(parameters.handler, "Domain/Lower=" + corner(problem.domain.lower));
  set_parameter(parameters.handler, "Domain/Upper=" + corner(problem.domain.upper));
}

/// The rate of the Fokker-Planck equation; NaN if the problem cannot be solved.
double fokker_planck_rate(const Family& family, const double factor, const unsigned int batch_size,
                          const std::vector<std::string>& noise) {
  Parameters parameters;
  try {
    read(parameters, family, factor, batch_size, noise);
    const auto solution =
      solve(parameters.problem.make_problem<2>(), parameters.get_settings(), MPI_COMM_WORLD);
    return std::exp(solution.adaptive.solution.log_rate);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s, %s: %s\n", family.file.c_str(), noise.back().c_str(), error.what());
    return NAN;
  }
}

/// Of SGD, per unit of time, from the quasi-stationary density.
EscapeEstimate sgd_rate(const Problem<2>& problem, const unsigned int n_exits) {
  constexpr std::uint64_t most_iterations = 600000000, trajectories_at_once = 100;
  auto sgd_settings = SgdSettings::of(problem);
  const auto scales = find_scales(problem);
  FirstExitSettings exit_settings{};
  exit_settings.n_trajectories = trajectories_at_once;
  exit_settings.maximum_time = INFINITY;
  exit_settings.burn_in_time = 5 * scales.relaxation_time;
  std::vector<FirstExit<2>> exits;
  std::uint64_t iterations = 0;
  for (sgd_settings.seed = 1; exits.size() < n_exits && iterations < most_iterations;
       ++sgd_settings.seed) {
    const auto more =
      simulate_sgd_exits<2>(MinibatchSgd<2>(problem, sgd_settings), scales.start, exit_settings,
                            MPI_COMM_SELF, [](const SimulationProgress&) { return true; });
    exits.insert(exits.end(), more.exits.begin(), more.exits.end());
    iterations += more.n_steps;
  }
  return estimate_escape(exits, problem.domain.n_sides());
}

void print_row(const Family& family, const double factor, const unsigned int batch_size,
               const unsigned int n_exits) {
  Parameters parameters;
  read(parameters, family, factor, batch_size, models[0].first);
  const auto sgd = sgd_rate(parameters.problem.make_problem<2>(), n_exits);
  std::printf("%-8s %-9.4g %-3u %.4e +- %3.1f %%", family.scaled ? "scaled" : "fixed",
              family.eta_per_sample * factor * batch_size, batch_size, sgd.rate,
              100 * sgd.relative_error);
  for (const auto& model : models) {
    const double rate = fokker_planck_rate(family, factor, batch_size, model.first);
    std::printf("   %.4e %8.3f", rate, sgd.rate / rate);
  }
  std::printf("\n");
  std::fflush(stdout);
}

void print_table(const Family& family, const unsigned int n_exits) {
  std::printf("%s %s\n%-8s %-9s %-3s %-20s", family.file.c_str(), family.change.c_str(), "domain",
              "eta", "B", "SGD");
  for (const auto& model : models)
    std::printf("   %-19s", model.second);
  std::printf("\n");
  for (const double factor : family.factors)
    for (const unsigned int batch_size : family.batch_sizes)
      print_row(family, factor, batch_size, n_exits);
}

} // namespace

int main(int argc, char** argv) {
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const unsigned int n_exits = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10000;
  for (std::size_t f = 0; f < families.size(); ++f)
    if (argc < 2 || std::strtoul(argv[1], nullptr, 10) == f) print_table(families[f], n_exits);
}
