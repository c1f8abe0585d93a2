// Finite elements against direct simulation, which shares nothing with them but the models: all
// noise models, dimensions, interpretations and kinds of domains; and a wrong interpretation.
#include "postprocess/commands/comparison/comparison.h"
#include "postprocess/commands/monte_carlo/monte_carlo.h"
#include "problems/base/parameter_file.h"
#include "problems/base/text.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <iostream>

using namespace fokker_planck;

namespace {

struct SimulatedCase {
  std::string name;
  int dim;
  std::string settings;
};

const std::string double_well = "Loss/Expression=x^4/4 - x^2/2";
const std::string hessian = "|Noise/Type=hessian aligned|Noise/Batch size=1|Noise/Learning rate=";
const std::string power = "|Noise/Type=loss proportional|Noise/Batch size=1|Noise/Learning rate=";

const std::vector<SimulatedCase> cases = {
  { "constant, 1-D", 1,
    double_well + "|Noise/Diffusion=0.1|Domain/Lower=-3|Domain/Upper=0|Domain/Absorbing=x+" },
  { "two temperatures, anti-Ito, 1-D", 1,
    double_well + hessian +
      "0.25|Noise/Hessian=two temperature|Noise/Transition width=0.05|"
      "Noise/Interpretation=anti-ito|Domain/Lower=-2|Domain/Upper=0.3|"
      "Domain/Absorbing=x+" },
  { "loss-proportional, Stratonovich, radial, n = 2.5", 1,
    "Loss/Expression=0.1 + r^2/2" + power +
      "0.6|Noise/Interpretation=stratonovich|Domain/Type=radial|Domain/Radius=1|"
      "Domain/Effective dimension=2.5" },
  { "absolute Hessian, Ito, 2-D", 2,
    "Loss/Expression=x^4/4 - x^2/2 + y^2/2 + 0.3*x^2*y + 0.1*y^4" + hessian +
      "0.4|Noise/Hessian=absolute|Noise/Floor=0.5|Domain/Lower=-2, -1.6|Domain/Upper=0.3, 1.2|"
      "Domain/Absorbing=x+" },
  { "loss-proportional, Ito, 2-D", 2,
    "Loss/Expression=0.05 + x^2/2 + 3*y^2/2" + power +
      "0.3|Domain/Lower=-1, -1|Domain/Upper=1, 1|Domain/Absorbing=all" },
  { "coupled constant noise, 2-D", 2,
    "Loss/Expression=x^4/4 - x^2/2 + y^2/2 + 0.3*x*y|Noise/Diffusion=0.12, 0.03; 0.03, 0.08|"
    "Domain/Lower=-2.2, -2|Domain/Upper=0, 2|Domain/Absorbing=x+" },
  { "rotation, 2-D, disk", 2,
    "Loss/Expression=(x^2 + y^2)/2|Force/Expression=-2*y; 2*x|Noise/Diffusion=0.15|"
    "Domain/Type=ball|Domain/Radius=1|Domain/Absorbing=all" },
  { "Maier-Stein, 2-D", 2,
    "Loss/Expression=x^4/4 - x^2/2 + y^2/2 + x^2*y^2/2|Force/Expression=-9*x*y^2; 0|"
    "Noise/Diffusion=0.1|Domain/Lower=-2, -1.2|Domain/Upper=0, 1.2|Domain/Absorbing=x+" },
  { "noise of coordinates, anti-Ito, 2-D, wall", 2,
    "Loss/Expression=(x^2 + y^2)/2|Noise/Type=expression|"
    "Noise/Expressions=0.15*(1 + x^2); 0.06*x*y; 0.15*(1 + y^2)|Noise/Interpretation=anti-ito|"
    "Domain/Lower=-1, -0.5|Domain/Upper=1, 1.2|Domain/Absorbing=x+ y+" },
  { "constant, 3-D, ball", 3,
    "Loss/Expression=(x^2 + y^2 + "
    "z^2)/2|Noise/Diffusion=0.12|Domain/Type=ball|Domain/Radius=1|Domain/Absorbing=all|"
    "Discretization/Tolerance=1e-4" },
  { "frozen Hessian, 3-D", 3,
    "Loss/Expression=(x^2 + 2*y^2 + 3*z^2)/2 + 0.1*x^3" + hessian +
      "0.2|Noise/Hessian=frozen|Domain/Lower=-1, -1, -1|Domain/Upper=1, 1, 1|Domain/Absorbing=x+ "
      "z-|"
      "Discretization/Tolerance=1e-4" },
};

void set(Parameters& parameters, const std::string& settings) {
  for (const std::string& setting : split(settings, '|'))
    set_parameter(parameters.handler, setting);
}

/// Solves one problem and simulates another one, which may be the same.
template <int dim>
std::vector<ComparedQuantity> compare_problems(const std::string& solved_settings,
                                               const std::string& simulated_settings) {
  Parameters parameters, simulated;
  set(parameters, "Dimension=" + std::to_string(dim) + "|" + solved_settings);
  set(simulated, "Dimension=" + std::to_string(dim) + "|" + simulated_settings);
  const auto solved =
    solve(parameters.problem.make_problem<dim>(), parameters.get_settings(), MPI_COMM_WORLD);
  const auto& adaptive = solved.adaptive;
  BOOST_TEST(adaptive.converged);
  const Interrupt interrupt;
  std::ostream silent(nullptr);
  const auto problem = simulated.problem.make_problem<dim>();
  const auto run =
    run_monte_carlo(simulated.monte_carlo, problem, { silent, false, interrupt, MPI_COMM_WORLD });
  auto quantities = compare_results(
    { adaptive.solution.log_rate, adaptive.relative_error, adaptive.solution.exit_probability },
    run.result);
  const auto shares = exit_shares(solved.problem, *adaptive.discretization, adaptive.solution);
  for (const auto& quantity : compare_exits(problem.domain, shares, run.exits))
    quantities.push_back(quantity);
  return quantities;
}

std::vector<ComparedQuantity> compare_problems(const int dim, const std::string& solved,
                                               const std::string& simulated) {
  return dim == 1   ? compare_problems<1>(solved, simulated)
         : dim == 2 ? compare_problems<2>(solved, simulated)
                    : compare_problems<3>(solved, simulated);
}

void log(const std::string& name, const std::vector<ComparedQuantity>& quantities) {
  const auto& rate = quantities[0];
  BOOST_TEST_MESSAGE(name << ": computed " << rate.computed << ", simulated " << rate.simulated
                          << " +- " << 100 * rate.standard_error / rate.simulated << " %, "
                          << rate.deviation << " s.e.");
  for (const auto& quantity : quantities)
    if (&quantity != &rate)
      BOOST_TEST_MESSAGE("    " << quantity.name << ": " << quantity.deviation << " s.e.");
}

void check_all(const std::string& simulation) {
  for (const auto& [name, dim, settings] : cases) {
    const auto quantities = compare_problems(dim, settings, settings + simulation);
    log(name, quantities);
    for (const auto& quantity : quantities)
      BOOST_TEST(quantity.agrees(),
                 name << ": " << quantity.name << ", " << quantity.deviation << " standard errors");
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulation)

BOOST_AUTO_TEST_CASE(agreement) {
  check_all("|Monte Carlo/Trajectories=1000");
}

// One per kind of noise that depends on the place: the other interpretations are found out.
BOOST_AUTO_TEST_CASE(wrong_interpretations) {
  for (const std::size_t k : { 2, 4, 8 }) {
    const auto& [name, dim, settings] = cases[k];
    for (const std::string interpretation : { "ito", "stratonovich", "anti-ito" }) {
      const bool right =
        settings.find("Interpretation=" + interpretation) != std::string::npos ||
        (interpretation == "ito" && settings.find("Interpretation") == std::string::npos);
      if (right) continue;
      const auto quantities =
        compare_problems(dim, settings,
                         settings + "|Noise/Interpretation=" + interpretation +
                           "|Monte Carlo/Trajectories=2000|Monte Carlo/Half step=false");
      log(name + ", simulated as " + interpretation, quantities);
      BOOST_TEST(!quantities[0].agrees(), name << " simulated as " << interpretation);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(simulation_of_many)

// To a statistical error of 0.7 per cent.
BOOST_AUTO_TEST_CASE(agreement) {
  check_all("|Monte Carlo/Trajectories=20000");
}

BOOST_AUTO_TEST_SUITE_END()
